import type { Rule } from './rule.ts'

/** What came of asking for one. */
export interface Taken {
  /** Milliseconds until there is room; 0 when it was counted. */
  wait: number
  /** How many more there is room for. */
  left: number
}

type Awaitable<T> = T | Promise<T>

/**
 * Counters outside of the database, for what happens too often to be written there: in the memory of this process, or
 * shared between processes. They may be lost; what must not be lost is a `usage` of the store.
 */
export interface Counters {
  /** Counts one if there is room. */
  take(rule: Rule, key: string, now: number): Awaitable<Taken>
  /** Counts one in any case, and says whether that used it up. */
  count(rule: Rule, key: string, now: number): Awaitable<boolean>
  /** Gives back what `take` took. */
  giveBack(rule: Rule, key: string): void
}
