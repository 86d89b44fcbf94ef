import { hash, timingSafeEqual } from 'node:crypto'

/** Lower-case hex SHA-256 of UTF-8 text. */
export function sha256(text: string): string {
  return hash('sha256', text)
}

/** Whether two secrets are the same, in a time that tells neither their content nor their length. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
}
