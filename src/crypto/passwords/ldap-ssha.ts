import { hash } from 'node:crypto'
import { decodeBase64 } from '../../std/base64url.ts'
import { type PasswordFormat, sameDigest } from './format.ts'

const algorithms = new Map([
  ['{SSHA}', { name: 'sha1', length: 20 }],
  ['{SSHA256}', { name: 'sha256', length: 32 }],
  ['{SSHA512}', { name: 'sha512', length: 64 }],
])

interface Ssha {
  algorithm: string
  digest: Uint8Array
  salt: Uint8Array
}

/** Salted SHA of LDAP directories, `{SSHA}` with base64 of digest and salt; `{SSHA256}` and `{SSHA512}` too. */
export const ldapSsha = {
  name: 'ldap-ssha',
  claims: (encoded) => /^\{SSHA(256|512)?\}/i.test(encoded),
  parse(encoded) {
    const end = encoded.indexOf('}') + 1
    const algorithm = algorithms.get(encoded.slice(0, end).toUpperCase())
    const bytes = decodeBase64(encoded.slice(end))
    if (!algorithm || !bytes || bytes.length <= algorithm.length) return 'invalid'
    const { name, length } = algorithm
    return { algorithm: name, digest: bytes.subarray(0, length), salt: bytes.subarray(length) }
  },
  verify: (password, { algorithm, digest, salt }) =>
    sameDigest(hash(algorithm, Buffer.concat([Buffer.from(password), salt]), 'buffer'), digest),
} satisfies PasswordFormat<Ssha>
