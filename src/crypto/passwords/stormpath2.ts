import { hash } from 'node:crypto'
import { decodeBase64 } from '../../std/base64url.ts'
import { type PasswordFormat, sameDigest } from './format.ts'
import { parseCount } from './parameters.ts'

const algorithms = new Map([
  ['MD5', { name: 'md5', length: 16 }],
  ['SHA-1', { name: 'sha1', length: 20 }],
  ['SHA-256', { name: 'sha256', length: 32 }],
  ['SHA-384', { name: 'sha384', length: 48 }],
  ['SHA-512', { name: 'sha512', length: 64 }],
])

// About a second.
const maxIterations = 1_000_000

interface Stormpath2 {
  algorithm: string
  iterations: number
  salt: Uint8Array
  digest: Uint8Array
}

/**
 * `$stormpath2$ALG$ITER$B64SALT$B64HASH`: the salt's bytes and the password hashed, then the digest again until there
 * were ITER rounds. The salt may be empty. (contract/rest.md §13.5)
 */
export const stormpath2 = {
  name: 'stormpath2',
  claims: (encoded) => encoded.startsWith('$stormpath2$'),
  parse(encoded) {
    const [, name = '', rounds, salt64 = '', digest64 = ''] =
      /^\$stormpath2\$([^$]+)\$([^$]+)\$([^$]*)\$([^$]+)$/.exec(encoded) ?? []
    if (name === '') return 'invalid'
    const algorithm = algorithms.get(name)
    if (!algorithm) return 'unsupported'
    const iterations = parseCount(rounds)
    const salt = decodeBase64(salt64)
    const digest = decodeBase64(digest64)
    if (!iterations || !salt || digest?.length !== algorithm.length) return 'invalid'
    return iterations > maxIterations ? 'unsupported' : { algorithm: algorithm.name, iterations, salt, digest }
  },
  verify(password, { algorithm, iterations, salt, digest }) {
    let computed = hash(algorithm, Buffer.concat([salt, Buffer.from(password)]), 'buffer')
    for (let round = 1; round < iterations; round++) computed = hash(algorithm, computed, 'buffer')
    return sameDigest(computed, digest)
  },
} satisfies PasswordFormat<Stormpath2>
