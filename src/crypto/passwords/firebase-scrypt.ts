import { createCipheriv, scryptSync } from 'node:crypto'
import { decodeBase64 } from '../../std/base64url.ts'
import { type PasswordFormat, sameDigest } from './format.ts'
import { parseParameters } from './parameters.ts'
import { type ScryptCost, scryptCost } from './scrypt-cost.ts'

interface FirebaseScrypt {
  cost: ScryptCost
  salt: Uint8Array
  signerKey: Uint8Array
  digest: Uint8Array
}

/**
 * Firebase's modified scrypt: a key derived from the password encrypts the project's signer key. Firebase exports the
 * parts separately; this one text is how Ory Kratos joins them, everything in base64:
 * `$firescrypt$ln=<memory cost>,r=<rounds>,p=1$SALT$HASH$SALT_SEPARATOR$SIGNER_KEY`. (dependencies.md §4.5)
 */
export const firebaseScrypt = {
  name: 'firebase-scrypt',
  claims: (encoded) => encoded.startsWith('$firescrypt$'),
  parse(encoded) {
    const [, , parameters = '', ...fields] = encoded.split('$')
    const counts = parseParameters(parameters, ['ln', 'r', 'p'])
    const [salt, digest, separator, signerKey] = fields.map(decodeBase64)
    if (fields.length !== 4 || !counts || counts.p !== 1 || !salt || !digest || !separator || !signerKey)
      return 'invalid'
    // CTR keeps the length. A short signer key would let many passwords match.
    if (signerKey.length < 16 || digest.length !== signerKey.length) return 'invalid'
    const cost = scryptCost(counts)
    return typeof cost === 'string' ? cost : { cost, salt: Buffer.concat([salt, separator]), signerKey, digest }
  },
  verify(password, { cost, salt, signerKey, digest }) {
    const key = scryptSync(password, salt, 64, cost).subarray(0, 32)
    return sameDigest(createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signerKey), digest)
  },
} satisfies PasswordFormat<FirebaseScrypt>
