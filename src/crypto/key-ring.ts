import { hash, randomBytes } from 'node:crypto'
import { decodeBase64 } from '../std/base64url.ts'

/** A master key and the name sealed texts call it by. */
export interface RingKey {
  /** Eight hexadecimal digits, derived from the key. */
  id: string
  key: Uint8Array
}

/** Master keys, the newest first: it seals, all of them open. Never empty. */
export type KeyRing = readonly [RingKey, ...RingKey[]]

const keyBytes = 32
const howTo = 'Make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"'

/** A new master key: 32 random bytes in base64url. */
export function generateKey(): string {
  return randomBytes(keyBytes).toString('base64url')
}

/**
 * Reads a list of master keys, separated by commas or line ends, the newest first; each 32 bytes in base64url, base64 or
 * hexadecimal.
 *
 * @throws {Error} for no key at all, another length, a key without randomness, the same key twice; it says how to make one
 */
export function parseKeyRing(text: string): KeyRing {
  const [newest, ...older] = text
    .split(/[,\r\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseKey)
  if (!newest) throw new Error(`There is no secret key. ${howTo}`)
  const ring: KeyRing = [newest, ...older]
  const ids = new Set(ring.map(({ id }) => id))
  if (ids.size < ring.length) throw new Error('The same secret key is listed twice.')
  return ring
}

function parseKey(text: string, index: number): RingKey {
  const which = `Secret key ${index + 1}`
  const key = /^[0-9a-f]{64}$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : decodeBase64(text)
  if (!key) throw new Error(`${which} is neither base64url, base64 nor hexadecimal. ${howTo}`)
  if (key.length !== keyBytes) throw new Error(`${which} has ${key.length} bytes instead of ${keyBytes}. ${howTo}`)
  // Of 32 random bytes, fewer than 16 different ones come up once in 10^16; a pattern or a typed word has few.
  if (new Set(key).size < 16) throw new Error(`${which} is not random. ${howTo}`)
  return { id: keyId(key), key }
}

function keyId(key: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from('latchkey key id\0'), key]), 'hex').slice(0, 8)
}
