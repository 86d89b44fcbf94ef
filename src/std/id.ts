import { encodeBase64url } from './base64url.ts'
import type { Clock } from './clock.ts'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const upperAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const timeLength = 9
const randomLength = 13
const shape = /^[0-9A-Za-z]{22}$/
const chosenShape = /^[0-9A-Za-z_-]{1,64}$/

export interface Ids {
  /** The next id; sorts after every id this object gave before. */
  next(): string
}

/**
 * Makes resource ids: 22 base62 characters in ASCII order, the first nine the time in microseconds, the other thirteen
 * cryptographically random (77 bits). Ids of one object sort in the order of their creation, also within a millisecond
 * and when the clock goes back: the time part is at least one more than the last. (contract/rest.md §1.6)
 */
export function createIds(clock: Clock): Ids {
  let last = 0
  return {
    next() {
      last = Math.max(last + 1, Math.floor(clock.now() * 1000))
      return timeText(last) + randomText(base62, randomLength)
    },
  }
}

/** Whether a text has the shape of an id made here. */
export function isId(text: string): boolean {
  return shape.test(text)
}

/**
 * Whether a text can be an id at all: those of the service, and those that an operator chose (`apiKey.id`). What stands
 * in an address or in the header of a token is held against this one rule; everything else is spared the look-up.
 */
export function isIdLike(text: string): boolean {
  return chosenShape.test(text)
}

/** An API key id: 26 upper-case letters and digits, 134 random bits. (contract/rest.md §1.6) */
export function apiKeyId(): string {
  return randomText(upperAndDigits, 26)
}

/** An API key secret: 32 random bytes as 43 base64url characters. */
export function apiKeySecret(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
}

/** A request id: a random UUID. (contract/rest.md §1.4) */
export function requestId(): string {
  return crypto.randomUUID()
}

/**
 * `length` characters drawn from `alphabet` (2 to 256 UTF-16 units), each with equal probability and from the
 * cryptographic source of the runtime.
 */
export function randomText(alphabet: string, length: number): string {
  const size = alphabet.length
  if (size < 2 || size > 256) throw new RangeError(`An alphabet has 2 to 256 characters, not ${size}.`)
  // Bytes from the last, incomplete round of the alphabet are dropped: `byte % size` alone would favour its beginning.
  const unbiased = 256 - (256 % size)
  let text = ''
  while (text.length < length) {
    const byte = randomByte()
    if (byte < unbiased) text += alphabet[byte % size]
  }
  return text
}

// One call to the runtime for many bytes: a call costs about as much as a thousand bytes do.
const pool = new Uint8Array(4096)
let position = pool.length

function randomByte(): number {
  if (position === pool.length) {
    crypto.getRandomValues(pool)
    position = 0
  }
  const byte = pool[position] as number
  pool[position++] = 0
  return byte
}

function timeText(microseconds: number): string {
  let text = ''
  for (let rest = microseconds, i = 0; i < timeLength; i++) {
    text = base62[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}
