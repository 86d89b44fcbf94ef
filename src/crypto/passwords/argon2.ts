import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { type Argon2Cost, type Argon2Hash, argon2id, deriveTag, formatArgon2id } from './argon2id.ts'

/** An implementation of argon2id. All give and read the same strings. */
export interface Argon2 {
  readonly implementation: 'node-rs' | 'node'
  /** A PHC string with a salt of 16 random bytes and a tag of 32. */
  hash(password: string, cost: Argon2Cost): Promise<string>
  /** `encoded` as text and taken apart, so within our bounds. */
  verify(password: string, encoded: string, parsed: Argon2Hash): Promise<boolean>
}

const saltLength = 16
const tagLength = 32

/**
 * The prebuilt implementation of the optional package `@node-rs/argon2` where it loads, about twice as fast; the one
 * built into the runtime otherwise. (design.md, decision 8)
 *
 * @param force takes that one only
 * @throws {Error} when `node-rs` is forced and does not load
 */
export function chooseArgon2(force?: Argon2['implementation']): Argon2 {
  if (force === 'node') return nodeArgon2
  try {
    return nodeRsArgon2(createRequire(import.meta.url)('@node-rs/argon2') as NodeRs)
  } catch (error) {
    if (force === 'node-rs') throw new Error('The package @node-rs/argon2 does not load here.', { cause: error })
    return nodeArgon2
  }
}

const nodeArgon2: Argon2 = {
  implementation: 'node',
  async hash(password, cost) {
    const salt = randomBytes(saltLength)
    return formatArgon2id({ ...cost, salt, tag: await deriveTag(password, cost, salt, tagLength) })
  },
  verify: (password, _encoded, parsed) => argon2id.verify(password, parsed),
}

type NodeRs = Pick<typeof import('@node-rs/argon2'), 'hash' | 'verify'>

function nodeRsArgon2({ hash, verify }: NodeRs): Argon2 {
  return {
    implementation: 'node-rs',
    hash: (password, { memory, passes, parallelism }) =>
      hash(Buffer.from(password), {
        algorithm: 2, // Algorithm.Argon2id, a const enum that erasing types cannot follow
        memoryCost: memory,
        timeCost: passes,
        parallelism,
        outputLen: tagLength,
      }),
    verify: (password, encoded) => verify(encoded, Buffer.from(password)),
  }
}
