/**
 * Which capabilities have a test: `npm run coverage:ids`. The ids of the checklists are in capability-ids.json; one is
 * covered when it stands, as a whole token, in a string of a test file. The conformance tests (REST, TRAP) run embedded
 * and over HTTP, on SQLite and on PostgreSQL each.
 */
import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** Comments come first, so that nothing in them counts. */
const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g

const file: Record<string, string[]> = JSON.parse(
  await readFile(join(import.meta.dirname, 'capability-ids.json'), 'utf8'),
)
/** The file holds several ids to a line. */
const lists = Object.entries(file).map(([prefix, lines]) => [prefix, lines.join(' ').split(' ')] as const)

const named = new Set<string>()
for (const pattern of ['src/**/*.test.ts', 'test/**/*.test.ts']) {
  for await (const path of glob(pattern, { cwd: root, exclude: (name) => name.includes('node_modules') })) {
    const text = await readFile(join(root, path), 'utf8')
    for (const [literal] of text.matchAll(COMMENT_OR_STRING)) {
      if (literal.startsWith('/')) continue
      for (const token of literal.split(/[^\w-]+/)) named.add(token)
    }
  }
}

for (const [prefix, ids] of lists) {
  const missing = ids.filter((id) => !named.has(`${prefix}-${id}`))
  console.log(`${prefix}: ${ids.length - missing.length} of ${ids.length} have a test`)
  if (missing.length > 0) console.log(`  without: ${missing.join(' ')}`)
}

const known = new Set(lists.flatMap(([prefix, ids]) => ids.map((id) => `${prefix}-${id}`)))
const prefixed = new RegExp(`^(?:${lists.map(([prefix]) => prefix).join('|')})-\\w+`)
const unknown = [...named].filter((token) => prefixed.test(token) && !known.has(prefixed.exec(token)?.[0] ?? ''))
if (unknown.length > 0) {
  console.error(`named by tests, in no list: ${unknown.toSorted().join(' ')}`)
  process.exitCode = 1
}
