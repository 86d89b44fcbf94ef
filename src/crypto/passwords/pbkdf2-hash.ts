import { pbkdf2Sync } from 'node:crypto'
import { type Refusal, sameDigest } from './format.ts'

/** What every format based on PBKDF2 comes down to. */
export interface Pbkdf2Hash {
  prf: 'sha1' | 'sha256' | 'sha512'
  iterations: number
  salt: Uint8Array
  digest: Uint8Array
}

// Four times what Django and OWASP ask for today; a second or two.
const maxIterations = 5_000_000

/** Checks the parts. Each block of a digest costs all iterations anew, and an empty one would match any password. */
export function checkPbkdf2(hash: Pbkdf2Hash): Pbkdf2Hash | Refusal {
  if (hash.iterations < 1 || hash.digest.length < 16 || hash.digest.length > 64) return 'invalid'
  return hash.iterations > maxIterations ? 'unsupported' : hash
}

/** Whether the password derives the digest. Blocks. (RFC 8018 §5.2) */
export function verifyPbkdf2(password: string, { prf, iterations, salt, digest }: Pbkdf2Hash): boolean {
  return sameDigest(pbkdf2Sync(password, salt, iterations, digest.length, prf), digest)
}
