import { Problem } from '../../schema/problems.ts'
import { ConstraintViolation } from '../database.ts'

/** An error that the server sent, as opposed to one of the connection or of ours. */
interface ServerError extends Error {
  code: string
  constraint?: string
  routine?: string
}

function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
}

/** The connection went while a statement was under way: whether the server ran it is unknown. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('the connection to PostgreSQL was lost', { cause })
    this.name = 'ConnectionLost'
  }
}

/** The same transaction may succeed when run again: serialization failure, deadlock. */
export function isConflict(error: unknown): boolean {
  return isServerError(error) && (error.code === '40001' || error.code === '40P01')
}

/** The server ends this session: shut down, crashed, starting up, or ended by an administrator. */
function isFarewell(error: ServerError): boolean {
  return error.code.startsWith('08') || /^57P0[1-5]$/.test(error.code)
}

/** Tells an error that ended the connection from one that the server answered on it. */
export function ofConnection(error: unknown, alive: boolean): unknown {
  const lost = isServerError(error) ? isFarewell(error) : !alive && !isSilence(error)
  return lost ? new ConnectionLost(error) : error
}

/**
 * This connection leads to the wrong place or remembers what no longer holds, another will do: the server became a
 * standby, a migration changed the result of a prepared statement, a pooler lost one.
 */
export function isStaleConnection(error: unknown): boolean {
  if (!isServerError(error)) return false
  return (
    error.code === '25006' ||
    error.code === '26000' ||
    (error.code === '0A000' && error.routine === 'RevalidateCachedQuery')
  )
}

/** No answer within the client's own time, as from a network that swallows packets; the connection is unusable after. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** The statement ran into `statement_timeout` (or an administrator cancelled it). */
export function isCancelled(error: unknown): boolean {
  return isServerError(error) && error.code === '57014'
}

/** Whether a failed attempt to connect says something that another attempt would not change. */
export function isLastingRefusal(error: unknown): boolean {
  // 57P03 starting up, 53300 too many connections
  return isServerError(error) && !isFarewell(error) && error.code !== '53300'
}

/** Constraint violations under their contract name, what may pass by itself as overload, all else as it came. */
export function toStorageError(error: unknown): unknown {
  if (isSilence(error)) return unavailable('the database does not answer', error)
  if (error instanceof ConnectionLost) return unavailable('the connection to the database was lost', error)
  if (!isServerError(error)) return error
  if (error.code === '23505') return new ConstraintViolation('unique', error.constraint ?? '')
  if (error.code === '23503') return new ConstraintViolation('reference', error.constraint ?? '')
  if (error.code === '55P03') return unavailable('a row stayed locked by another write', error)
  return error
}

/** The refusal for what may well work in a moment. */
export function unavailable(reason: string, cause?: unknown): Problem<'overloaded'> {
  const problem = new Problem('overloaded', { retryAfterSeconds: 1, reason })
  if (cause !== undefined) problem.cause = cause
  return problem
}
