import { decodeBase64 } from '../../std/base64url.ts'
import type { PasswordFormat, Refusal } from './format.ts'
import { checkPbkdf2, type Pbkdf2Hash, verifyPbkdf2 } from './pbkdf2-hash.ts'

const prfs = ['sha1', 'sha256', 'sha512'] as const

/**
 * ASP.NET Identity, base64 without any prefix. Version 2: a zero byte, 16 bytes of salt, 32 of PBKDF2-HMAC-SHA1 with
 * 1,000 iterations. Version 3: a one, then PRF, iterations and salt length as big-endian 32-bit numbers, salt, subkey.
 * (dependencies.md §4.5)
 */
export const aspnetIdentity = {
  name: 'aspnet-identity',
  // A first byte of 0 or 1, and no shorter than the shortest.
  claims: (encoded) => /^A[A-Za-f][A-Za-z0-9+/]{58,}={0,2}$/.test(encoded),
  parse(encoded) {
    const bytes = decodeBase64(encoded)
    if (!bytes) return 'invalid'
    return bytes[0] === 0 ? parseVersion2(bytes) : parseVersion3(bytes)
  },
  verify: verifyPbkdf2,
} satisfies PasswordFormat<Pbkdf2Hash>

function parseVersion2(bytes: Uint8Array): Pbkdf2Hash | Refusal {
  if (bytes.length !== 49) return 'invalid'
  return { prf: 'sha1', iterations: 1000, salt: bytes.subarray(1, 17), digest: bytes.subarray(17) }
}

function parseVersion3(bytes: Uint8Array): Pbkdf2Hash | Refusal {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const prf = prfs[view.getUint32(1)]
  const saltLength = view.getUint32(9)
  if (!prf) return 'unsupported'
  if (saltLength < 16 || saltLength > bytes.length - 13) return 'invalid'
  const salt = bytes.subarray(13, 13 + saltLength)
  return checkPbkdf2({ prf, iterations: view.getUint32(5), salt, digest: bytes.subarray(13 + saltLength) })
}
