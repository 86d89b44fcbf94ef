import type { LightResponse } from '../std/exchange.ts'
import { requestId as newRequestId } from '../std/id.ts'

interface ErrorAnswer {
  status: number
  /** For whoever uses the application. */
  message: string
  /** For whoever writes or runs it; the same as `message` when absent. */
  developerMessage?: string
  headers?: Record<string, string>
  requestId?: string
}

/** An error in the form of the REST API, for what is refused before or beside it (contract/rest.md 1.5). */
export function errorAnswer({
  status,
  message,
  developerMessage = message,
  headers = {},
  requestId = newRequestId(),
}: ErrorAnswer): LightResponse {
  const body = {
    status,
    code: status,
    message,
    developerMessage,
    moreInfo: `https://www.rfc-editor.org/rfc/rfc9110#status.${status}`,
    requestId,
  }
  return jsonAnswer(status, body, { 'Stormpath-Request-Id': requestId, 'X-Request-Id': requestId, ...headers })
}

/** JSON that nobody keeps. */
export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): LightResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  }
}

export function methodNotAllowed(allowed: string): LightResponse {
  return errorAnswer({ status: 405, message: `Only ${allowed} is possible here.`, headers: { allow: allowed } })
}
