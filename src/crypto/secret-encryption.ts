import { createCipheriv, hash, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

/** How a client asks for a secret to be encrypted. */
export interface SecretEncryption {
  /** The secret of the API key that authenticates the request. */
  password: string
  /** As bytes: the client's parameter, base64url-decoded exactly once. */
  salt: Uint8Array
  keySizeBits: 128 | 192 | 256
  /** Rounds of PBKDF2, 1 to 65536. */
  iterations: number
}

/**
 * Encrypts the secret of an API key for an answer: base64url of a random 16-byte IV and AES-CBC-PKCS5, under a key by
 * PBKDF2-HMAC-SHA1. The scheme is that of the old SDKs. (contract/rest.md §12)
 *
 * @throws {RangeError} for parameters outside their bounds
 */
export async function encryptSecret(secret: string, encryption: SecretEncryption): Promise<string> {
  const key = await keyFor(encryption)
  const iv = randomBytes(16)
  const cipher = createCipheriv(`aes-${encryption.keySizeBits}-cbc`, key, iv)
  return Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final()]).toString('base64url')
}

const derive = promisify(pbkdf2)

// Java and Node ask for encryption on every API-key request and keep their salt for long, so most keys come back. The
// oldest use is first.
const keys = new Map<string, Promise<Buffer>>()
const maxKeys = 256

function keyFor({ password, salt, keySizeBits, iterations }: SecretEncryption): Promise<Buffer> {
  if (![128, 192, 256].includes(keySizeBits)) throw new RangeError(`There is no AES with ${keySizeBits} bits.`)
  if (!(Number.isInteger(iterations) && iterations >= 1 && iterations <= 65_536)) {
    throw new RangeError(`PBKDF2 takes 1 to 65536 iterations here, not ${iterations}.`)
  }
  // A hash, so that the cache does not keep passwords; JSON, so that no two parameter lists run together.
  const name = hash('sha256', JSON.stringify([password, Buffer.from(salt).toString('hex'), keySizeBits, iterations]))
  const known = keys.get(name)
  const key = known ?? derive(password, salt, iterations, keySizeBits / 8, 'sha1')
  keys.delete(name)
  keys.set(name, key)
  if (keys.size > maxKeys) keys.delete(keys.keys().next().value as string)
  return key
}
