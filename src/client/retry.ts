import { ApiError, NetworkError, ResponseError } from './errors.ts'

/** How often a request is tried at most. */
export const maxTries = 3
/** Longest wait for another try, in milliseconds. A service that asks for more is not waited for. */
const maxWait = 10_000
/** Pause before the second try, in milliseconds; doubled before each further one. */
const firstPause = 100

/** What may be done about a failed request: send it again, send it again if it was refused at the door, nothing. */
export type Repeat = 'always' | 'refused' | 'never'

/**
 * Milliseconds to wait before the same request may be sent again; undefined when it must not be.
 *
 * `always` (reading, deleting): after a connection that failed, and after 429 and 503, when the service says so
 * (`Retry-After`) or else after a short pause. `refused`: only after a 503 of the service itself with `Retry-After`, which
 * it gives before it has done anything, as when its log-in queue is full. A time-out is never repeated: the caller has
 * waited enough.
 */
export function pauseBeforeRetry(error: unknown, repeat: Repeat, tries: number): number | undefined {
  if (repeat === 'never') return undefined
  if (error instanceof NetworkError) return repeat === 'always' && !error.timedOut ? backOff(tries) : undefined
  if (!(error instanceof ApiError || error instanceof ResponseError)) return undefined
  const { status, retryAfter } = error
  const refused = error instanceof ApiError && status === 503 && retryAfter !== undefined
  if (!refused && !(repeat === 'always' && (status === 429 || status === 503))) return undefined
  const pause = (retryAfter ?? 0) * 1000 + backOff(tries)
  return pause <= maxWait ? pause : undefined
}

/** Seconds in a `Retry-After` header, which holds seconds or a date. (RFC 9110 §10.2.3) */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (!header) return undefined
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}

/** Between half and all of the pause: clients that failed together do not come back together. */
function backOff(tries: number): number {
  return firstPause * 2 ** (tries - 1) * (0.5 + Math.random() / 2)
}
