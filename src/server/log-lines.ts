import { styleText } from 'node:util'
import type { Log, LogRecord } from './log.ts'

/** How long a line that nobody waits for may lie before it is written together with others. */
const LONGEST_MS = 50
const MOST_LINES = 256

export interface LineOptions {
  write(text: string): void
  /** For people at a terminal instead of programs. */
  pretty?: boolean
  /** Colours, in pretty lines. */
  color?: boolean
  now?: () => Date
}

export interface LineLog {
  log: Log
  /** Writes what lies. */
  flush(): void
}

/**
 * One JSON object per line. What is urgent is written at once; the rest in batches, because a call to the system costs
 * more than a line does.
 */
export function createLineLog({ write, pretty = false, color = false, now = () => new Date() }: LineOptions): LineLog {
  let lines: string[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (lines.length === 0) return
    const text = `${lines.join('\n')}\n`
    lines = []
    write(text)
  }
  return {
    flush,
    log(record) {
      lines.push(pretty ? toPretty(record, now(), color) : toLine(record, now()))
      if (record.level === 'warn' || record.level === 'error' || lines.length >= MOST_LINES) flush()
      else timer ??= setTimeout(flush, LONGEST_MS).unref()
    },
  }
}

const standardError = createLineLog({
  write: (text) => process.stderr.write(text),
  pretty: process.stderr.isTTY === true,
  color: process.stderr.isTTY === true && process.env.NO_COLOR === undefined,
})

/** To standard error; for people and in colours where that is a terminal. */
export const logToStandardError: Log = standardError.log
export const flushStandardError = standardError.flush
process.on('exit', flushStandardError)

/** JSON escapes what ends a line for it; these end lines, or command a terminal, for others. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/** Nearly all lines are plain, and to see that costs a tenth of looking for each of those signs. */
const plainAscii = /^[\x20-\x7e]*$/

function escapeUnsafe(json: string): string {
  if (plainAscii.test(json)) return json
  return json.replace(unsafe, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function toLine(record: LogRecord, at: Date): string {
  return `{"ts":"${at.toISOString()}",${escapeUnsafe(JSON.stringify(record)).slice(1)}`
}

const colors = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const

function toPretty({ level, event, msg, ...fields }: LogRecord, at: Date, color: boolean): string {
  const paint = (style: (typeof colors)[keyof typeof colors], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${plain(name)}=${plain(value)}`)
  const head = `${paint('dim', at.toTimeString().slice(0, 8))} ${paint(colors[level], level.padEnd(5))} ${plain(msg)}`
  return [head, paint('dim', [plain(event), ...shown].join(' '))].join('  ')
}

/** Without quotes where none are needed. */
function plain(value: unknown): string {
  return typeof value === 'string' && /^[\x20-\x21\x23-\x7e]*$/.test(value)
    ? value
    : escapeUnsafe(JSON.stringify(value) ?? '')
}
