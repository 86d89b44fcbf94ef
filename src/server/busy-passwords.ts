import type { Passwords } from '../crypto/passwords/passwords.ts'
import { QueueFull } from '../crypto/passwords/queue.ts'
import { refuse } from '../schema/problems.ts'

/** Passwords whose full queue is said in the words of the domain: a refusal, with the time to wait. */
export function refuseWhenBusy(passwords: Passwords): Passwords {
  return {
    ...passwords,
    hash: (password) => passwords.hash(password).catch(translate),
    verify: (password, encoded) => passwords.verify(password, encoded).catch(translate),
    verifyNothing: (password) => passwords.verifyNothing(password).catch(translate),
  }
}

function translate(error: unknown): never {
  if (!(error instanceof QueueFull)) throw error
  refuse('overloaded', { retryAfterSeconds: error.retryAfterSeconds, reason: 'too many passwords are being checked' })
}
