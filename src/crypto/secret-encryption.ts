import { createCipheriv, createHash, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { encodeBase64url } from '../std/base64url.ts'

export interface SecretEncryption {
  /** The secret of the API key that makes the request. */
  password: string
  /** 16 bytes, decoded once. */
  salt: Uint8Array
  keySizeBits: 128 | 192 | 256
  /** Rounds of PBKDF2, 1 to 65536. */
  iterations: number
}

const derive = promisify(pbkdf2)
const IV = 16
const MOST_KEYS = 64
const keys = new Map<string, Promise<Buffer>>()

/**
 * Encrypts the secret of an API key as the old SDKs read it: AES-CBC with PKCS padding under PBKDF2-HMAC-SHA1, the IV in
 * front, base64url (contract/rest.md 12, T9).
 */
export async function encryptSecret(secret: string, encryption: SecretEncryption): Promise<string> {
  const iv = randomBytes(IV)
  const cipher = createCipheriv(`aes-${encryption.keySizeBits}-cbc`, await keyFor(encryption), iv)
  return encodeBase64url(Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final()]))
}

/** SDKs send the same salt with every request: the last few derived keys are kept. */
function keyFor({ password, salt, keySizeBits, iterations }: SecretEncryption): Promise<Buffer> {
  const name = createHash('sha256')
    .update(`${keySizeBits}.${iterations}.${encodeBase64url(salt)}.`)
    .update(password)
    .digest('base64url')
  const known = keys.get(name)
  if (known) return known
  const key = derive(password, salt, iterations, keySizeBits / 8, 'sha1')
  if (keys.size >= MOST_KEYS) keys.delete(keys.keys().next().value as string)
  keys.set(name, key)
  return key
}
