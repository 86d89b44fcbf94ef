import type { Value } from '../database.ts'

/** A piece of a statement with its parameters, in the order of their marks; a whole one is a statement. */
export class Fragment {
  readonly sql: string
  readonly parameters: readonly Value[]

  constructor(sql: string, parameters: readonly Value[]) {
    this.sql = sql
    this.parameters = parameters
  }
}

export type Statement = Pick<Fragment, 'sql' | 'parameters'>

/**
 * SQL with what stands in `${…}`: a fragment becomes part of the text, a value a parameter. Nothing else can, so no text
 * of a request ever becomes SQL.
 *
 * @example sql`select id from ${name('accounts')} where tenant_id = ${tenant} and ${condition}`
 */
export function sql(texts: TemplateStringsArray, ...parts: readonly (Fragment | Value)[]): Fragment {
  let text = texts[0] as string
  const parameters: Value[] = []
  for (const [at, part] of parts.entries()) {
    text += part instanceof Fragment ? part.sql : '?'
    if (part instanceof Fragment) parameters.push(...part.parameters)
    else parameters.push(part)
    text += texts[at + 1]
  }
  return new Fragment(text, parameters)
}

/** A text of ours, as the name of a table: never from a request. */
export const name = (text: string): Fragment => new Fragment(text, [])

/** Fragments, or values as parameters, with a separator between them. */
export function join(parts: readonly (Fragment | Value)[], separator = ', '): Fragment {
  const fragments = parts.map((part) => (part instanceof Fragment ? part : sql`${part}`))
  return new Fragment(
    fragments.map((fragment) => fragment.sql).join(separator),
    fragments.flatMap(({ parameters }) => parameters),
  )
}

/** `a and b and c`; true where there is nothing to hold. */
export const allOf = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? sql`1 = 1` : join(conditions, ' and ')

/** `(a or b)`; false where there is nothing to choose. */
export const anyOf = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? sql`1 = 0` : sql`(${join(conditions, ' or ')})`

/** `(?, ?, ?)` */
export const listOf = (values: readonly Value[]): Fragment => sql`(${join(values)})`

/** The text for LIKE that stands for itself; `escape '\'` goes with it. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`)
