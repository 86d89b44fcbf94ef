import { hash } from 'node:crypto'

/** A statement as PostgreSQL takes it; one with a name is prepared once per connection. */
export interface Statement {
  text: string
  name?: string
}

/** Beyond this many texts statements run unnamed, so that a connection never holds plans without bound. */
const namedStatements = 1000

/** Turns texts with `?` into statements with `$1`, each text once. */
export function createStatements(prepare: boolean): (sql: string) => Statement {
  const known = new Map<string, Statement>()
  return (sql) => {
    const found = known.get(sql)
    if (found) return found
    const text = numberPlaceholders(sql)
    if (known.size >= namedStatements) return { text }
    const statement = prepare ? { text, name: hash('sha256', text, 'base64url').slice(0, 16) } : { text }
    known.set(sql, statement)
    return statement
  }
}

/** What may hold a question mark that is none of ours, and the placeholder itself. */
const token = new RegExp(
  [
    String.raw`(?<![A-Za-z0-9_$])[eE]'(?:[^'\\]|\\[\s\S]|'')*'`, // string with backslash escapes
    "'(?:[^']|'')*'", // string
    '"(?:[^"]|"")*"', // identifier
    String.raw`(?<![A-Za-z0-9_$])\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$`, // dollar-quoted string
    String.raw`--[^\n]*`, // comment
    String.raw`\/\*[\s\S]*?\*\/`, // comment (nested ones are not ours to write)
    String.raw`\?`,
  ].join('|'),
  'g',
)

/** Replaces each `?` by `$1`, `$2` …, except in strings, quoted identifiers and comments. */
export function numberPlaceholders(sql: string): string {
  let count = 0
  return sql.replace(token, (found) => (found === '?' ? `$${++count}` : found))
}
