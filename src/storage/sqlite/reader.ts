import type { Connection } from '../database.ts'
import { toStorageError } from './errors.ts'
import type { Statements } from './statements.ts'

/** Statements as the store wants them: promises, and errors it understands. */
export function toConnection(statements: Statements): Connection {
  const call = async <T>(work: () => T): Promise<T> => {
    try {
      return work()
    } catch (error) {
      throw toStorageError(error)
    }
  }
  return {
    get: (sql, parameters) => call(() => statements.get(sql, parameters)),
    all: (sql, parameters) => call(() => statements.all(sql, parameters)),
    run: (sql, parameters) => call(() => statements.run(sql, parameters)),
  }
}
