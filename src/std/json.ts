import { parseExactly, type RawNumber } from './json-exact.ts'
import { endOfString, endOfValue, type Scan, scanJson, skipSpace } from './json-scan.ts'

/** Made by `parseJson`, printed by `JSON.stringify`. */
export type { RawNumber } from './json-exact.ts'

/** Why a text is no acceptable JSON: it is malformed, or nested deeper than allowed. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
  readonly reason: 'syntax' | 'depth'

  constructor(reason: 'syntax' | 'depth', message: string) {
    super(message)
    this.reason = reason
  }
}

/**
 * Parses JSON so that every number can be written back as it was: one that JavaScript prints otherwise (`1.0`, `1e2`,
 * `-0`, `12345678901234567890`) becomes a `RawNumber`. A member called `__proto__` is plain data. Of duplicate members
 * the last wins.
 *
 * @param maxDepth deepest nesting of arrays and objects, checked before parsing; `[]` is 1 deep. (defaults.md: 100)
 * @throws {JsonError} `depth` or `syntax`
 */
export function parseJson(text: string, { maxDepth }: { maxDepth: number }): unknown {
  const { exact } = scan(text, maxDepth)
  return translated(() => (exact ? JSON.parse(text) : parseExactly(text, json.rawJSON)))
}

/**
 * Parses JSON for those who want numbers that are numbers, whatever is lost of how they were written.
 *
 * @param maxDepth as of `parseJson`
 * @throws {JsonError} `depth` or `syntax`
 */
export function parsePlainJson(text: string, { maxDepth }: { maxDepth: number }): unknown {
  scan(text, maxDepth)
  return translated(() => JSON.parse(text))
}

/**
 * The JSON text of a value; raw numbers as they were written.
 *
 * @throws {TypeError} for what JSON has no text for: undefined, functions, cycles, bigints
 */
export function stringifyJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value)
  if (text === undefined) throw new TypeError('JSON has no text for this value.')
  return text
}

/** The text of a number, raw or not; `undefined` for anything that JSON would not write as a number. */
export function jsonNumberText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined
  if (!json.isRawJSON(value)) return undefined
  return /^[-\d]/.test(value.rawJSON) ? value.rawJSON : undefined
}

/**
 * The members of a JSON object as slices of its text, in their order, so that objects can be merged without touching
 * what is nested in them. Of duplicate members the last wins. The text must have been through `parseJson` once: only its
 * outermost structure is looked at.
 *
 * @throws {JsonError} `syntax` when the text is not an object
 */
export function topLevelMembers(text: string): Map<string, string> {
  const members = new Map<string, string>()
  let at = skipSpace(text, 0)
  expect(text, at, '{')
  at = skipSpace(text, at + 1)
  while (text[at] !== '}') {
    expect(text, at, '"')
    const keyEnd = endOfString(text, at)
    const written = text.slice(at, keyEnd + 1)
    const key = translated(() => JSON.parse(written)) as string
    at = skipSpace(text, keyEnd + 1)
    expect(text, at, ':')
    const start = skipSpace(text, at + 1)
    at = endOfValue(text, start)
    members.set(key, text.slice(start, at).trimEnd())
    if (text[at] !== ',') break
    at = skipSpace(text, at + 1)
    expect(text, at, '"')
  }
  expect(text, at, '}')
  if (skipSpace(text, at + 1) !== text.length) throw new JsonError('syntax', 'JSON has text after its end.')
  return members
}

/** The JSON object made of these members, their values as they are. Inverse of `topLevelMembers` but for white space. */
export function joinMembers(members: ReadonlyMap<string, string>): string {
  let text = ''
  for (const [key, value] of members) text += `${text && ','}${JSON.stringify(key)}:${value}`
  return `{${text}}`
}

// TypeScript has no types yet for these two. (TC39 "JSON.parse source text access")
const json = JSON as unknown as {
  rawJSON(text: string): RawNumber
  isRawJSON(value: unknown): value is RawNumber
}

function scan(text: string, maxDepth: number): Scan {
  const { tooDeep, exact } = scanJson(text, maxDepth)
  if (tooDeep) throw new JsonError('depth', `JSON is nested deeper than ${maxDepth} levels.`)
  return { tooDeep, exact }
}

function translated(parse: () => unknown): unknown {
  try {
    return parse()
  } catch (error) {
    if (error instanceof SyntaxError) throw new JsonError('syntax', error.message)
    throw error
  }
}

function expect(text: string, at: number, character: string): void {
  if (text[at] !== character) throw new JsonError('syntax', `JSON has no ${character} at position ${at}.`)
}
