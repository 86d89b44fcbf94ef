import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Row, Value } from '../database.ts'

/** Prepared statements of one connection, synchronous as SQLite is. */
export interface Statements {
  get(sql: string, parameters: readonly Value[]): Row | undefined
  all(sql: string, parameters: readonly Value[]): Row[]
  run(sql: string, parameters: readonly Value[]): number
}

/** Prepares each text once and keeps those used lately: at least the last `limit`, at most twice as many. */
export function createStatements(database: DatabaseSync, limit = 500): Statements {
  // Two generations: moving a text to the end of one list at every use would cost as much as the call itself.
  let young = new Map<string, StatementSync>()
  let old = new Map<string, StatementSync>()

  const prepare = (sql: string): StatementSync => {
    const known = young.get(sql)
    if (known) return known
    const statement = old.get(sql) ?? database.prepare(sql)
    if (young.size >= limit) {
      old = young
      young = new Map()
    }
    young.set(sql, statement)
    return statement
  }

  return {
    get: (sql, parameters) => prepare(sql).get(...parameters) as Row | undefined,
    all: (sql, parameters) => prepare(sql).all(...parameters) as Row[],
    run: (sql, parameters) => Number(prepare(sql).run(...parameters).changes),
  }
}
