import type { Caller, Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import type { GrantRequest } from '../core/tokens/grant.ts'
import type { Form } from '../schema/form.ts'
import type { LightResponse } from '../std/exchange.ts'

/** One authenticated request to an endpoint of an application. */
export interface OAuthCall {
  engine: Engine
  context: Context
  caller: Caller
  /** The application of the path and the key of the request. */
  request: GrantRequest
  /** Parameters of body and query. */
  form: Form
  /** The last segment of the path where it is a token. */
  segment: string | undefined
  /** The query string as it came. */
  query: string
}

/** What every answer carries: nothing keeps tokens. (RFC 6749 §5.1) */
export function noStore(requestId: string): Record<string, string> {
  return {
    ...requestIdHeaders(requestId),
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** By both names, as over REST (contract/rest.md 1.4). */
export function requestIdHeaders(requestId: string): Record<string, string> {
  return { 'Stormpath-Request-Id': requestId, 'X-Request-Id': requestId }
}

export function replyJson({ context }: Pick<OAuthCall, 'context'>, body: object): LightResponse {
  const headers = { 'Content-Type': 'application/json;charset=UTF-8', ...noStore(context.requestId) }
  return { status: 200, headers, body: JSON.stringify(body) }
}
