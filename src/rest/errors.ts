import { Problem, type ProblemCode } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { type ErrorText, errorTable } from './error-table.ts'
import { jsonHeaders } from './headers.ts'

/** The JSON body of every refusal (contract/rest.md 1.5). */
export interface ErrorBody {
  status: number
  code: number
  message: string
  developerMessage: string
  moreInfo: string
  requestId: string
  /** What is in the way, where the contract names it. */
  href?: string
}

export interface ErrorContext {
  requestId: string
  /** Where codes are explained: `#error-<code>` is appended. */
  errorDocs: string
}

/** How a refusal reads over REST, before it belongs to a request. */
export function toErrorText<C extends ProblemCode>({ code, detail }: Problem<C>): ErrorText {
  return errorTable[code](detail)
}

/** What a refusal says, for whoever answers in the words of another protocol besides. */
export interface Refusal {
  status: number
  headers: Record<string, string>
  body: ErrorBody
}

export function toRefusal(problem: Problem, context: ErrorContext): Refusal {
  return describe(toErrorText(problem), context, headersOf(problem))
}

/** The answer to a request that was refused. */
export function toErrorResponse(problem: Problem, context: ErrorContext): LightResponse {
  return toResponse(toRefusal(problem, context))
}

/** The answer to a request that failed through a fault of ours; nothing of the fault shows. */
export function toFailureResponse(context: ErrorContext): LightResponse {
  const text = 'An unexpected error occurred. The request id finds it in the log of the service.'
  return toResponse(describe({ status: 500, code: 500, text }, context, {}))
}

function toResponse({ status, headers, body }: Refusal): LightResponse {
  return { status, headers, body: JSON.stringify(body) }
}

function describe(
  { status, code, text, user, href }: ErrorText,
  { requestId, errorDocs }: ErrorContext,
  headers: Record<string, string>,
): Refusal {
  const body: ErrorBody = {
    status,
    code,
    message: user ?? text,
    developerMessage: text,
    moreInfo: `${errorDocs}#error-${code}`,
    requestId,
    ...(href !== undefined && { href }),
  }
  const location = href === undefined ? {} : { Location: href }
  return { status, headers: { ...jsonHeaders(requestId), ...location, ...headers }, body }
}

function headersOf(problem: Problem): Record<string, string> {
  if (Problem.is(problem, 'unauthenticated')) return { 'WWW-Authenticate': 'Basic realm="Latchkey", charset="UTF-8"' }
  if (Problem.is(problem, 'methodNotSupported')) return { Allow: problem.detail.allowed.join(', ') }
  if (Problem.is(problem, 'overloaded')) return { 'Retry-After': String(problem.detail.retryAfterSeconds) }
  if (Problem.is(problem, 'idempotencyKeyBusy')) return { 'Retry-After': String(problem.detail.retryAfterSeconds) }
  if (Problem.is(problem, 'outcomeUnknown')) {
    return { 'Retry-After': String(problem.detail.retryAfterSeconds), 'Idempotency-Status': 'unknown' }
  }
  if (Problem.is(problem, 'tooManyRequests') || Problem.is(problem, 'loginPaused')) {
    return { 'Retry-After': String(problem.detail.retryAfterSeconds) }
  }
  if (Problem.is(problem, 'queryTimeout')) return { 'Retry-After': String(problem.detail.seconds) }
  return {}
}
