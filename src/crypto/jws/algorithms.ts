import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto'
import { sameSecret } from '../compare.ts'

/** Makes signatures under one key. The algorithm belongs to the key: no message can choose another. */
export interface SigningKey {
  readonly id: string
  readonly alg: 'HS256' | 'EdDSA'
  sign(data: string): Buffer
}

/** Checks signatures under one key. */
export interface VerifyingKey {
  readonly alg: string
  verifies(data: string, signature: Uint8Array): boolean
}

/** An Ed25519 pair in the forms in which it is kept and published. */
export interface KeyPair {
  /** PKCS #8, DER. */
  privateKey: Buffer
  /** The 32 bytes as base64url: `x` of a JWK of type OKP. (RFC 8037 §2) */
  publicKey: string
}

/** HMAC-SHA-256 under the UTF-8 bytes of a text, undecoded. (contract/rest.md §14.1, trap T12) */
export function hmacKey(id: string, secret: string): SigningKey & VerifyingKey {
  const key = createSecretKey(secret, 'utf8')
  const mac = (data: string) => createHmac('sha256', key).update(data).digest()
  return { id, alg: 'HS256', sign: mac, verifies: (data, signature) => sameSecret(mac(data), signature) }
}

/** A new Ed25519 pair. */
export function createKeyPair(): KeyPair {
  const pair = generateKeyPairSync('ed25519')
  return {
    privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: pair.publicKey.export({ format: 'jwk' }).x as string,
  }
}

/** Signs with Ed25519: the same data gives the same signature every time. (RFC 8032) */
export function ed25519Signer(id: string, privateKey: Buffer): SigningKey {
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
  return { id, alg: 'EdDSA', sign: (data) => sign(null, Buffer.from(data), key) }
}

/** @param publicKey `x` of the JWK */
export function ed25519Verifier(publicKey: string): VerifyingKey {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
  return { alg: 'EdDSA', verifies: (data, signature) => verify(null, Buffer.from(data), key, signature) }
}

/** A published key as a JWK. (RFC 7517, RFC 8037) */
export function toJwk(id: string, publicKey: string) {
  return { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: id, x: publicKey } as const
}
