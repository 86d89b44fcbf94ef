import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Whether two secrets are the same, in a time that depends on neither their content nor a common beginning: their
 * SHA-256 digests are compared. The one way to compare secrets, with `isDigestOf`. (security/goals.md M4)
 */
export function sameSecret(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
}

/** Whether a secret is the one whose `sha256` was kept, in a time that does not depend on how much of it is right. */
export function isDigestOf(digest: string, secret: string): boolean {
  const kept = Buffer.from(digest, 'base64url')
  const given = hash('sha256', secret, 'buffer')
  return kept.length === given.length && timingSafeEqual(kept, given)
}

/** SHA-256 of bytes, or of a text's UTF-8 bytes, as 43 base64url characters. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'base64url')
}
