import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { decodeBase64, decodeBase64url, encodeBase64url } from '../std/base64url.ts'

/** Where a sealed value lives; it can be opened nowhere else. */
export interface Place {
  tenant: string
  table: string
  row: string
  column: string
}

/** Keys of 32 bytes, the newest first: it seals, all of them open. */
export type KeyRing = readonly Uint8Array[]

export interface Seal {
  /** AES-256-GCM under the newest key: `s1.<key id>.<nonce, ciphertext and tag as base64url>`. */
  seal(plaintext: string | Uint8Array, place: Place): string
  /** @throws SealError for a foreign place, an altered text or an unknown key */
  open(sealed: string, place: Place): Buffer
  /** Whether a text was sealed under the newest key. */
  isCurrent(sealed: string): boolean
}

/** A sealed text did not open. It says nothing about why. */
export class SealError extends Error {
  constructor() {
    super('A sealed value could not be opened with any key of the ring.')
    this.name = 'SealError'
  }
}

const NONCE = 12
const TAG = 16
const KEY = 32
const HOW = 'Make one with: latchkey key generate'

/** A new key for a ring, as text. */
export const generateKey = (): string => encodeBase64url(randomBytes(KEY))

/** A new key of 32 bytes. */
export const createDataKey = (): Uint8Array => randomBytes(KEY)

/**
 * Reads a ring: keys of 32 bytes in base64url, base64 or hex, separated by commas or line ends, the newest first.
 * @throws Error that says how to make a key, when one is malformed or weak
 */
export function parseKeyRing(text: string): KeyRing {
  const keys = text
    .split(/[,\n\r]+/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map(parseKey)
  if (keys.length === 0) throw new Error(`There is no secret key. ${HOW}`)
  return keys
}

function parseKey(text: string): Uint8Array {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : (decodeBase64url(text) ?? decodeBase64(text))
  if (bytes?.length !== KEY) throw new Error(`A secret key has 32 bytes, written in base64url, base64 or hex. ${HOW}`)
  // Random bytes hardly ever repeat this much: fewer than 16 different values means somebody typed it.
  if (new Set(bytes).size < 16) throw new Error(`A secret key must be random. ${HOW}`)
  return bytes
}

export function createSeal(ring: KeyRing): Seal {
  const byId = new Map(ring.map((key) => [keyId(key), key]))
  const [newest] = ring
  if (!newest) throw new Error(`There is no secret key. ${HOW}`)
  const current = `s1.${keyId(newest)}.`
  return {
    seal: (plaintext, place) => current + encrypt(newest, plaintext, place),
    open(sealed, place) {
      const [version, id, text] = sealed.split('.')
      const key = version === 's1' ? byId.get(id ?? '') : undefined
      if (!key || !text) throw new SealError()
      return decrypt(key, text, place)
    },
    isCurrent: (sealed) => sealed.startsWith(current),
  }
}

/** A key that is itself sealed, as each account's event key is. */
export const openKey = (seal: Seal, sealed: string, place: Place): Uint8Array => seal.open(sealed, place)

/** Seals under a key outside the ring. */
export const sealWith = (key: Uint8Array, plaintext: string | Uint8Array, place: Place): string =>
  `k1.${encrypt(key, plaintext, place)}`

/** Opens what `sealWith` sealed. @throws SealError */
export function openWith(key: Uint8Array, sealed: string, place: Place): Buffer {
  if (!sealed.startsWith('k1.')) throw new SealError()
  return decrypt(key, sealed.slice(3), place)
}

function encrypt(key: Uint8Array, plaintext: string | Uint8Array, place: Place): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData(place))
  const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext)
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Uint8Array, text: string, place: Place): Buffer {
  const bytes = decodeBase64url(text)
  if (!bytes || bytes.length < NONCE + TAG) throw new SealError()
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(associatedData(place)).setAuthTag(bytes.subarray(bytes.length - TAG))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()])
  } catch {
    throw new SealError()
  }
}

/** Each part behind its length, so that no two places read alike. */
function associatedData({ tenant, table, row, column }: Place): Buffer {
  return Buffer.from([tenant, table, row, column].map((part) => `${Buffer.byteLength(part)}:${part}`).join(''))
}

const keyId = (key: Uint8Array): string =>
  createHash('sha256').update('latchkey key id').update(key).digest('hex').slice(0, 8)
