import { styleText } from 'node:util'
import { Mistake } from '../server/mistake.ts'

type Style = Parameters<typeof styleText>[0]

/** Text in a colour where standard output is a terminal that wants it (NO_COLOR, FORCE_COLOR), plain elsewhere. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

/** The same for standard error. */
export function paintError(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stderr })
}

/** A line to standard output. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** A remark that is no result: to standard error, so that results can be piped. */
export function remark(line: string): void {
  process.stderr.write(`${line}\n`)
}

export function warn(text: string): void {
  remark(`${paintError('yellow', 'warning:')} ${text}`)
}

/** Says what stopped a command, and gives its exit code. */
export function report(error: unknown): number {
  if (error instanceof Mistake) {
    remark(`${paintError('red', 'error:')} ${error.message}`)
    remark(`  ${paintError('green', 'fix:')} ${error.fix}`)
    return error.exitCode
  }
  remark(`${paintError('red', 'error:')} ${error instanceof Error ? (error.stack ?? error.message) : error}`)
  return 1
}

/** Aligned `name  value` lines. */
export function table(rows: readonly (readonly [string, string])[], indent = ''): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${indent}${paint('dim', name.padEnd(width))}  ${value}`).join('\n')
}
