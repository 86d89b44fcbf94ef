import { randomBytes } from 'node:crypto'
import { type Argon2, chooseArgon2 } from './argon2.ts'
import { type Argon2Cost, argon2id, formatArgon2id } from './argon2id.ts'
import { formatOf } from './formats.ts'
import { createQueue, hashingSlots, type Load } from './queue.ts'
import { createWorkerPool } from './worker-pool.ts'

export interface PasswordsOptions {
  /** Takes this implementation of argon2id only, instead of the fastest that loads. For tests. */
  force?: Argon2['implementation']
  /** A cheaper hash, for tests only: it offers no protection. Memory in KiB, at least 8. */
  insecureTestCost?: { memoryKiB: number; passes: number }
}

/**
 * Hashes and verifies passwords. All work goes through one bounded queue: when it is full, `hash`, `verify` and
 * `verifyNothing` reject with `QueueFull` at once. Passwords of more than 1,024 code points are never hashed.
 */
export interface Passwords {
  /** Which implementation of argon2id is in use. */
  readonly implementation: Argon2['implementation']
  /** An argon2id PHC string. @throws {RangeError} for a password that is too long */
  hash(password: string): Promise<string>
  /**
   * Whether this is the password that was hashed, in any of the formats. A refusal takes at least as long as one of a
   * hash we made, whatever the format; so does a password too long or a text in no format.
   */
  verify(password: string, encoded: string): Promise<boolean>
  /** Takes as long as a verification, for accounts that do not exist: the time of an answer must not tell. */
  verifyNothing(password: string): Promise<void>
  /** Whether the text is anything but what `hash` writes today: after a successful log-in the password is hashed anew. */
  needsRehash(encoded: string): boolean
  /**
   * Whether an imported hash can be taken over: `invalid` when it is in no known format or malformed, `unsupported` when
   * its algorithm is not known or its cost is above our bounds. (contract/rest.md §13.5)
   */
  checkImport(text: string): 'ok' | 'invalid' | 'unsupported'
  /** What is being hashed, what waits for it, what was refused. */
  load(): Load
  /** Waits for what was begun, then ends the threads. Nothing can be asked afterwards. */
  close(): Promise<void>
}

const maxCodePoints = 1024
const maxWaiting = 32
const tagLength = 32

// OWASP Password Storage: 19 MiB, two passes, one lane.
const defaultCost: Argon2Cost = { memory: 19_456, passes: 2, parallelism: 1 }

export function createPasswords({ force, insecureTestCost }: PasswordsOptions = {}): Passwords {
  const argon2 = chooseArgon2(force)
  const cost = insecureTestCost
    ? { memory: insecureTestCost.memoryKiB, passes: insecureTestCost.passes, parallelism: 1 }
    : defaultCost
  const queue = createQueue({ running: hashingSlots(), waiting: maxWaiting })
  const workers = createWorkerPool()
  // Not the hash of anything: to verify it costs what it always costs, and fails.
  const nothing = { ...cost, salt: randomBytes(16), tag: randomBytes(tagLength) }
  const encodedNothing = formatArgon2id(nothing)
  let closed = false

  async function matches(password: string, encoded: string): Promise<boolean> {
    const format = formatOf(encoded)
    if (format && format !== argon2id) return workers.verify({ format: format.name, password, encoded })
    const parsed = format && argon2id.parse(encoded)
    return typeof parsed === 'object' && argon2.verify(password, encoded, parsed)
  }

  async function refuse(): Promise<false> {
    await argon2.verify('', encodedNothing, nothing)
    return false
  }

  function enqueue<T>(task: () => Promise<T>): Promise<T> {
    return closed ? Promise.reject(new Error('These passwords are closed.')) : queue.run(task)
  }

  function needsRehash(encoded: string): boolean {
    const parsed = argon2id.claims(encoded) ? argon2id.parse(encoded) : 'invalid'
    if (typeof parsed === 'string') return true
    const { memory, passes, parallelism, tag } = parsed
    return (
      memory !== cost.memory || passes !== cost.passes || parallelism !== cost.parallelism || tag.length !== tagLength
    )
  }

  return {
    implementation: argon2.implementation,
    async hash(password) {
      if (isTooLong(password)) throw new RangeError(`A password has at most ${maxCodePoints} characters.`)
      return enqueue(() => argon2.hash(password, cost))
    },
    verify(password, encoded) {
      if (isTooLong(password)) return enqueue(refuse)
      return enqueue(async () => {
        if (await matches(password, encoded)) return true
        // An old format is often much cheaper than ours. Without this its refusals would give the account away.
        return needsRehash(encoded) ? refuse() : false
      })
    },
    async verifyNothing(password) {
      await enqueue(isTooLong(password) ? refuse : () => argon2.verify(password, encodedNothing, nothing))
    },
    needsRehash,
    load: queue.load,
    checkImport(text) {
      const parsed = formatOf(text)?.parse(text) ?? 'invalid'
      return typeof parsed === 'string' ? parsed : 'ok'
    },
    async close() {
      closed = true
      await queue.drained()
      await workers.close()
    },
  }
}

/** Counts code points only where the number of UTF-16 units leaves it open. */
function isTooLong(password: string): boolean {
  if (password.length <= maxCodePoints) return false
  return password.length > 2 * maxCodePoints || [...password].length > maxCodePoints
}
