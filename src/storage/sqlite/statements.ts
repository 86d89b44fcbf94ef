import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Row, Value } from '../database.ts'

/** Prepared statements of one connection, synchronous as SQLite is. */
export interface Statements {
  get(sql: string, parameters: readonly Value[]): Row | undefined
  all(sql: string, parameters: readonly Value[]): Row[]
  run(sql: string, parameters: readonly Value[]): number
}

interface Prepared {
  statement: StatementSync
  /** Names of the columns of its result. */
  columns: string[]
}

/** Prepares each text once and keeps those used last, between `limit` and twice as many. */
export function createStatements(database: DatabaseSync, limit = 250): Statements {
  // Two generations in place of an order of use: what the younger one has is found in one look-up and never moved.
  let young = new Map<string, Prepared>()
  let old = new Map<string, Prepared>()

  const prepared = (sql: string): Prepared => young.get(sql) ?? keep(sql, old.get(sql) ?? prepare(database, sql))

  const keep = (sql: string, one: Prepared): Prepared => {
    if (young.size >= limit) {
      old = young
      young = new Map()
    }
    young.set(sql, one)
    return one
  }

  return {
    get(sql, parameters) {
      const { statement, columns } = prepared(sql)
      const values = statement.get(...parameters) as unknown as Value[] | undefined
      return values && toRow(columns, values)
    },
    all(sql, parameters) {
      const { statement, columns } = prepared(sql)
      return (statement.all(...parameters) as unknown as Value[][]).map((values) => toRow(columns, values))
    },
    run: (sql, parameters) => Number(prepared(sql).statement.run(...parameters).changes),
  }
}

/** Rows come as arrays: to make an object itself, `node:sqlite` makes the name of every column anew for every row. */
function prepare(database: DatabaseSync, sql: string): Prepared {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return { statement, columns: statement.columns().map(({ name }) => name) }
}

function toRow(columns: readonly string[], values: readonly Value[]): Row {
  const row: Row = {}
  for (let at = 0; at < columns.length; at++) row[columns[at] as string] = values[at] as Value
  return row
}
