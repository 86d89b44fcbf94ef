/** The request a failure belongs to. */
export interface FailedCall {
  method: string
  /** Without credentials; the query string is part of it. */
  url: string
}

/** What all failures of a request have in common. Aborting is none: it rejects with the reason of the caller's signal. */
export abstract class ClientError extends Error {
  readonly method: string
  readonly url: string

  constructor({ method, url }: FailedCall, message: string, options?: ErrorOptions) {
    super(message, options)
    this.method = method
    this.url = url
  }
}

/** The error body of the service. (contract/rest.md §1.5) */
export interface ApiErrorBody {
  /** The HTTP status. */
  status: number
  /** What exactly is wrong, as in the table of codes; the HTTP status where that says it all. */
  code: number
  /** One sentence that may be shown to end users. */
  message: string
  /** The technical reason. Not for end users. */
  developerMessage: string
  /** Where to read on. */
  moreInfo?: string
  /** What to look for in the service's log. */
  requestId?: string
}

/**
 * The service refused. `message` may be shown to end users, `developerMessage` may not.
 *
 * @example
 * try {
 *   await directory.accounts.create({ email: 'joe@example.com', password })
 * } catch (error) {
 *   if (isApiError(error, 2001)) return 'That address is taken.'
 *   throw error
 * }
 */
export class ApiError extends ClientError {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: number
  readonly developerMessage: string
  readonly moreInfo: string | undefined
  readonly requestId: string | undefined
  /** Seconds after which the service asks to be tried again. */
  readonly retryAfter: number | undefined

  constructor(call: FailedCall, body: ApiErrorBody, retryAfter?: number) {
    super(call, body.message)
    this.status = body.status
    this.code = body.code
    this.developerMessage = body.developerMessage
    this.moreInfo = body.moreInfo
    this.requestId = body.requestId
    this.retryAfter = retryAfter
  }
}

/** No answer came. Whether the service did what was asked is unknown. `cause` is what `fetch` threw. */
export class NetworkError extends ClientError {
  override readonly name = 'NetworkError'
  /** The time for one try was over; otherwise the service could not be reached or hung up. */
  readonly timedOut: boolean

  constructor(call: FailedCall, timedOut: boolean, cause?: unknown) {
    super(call, `${call.method} ${call.url}: ${timedOut ? 'no answer in time' : 'the service cannot be reached'}.`, {
      cause,
    })
    this.timedOut = timedOut
  }
}

/** An answer came that is not this API's: a proxy's error page, another program at this address. */
export class ResponseError extends ClientError {
  override readonly name = 'ResponseError'
  readonly status: number
  /** The beginning of the answer. */
  readonly excerpt: string
  /** Seconds, from the `Retry-After` header. */
  readonly retryAfter: number | undefined

  constructor(call: FailedCall, status: number, text: string, retryAfter?: number) {
    super(call, `${call.method} ${call.url}: the answer, with status ${status}, is not the service's JSON.`)
    this.status = status
    this.excerpt = text.slice(0, 200)
    this.retryAfter = retryAfter
  }
}

/**
 * Whether the service refused, and, when codes are given, for one of these reasons.
 *
 * @example isApiError(error, 7100, 7104) // wrong password, unknown account
 */
export function isApiError(error: unknown, ...codes: readonly number[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code))
}
