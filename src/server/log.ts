/** From the least to the most urgent; `silent` logs nothing. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** A line of the log (operations.md 3). */
export interface LogRecord {
  level: Exclude<LogLevel, 'silent'>
  /** A stable code: `http.failed`. */
  event: string
  msg: string
  [field: string]: unknown
}

export type Log = (record: LogRecord) => void

/**
 * Where an application that embeds us wants its lines: what `console`, pino and most others are.
 *
 * @example createApp({ logger: console })
 */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export function toLog(logger: Logger): Log {
  return ({ level, msg, ...fields }) => logger[level](fields, msg)
}

/** Lets through what is at least so urgent; a function is asked each time. */
export function atLeast(level: LogLevel | (() => LogLevel), log: Log): Log {
  const levelNow = typeof level === 'function' ? level : () => level
  return (record) => {
    if (isHeard(record.level, levelNow())) log(record)
  }
}

export const isHeard = (urgency: LogLevel, level: LogLevel): boolean =>
  logLevels.indexOf(urgency) >= logLevels.indexOf(level)

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
