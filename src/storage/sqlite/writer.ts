import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from '../database.ts'
import { isBusy, retryable, toStorageError } from './errors.ts'
import type { TransactionControl } from './group-commit.ts'
import { toConnection } from './reader.ts'
import { createStatements } from './statements.ts'

/** How long a writer waits for other processes on the same file. */
const LONGEST_WAIT_MS = 30_000
const MOST_PAUSE_MS = 10

/** Transactions on the writing connection. Waiting for another process never blocks the thread for long. */
export function controlTransactions(database: DatabaseSync): TransactionControl {
  const statement = (sql: string) => {
    const prepared = database.prepare(sql)
    return () => {
      try {
        prepared.run()
      } catch (error) {
        throw toStorageError(error)
      }
    }
  }
  const begin = database.prepare('begin immediate')
  return {
    async begin() {
      const giveUp = performance.now() + LONGEST_WAIT_MS
      for (;;) {
        try {
          begin.run()
          return
        } catch (error) {
          if (!isBusy(error)) throw toStorageError(error)
          if (performance.now() > giveUp) throw retryable('another process keeps the database')
        }
        await pause(1 + Math.random() * MOST_PAUSE_MS)
      }
    },
    savepoint: statement('savepoint unit'),
    release: statement('release unit'),
    rollbackTo: statement('rollback to unit'),
    commit: statement('commit'),
    rollback: statement('rollback'),
    isOpen: () => database.isTransaction,
  }
}

/** The writing connection inside a transaction; outside of one it refuses, lest a statement commit by itself. */
export function writingConnection(database: DatabaseSync): Connection {
  const statements = createStatements(database)
  const inside = () => {
    if (!database.isTransaction) throw retryable('the database dropped the transaction')
    return statements
  }
  return toConnection({
    get: (sql, parameters) => inside().get(sql, parameters),
    all: (sql, parameters) => inside().all(sql, parameters),
    run: (sql, parameters) => inside().run(sql, parameters),
  })
}
