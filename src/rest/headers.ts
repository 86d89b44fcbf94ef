import type { LightResponse } from '../std/exchange.ts'

/** Headers of an answer with a JSON body. Answers carry personal data and may carry secrets, so nothing keeps them. */
export function jsonHeaders(requestId: string): Record<string, string> {
  return {
    'Content-Type': 'application/json;charset=UTF-8',
    'Stormpath-Request-Id': requestId,
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** 204, the answer to a deletion. */
export function noContent(requestId: string): LightResponse {
  return emptyAnswer(204, requestId)
}

/** An answer that says all by its status. */
export function emptyAnswer(status: number, requestId: string): LightResponse {
  return {
    status,
    headers: { 'Stormpath-Request-Id': requestId, 'X-Request-Id': requestId, 'Cache-Control': 'no-store' },
    body: undefined,
  }
}
