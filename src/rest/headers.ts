/** Headers of an answer with a JSON body. Answers carry personal data and may carry secrets, so nothing keeps them. */
export function jsonHeaders(requestId: string): Record<string, string> {
  return {
    'Content-Type': 'application/json;charset=UTF-8',
    'Stormpath-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** Headers of an answer without a body. */
export function bareHeaders(requestId: string): Record<string, string> {
  return { 'Stormpath-Request-Id': requestId, 'Cache-Control': 'no-store' }
}
