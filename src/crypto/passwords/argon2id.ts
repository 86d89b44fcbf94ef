import { argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import { decodeBase64 } from '../../std/base64url.ts'
import { type PasswordFormat, sameDigest } from './format.ts'
import { parseParameters } from './parameters.ts'

const derive = promisify(argon2)

export interface Argon2Cost {
  /** Memory in KiB. */
  memory: number
  passes: number
  parallelism: number
}

export interface Argon2Hash extends Argon2Cost {
  salt: Uint8Array
  tag: Uint8Array
}

// libsodium's "moderate", 256 MiB and 3 passes, is the most that is in real use; it takes about a second.
const maxMemory = 256 * 1024
const maxPasses = 16
const maxWork = 4 * maxMemory
const maxParallelism = 16

/**
 * argon2id version 19 as a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$B64SALT$B64TAG`: what we write ourselves, and what
 * others write with costs of their own. argon2i, argon2d and version 16 are unsupported. (RFC 9106)
 */
export const argon2id = {
  name: 'argon2id',
  claims: (encoded) => /^\$argon2(id|i|d)\$/.test(encoded),
  parse(encoded) {
    const [, algorithm, version, parameters = '', salt64 = '', tag64 = ''] =
      /^\$(argon2\w+)(?:\$v=(\d+))?\$([^$]+)\$([^$]+)\$([^$]+)$/.exec(encoded) ?? []
    const counts = parseParameters(parameters, ['m', 't', 'p'])
    const salt = decodeBase64(salt64)
    const tag = decodeBase64(tag64)
    if (!counts || !salt || !tag) return 'invalid'
    if (algorithm !== 'argon2id' || version !== '19') return 'unsupported'
    const { m: memory, t: passes, p: parallelism } = counts
    if (passes < 1 || parallelism < 1 || memory < 8 * parallelism) return 'invalid'
    if (salt.length < 8 || salt.length > 64 || tag.length < 16 || tag.length > 64) return 'invalid'
    const tooMuch =
      memory > maxMemory || passes > maxPasses || memory * passes > maxWork || parallelism > maxParallelism
    return tooMuch ? 'unsupported' : { memory, passes, parallelism, salt, tag }
  },
  /** Runs on the thread pool of the runtime, in about two thirds more time than the prebuilt implementation. */
  async verify(password, hash) {
    return sameDigest(await deriveTag(password, hash, hash.salt, hash.tag.length), hash.tag)
  },
} satisfies PasswordFormat<Argon2Hash>

/** The tag of a password, by the runtime's own implementation. */
export function deriveTag(password: string, cost: Argon2Cost, nonce: Uint8Array, tagLength: number): Promise<Buffer> {
  const { memory, passes, parallelism } = cost
  return derive('argon2id', { message: Buffer.from(password), nonce, memory, passes, parallelism, tagLength })
}

/** The PHC string of a hash; base64 without padding. */
export function formatArgon2id({ memory, passes, parallelism, salt, tag }: Argon2Hash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}
