import { timingSafeEqual } from 'node:crypto'

/** A way in which some system writes a hashed password as text. `P` is what the text says, taken apart. */
export interface PasswordFormat<P extends object = object> {
  readonly name: string
  /** Whether a text announces this format, by its prefix as a rule; the rest of it may be wrong. No two formats claim one text. */
  claims(encoded: string): boolean
  /**
   * Takes a claimed text apart: `invalid` when it is malformed, `unsupported` when it names an algorithm we do not have or
   * a cost above what we are willing to spend on one log-in (security/goals.md G3).
   */
  parse(encoded: string): P | Refusal
  /** Whether the password is the one that was hashed. May take long and block: not for the main thread. */
  verify(password: string, parsed: P): boolean | Promise<boolean>
}

export type Refusal = 'invalid' | 'unsupported'

/** Whether two digests are equal, in constant time. Different lengths are different. */
export function sameDigest(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
