import { ApiError, NetworkError, ResponseError } from '../client/errors.ts'

/** The service could not be asked, or could not answer: nothing is known of what was asked. */
export function isAway(error: unknown): boolean {
  if (error instanceof NetworkError) return true
  return (error instanceof ApiError || error instanceof ResponseError) && (error.status >= 500 || error.status === 429)
}

/** It was asked too often: who must not tell whether there is such an account answers as always. */
export function isTooOften(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 429
}

/** The service refused what was asked. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status < 500 && error.status !== 429
}
