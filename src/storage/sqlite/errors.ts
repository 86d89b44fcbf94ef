import { Problem } from '../../schema/problems.ts'
import { ConstraintViolation } from '../database.ts'
import { expectedTables } from '../schema.ts'

const FULL = 13
const IO_ERROR = 10
const BUSY = 5
const LOCKED = 6
const UNIQUE = new Set([2067, 1555, 2579])
const FOREIGN_KEY = 787

/** The primary result code of an error of SQLite; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  const { code, errcode } = error as { code?: string; errcode?: number }
  return code === 'ERR_SQLITE_ERROR' && errcode !== undefined ? errcode & 0xff : undefined
}

export const isBusy = (error: unknown): boolean => [BUSY, LOCKED].includes(resultCode(error) ?? 0)

/** What nobody is to blame for and may work when tried again: 503 to a client. */
export const retryable = (reason: string): Problem<'overloaded'> =>
  new Problem('overloaded', { retryAfterSeconds: 1, reason })

/** Turns an error of SQLite into what the store understands; any other error passes through. */
export function toStorageError(error: unknown): unknown {
  const { errcode, message } = error as { errcode?: number; message: string }
  const code = resultCode(error)
  if (code === undefined || errcode === undefined) return error
  if (UNIQUE.has(errcode)) return new ConstraintViolation('unique', violatedIndex(message))
  // SQLite does not say which key: the store looks for the reference that leads nowhere.
  if (errcode === FOREIGN_KEY) return new ConstraintViolation('reference', '')
  if (code === FULL) return retryable('the disk is full')
  if (code === IO_ERROR) return retryable('the disk fails')
  if (code === BUSY || code === LOCKED) return retryable('the database is busy')
  return error
}

let names: Map<string, string> | undefined

/** SQLite names the columns: `UNIQUE constraint failed: accounts.tenant_id, accounts.directory_id, accounts.email_fold`. */
function violatedIndex(message: string): string {
  const columns = message.slice(message.indexOf(':') + 1).replaceAll(' ', '')
  names ??= indexNames()
  return names.get(columns) ?? columns
}

function indexNames(): Map<string, string> {
  return new Map(
    expectedTables().flatMap(({ name: table, indexes, primaryKey }) => {
      const qualified = (columns: readonly string[]) => columns.map((column) => `${table}.${column}`).join()
      return [
        ...indexes.filter(({ unique }) => unique).map(({ name, columns }) => [qualified(columns), name] as const),
        [qualified(primaryKey), `${table}_pkey`] as const,
      ]
    }),
  )
}
