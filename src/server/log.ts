/** A line of the log (operations.md 3). */
export interface LogRecord {
  level: 'info' | 'warn' | 'error'
  /** A stable code: `http.failed`. */
  event: string
  msg: string
  [field: string]: unknown
}

export type Log = (record: LogRecord) => void

/** One JSON object per line on standard error. */
export const logToStandardError: Log = (record) => {
  process.stderr.write(`${JSON.stringify({ ts: new Date().toISOString(), ...record })}\n`)
}

/** A request that ended in a fault of ours. */
export function failedRequest(error: unknown, requestId?: string): LogRecord {
  const request = requestId === undefined ? {} : { req_id: requestId }
  return { level: 'error', event: 'http.failed', msg: 'a request failed', ...request, err: errorFields(error) }
}

/** What is worth keeping of an error: with its causes, without anything a request brought along. */
export function errorFields(error: unknown): { name: string; message: string; code?: unknown; stack?: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) }
  const stack = error.stack
    ?.split('\n')
    .slice(1, 12)
    .map((line) => line.trim())
  const { name, message } = error
  return {
    name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    ...(stack ? { stack } : {}),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  }
}
