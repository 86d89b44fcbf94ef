/** A line of the log. */
export interface LogRecord {
  level: 'info' | 'warn' | 'error'
  /** A stable code: `web.failed`. */
  event: string
  msg: string
  [field: string]: unknown
}

export type Log = (record: LogRecord) => void

/** One JSON object per line on standard error. */
export const logToStandardError: Log = (record) => {
  process.stderr.write(`${JSON.stringify({ ts: new Date().toISOString(), ...record })}\n`)
}

/** What is worth keeping of an error, without anything a request brought along. */
export function errorFields(error: unknown): { name: string; message: string; stack?: string[]; cause?: object } {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) }
  const stack = error.stack
    ?.split('\n')
    .slice(1, 12)
    .map((line) => line.trim())
  return {
    name: error.name,
    message: error.message,
    ...(stack ? { stack } : {}),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  }
}
