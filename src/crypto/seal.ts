import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { decodeBase64url } from '../std/base64url.ts'
import type { KeyRing } from './key-ring.ts'

/** Where a sealed text is stored. It opens there and nowhere else: a text copied to another row fails. */
export interface Place {
  tenant: string
  table: string
  row: string
  column: string
}

/** Encrypts what must be readable again: API-key secrets, TOTP seeds, private keys. */
export interface Seal {
  seal(plaintext: string | Uint8Array, place: Place): string
  /** @throws {SealError} */
  open(sealed: string, place: Place): Buffer
  /** Whether the text was sealed with the newest key; one that was not is sealed anew when keys are rotated. */
  isCurrent(sealed: string): boolean
}

/** Encrypts under one key that is itself sealed elsewhere, so that destroying that key destroys what it sealed. */
export type DataSeal = Omit<Seal, 'isCurrent'>

/** A sealed text cannot be opened: not one of ours, sealed with a key that is gone, or not what was sealed in this place. */
export class SealError extends Error {
  override readonly name = 'SealError'
  readonly reason: 'malformed' | 'unknown-key' | 'forged'

  constructor(reason: 'malformed' | 'unknown-key' | 'forged', message: string) {
    super(message)
    this.reason = reason
  }
}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/**
 * Seals with the newest key of a ring and opens with any of them. AES-256-GCM with a random 96-bit nonce, the place as
 * additional data; as text `s1.<key id>.<nonce, ciphertext and tag in base64url>`. (security/goals.md M5)
 */
export function createSeal(ring: KeyRing): Seal {
  const keys = new Map(ring.map(({ id, key }) => [id, createSecretKey(key)]))
  const newestId = ring[0].id
  const newest = keys.get(newestId) as KeyObject
  return {
    seal: (plaintext, place) => `s1.${newestId}.${encrypt(newest, plaintext, place)}`,
    open(sealed, place) {
      const [version, id = '', box = '', ...rest] = sealed.split('.')
      if (version !== 's1' || rest.length > 0) throw new SealError('malformed', 'This is no sealed text.')
      const key = keys.get(id)
      if (!key) throw new SealError('unknown-key', `Sealed with key ${id}, which is not in the key ring.`)
      return decrypt(key, box, place)
    },
    isCurrent: (sealed) => sealed.startsWith(`s1.${newestId}.`),
  }
}

/** A key for `createDataSeal`: 32 random bytes. */
export function createDataKey(): Buffer {
  return randomBytes(32)
}

/**
 * Seals with one raw key of 32 bytes; as text `d1.<nonce, ciphertext and tag in base64url>`.
 *
 * @throws {RangeError} for a key of another length
 */
export function createDataSeal(dataKey: Uint8Array): DataSeal {
  if (dataKey.length !== 32) throw new RangeError(`A data key has 32 bytes, not ${dataKey.length}.`)
  const key = createSecretKey(dataKey)
  return {
    seal: (plaintext, place) => `d1.${encrypt(key, plaintext, place)}`,
    open(sealed, place) {
      if (!sealed.startsWith('d1.')) throw new SealError('malformed', 'This is no text sealed with a data key.')
      return decrypt(key, sealed.slice(3), place)
    },
  }
}

function encrypt(key: KeyObject, plaintext: string | Uint8Array, place: Place): string {
  const nonce = randomBytes(nonceBytes)
  const encryption = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(additionalData(place))
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext
  return Buffer.concat([nonce, encryption.update(bytes), encryption.final(), encryption.getAuthTag()]).toString(
    'base64url',
  )
}

function decrypt(key: KeyObject, box: string, place: Place): Buffer {
  // Strict, or else two texts would open as one.
  const bytes = decodeBase64url(box)
  if (!bytes || bytes.length < nonceBytes + tagBytes) throw new SealError('malformed', 'This is no sealed text.')
  const nonce = bytes.subarray(0, nonceBytes)
  const end = bytes.length - tagBytes
  const decryption = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
    .setAAD(additionalData(place))
    .setAuthTag(bytes.subarray(end))
  try {
    return Buffer.concat([decryption.update(bytes.subarray(nonceBytes, end)), decryption.final()])
  } catch {
    throw new SealError('forged', `Not what was sealed for ${place.table}.${place.column} of ${place.row}.`)
  }
}

/** The parts, each after its length, so that no two places share their bytes. */
function additionalData({ tenant, table, row, column }: Place): Buffer {
  return Buffer.concat(
    [tenant, table, row, column].flatMap((part) => {
      const bytes = Buffer.from(part)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}
