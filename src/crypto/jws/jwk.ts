import {
  constants,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto'
import type { VerifyingKey } from './algorithms.ts'

interface Algorithm {
  kty: 'RSA' | 'EC' | 'OKP'
  crv?: string
  hash: string | null
  options?: Omit<VerifyKeyObjectInput, 'key'>
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
const ecdsa = { dsaEncoding: 'ieee-p1363' } as const

/** Asymmetric ones alone: whoever publishes a key must not be able to mean it as a shared secret. (RFC 8725 §3.2) */
const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { kty: 'RSA', hash: 'sha256' },
  RS384: { kty: 'RSA', hash: 'sha384' },
  RS512: { kty: 'RSA', hash: 'sha512' },
  PS256: { kty: 'RSA', hash: 'sha256', options: pss },
  PS384: { kty: 'RSA', hash: 'sha384', options: pss },
  PS512: { kty: 'RSA', hash: 'sha512', options: pss },
  ES256: { kty: 'EC', crv: 'P-256', hash: 'sha256', options: ecdsa },
  ES384: { kty: 'EC', crv: 'P-384', hash: 'sha384', options: ecdsa },
  ES512: { kty: 'EC', crv: 'P-521', hash: 'sha512', options: ecdsa },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', hash: null },
}

const SHORTEST_RSA = 2048

/**
 * A published key as a verifier of one algorithm; undefined where it is not for that: of another type, for encryption,
 * for another algorithm, too short, or no key at all. (RFC 7517, RFC 7518 §3)
 */
export function jwkVerifier(jwk: unknown, alg: string): VerifyingKey | undefined {
  const algorithm = Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined
  if (!algorithm || typeof jwk !== 'object' || jwk === null) return undefined
  const { kty, crv, use, alg: own } = jwk as Record<string, unknown>
  if (kty !== algorithm.kty || (algorithm.crv !== undefined && crv !== algorithm.crv)) return undefined
  if ((use !== undefined && use !== 'sig') || (own !== undefined && own !== alg)) return undefined
  const key = toKey(jwk)
  if (!key || (kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < SHORTEST_RSA)) return undefined
  const { hash, options } = algorithm
  return { alg, verifies: (data, signature) => verify(hash, Buffer.from(data), { key, ...options }, signature) }
}

function toKey(jwk: object): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  } catch {
    return undefined
  }
}
