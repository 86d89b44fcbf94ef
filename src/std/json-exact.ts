import { endOfNumber, endOfString, printsBack, skipSpace } from './json-scan.ts'

/** A number kept as its text, because JavaScript would print it otherwise. */
export interface RawNumber {
  readonly rawJSON: string
}

/** How many texts of numbers are told apart before each gets an object of its own. */
const SHARED = 1_000

/**
 * `JSON.parse`, but a number that JavaScript would print otherwise is kept as `toRaw` makes it. A reviver would do the
 * same and be handed every value of the text, one call each: many times the price of reading it.
 *
 * @param text nested no deeper than the stack bears
 * @throws {SyntaxError} for what `JSON.parse` refuses
 */
export function parseExactly(text: string, toRaw: (number: string) => RawNumber): unknown {
  const shared = new Map<string, RawNumber>()
  let at = 0

  const whole = value()
  if (skipSpace(text, at) !== text.length) fail()
  return whole

  function value(): unknown {
    at = skipSpace(text, at)
    const code = text.charCodeAt(at)
    if (code === 0x22) return string()
    if (code === 0x7b) return object()
    if (code === 0x5b) return array()
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return number()
    if (code === 0x74) return word('true', true)
    if (code === 0x66) return word('false', false)
    return word('null', null)
  }

  function object(): Record<string, unknown> {
    const members: Record<string, unknown> = {}
    at = skipSpace(text, at + 1)
    if (isAt(0x7d)) return members
    for (;;) {
      at = skipSpace(text, at)
      if (text.charCodeAt(at) !== 0x22) fail()
      const key = string()
      at = skipSpace(text, at)
      if (!isAt(0x3a)) fail()
      const each = value()
      if (key === '__proto__') Object.defineProperty(members, key, { value: each, ...plain })
      else members[key] = each
      at = skipSpace(text, at)
      if (isAt(0x7d)) return members
      if (!isAt(0x2c)) fail()
    }
  }

  function array(): unknown[] {
    const items: unknown[] = []
    at = skipSpace(text, at + 1)
    if (isAt(0x5d)) return items
    for (;;) {
      items.push(value())
      at = skipSpace(text, at)
      if (isAt(0x5d)) return items
      if (!isAt(0x2c)) fail()
    }
  }

  function string(): string {
    const start = at
    for (at++; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 0x22) return text.slice(start + 1, at++)
      // With escapes, or with what must be escaped: the runtime knows best.
      if (code === 0x5c || code < 0x20) break
    }
    at = endOfString(text, start) + 1
    return JSON.parse(text.slice(start, at)) as string
  }

  function number(): number | RawNumber {
    const start = at
    at = endOfNumber(text, start)
    const written = text.slice(start, at)
    if (printsBack(text, start, at)) return hasLeadingZero(written) ? fail() : Number(written)
    const known = shared.get(written)
    if (known) return known
    if (!grammar.test(written)) fail()
    const raw = toRaw(written)
    if (shared.size < SHARED) shared.set(written, raw)
    return raw
  }

  function word<T>(written: string, meant: T): T {
    if (!text.startsWith(written, at)) fail()
    at += written.length
    return meant
  }

  /** Whether this character comes next; if so it is passed. */
  function isAt(code: number): boolean {
    const isIt = text.charCodeAt(at) === code
    if (isIt) at++
    return isIt
  }

  function fail(): never {
    throw new SyntaxError(`Unexpected character in JSON at position ${at}`)
  }
}

/** `01` is no number to JSON. */
function hasLeadingZero(written: string): boolean {
  return written.length > 1 && written.charCodeAt(0) === 0x30 && written.charCodeAt(1) !== 0x2e
}

const plain = { writable: true, enumerable: true, configurable: true }
/** RFC 8259 §6 */
const grammar = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
