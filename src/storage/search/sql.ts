import {
  DummyDriver,
  Kysely,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Value } from '../database.ts'

/** A piece of a statement with its parameters. */
export type Fragment = RawBuilder<unknown>

export interface Statement {
  sql: string
  parameters: readonly Value[]
}

// Only compiles: statements run on our own connections, which take `?` marks on both databases.
const compiler = new Kysely<never>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

export function compile(fragment: Fragment): Statement {
  const { sql: text, parameters } = fragment.compile(compiler)
  return { sql: text, parameters: parameters as readonly Value[] }
}

/** `a and b and c`; true where there is nothing to hold. */
export const allOf = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? sql`1 = 1` : sql.join(conditions as Fragment[], sql` and `)

/** `(a or b)`; false where there is nothing to choose. */
export const anyOf = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? sql`1 = 0` : sql`(${sql.join(conditions as Fragment[], sql` or `)})`

/** `(?, ?, ?)` */
export const listOf = (values: readonly Value[]): Fragment => sql`(${sql.join(values as Value[])})`

/** A name of ours, from a declaration: never from a request. */
export const name = (text: string): Fragment => sql.raw(text)

/** The text for LIKE that stands for itself; `escape '\'` goes with it. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`)
