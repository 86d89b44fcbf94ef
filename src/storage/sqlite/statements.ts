import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Row, Value } from '../database.ts'

/** Prepared statements of one connection, synchronous as SQLite is. */
export interface Statements {
  get(sql: string, parameters: readonly Value[]): Row | undefined
  all(sql: string, parameters: readonly Value[]): Row[]
  run(sql: string, parameters: readonly Value[]): number
}

/** Prepares each text once and keeps the `limit` used last. */
export function createStatements(database: DatabaseSync, limit = 500): Statements {
  const kept = new Map<string, StatementSync>()

  const prepare = (sql: string): StatementSync => {
    const known = kept.get(sql)
    if (known) {
      kept.delete(sql)
      kept.set(sql, known)
      return known
    }
    const statement = database.prepare(sql)
    kept.set(sql, statement)
    if (kept.size > limit) kept.delete(kept.keys().next().value as string)
    return statement
  }

  return {
    get: (sql, parameters) => prepare(sql).get(...parameters) as Row | undefined,
    all: (sql, parameters) => prepare(sql).all(...parameters) as Row[],
    run: (sql, parameters) => Number(prepare(sql).run(...parameters).changes),
  }
}
