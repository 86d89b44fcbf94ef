import { count, intervalOf, type Rule, roomOf, type Usage, waitOf } from './rule.ts'

/** Usages in this process, at most `size`: when there are more, the one that rested longest is forgotten. */
export interface MemoryUsages {
  /** Counts one if there is room. Milliseconds to wait otherwise, 0 when counted. */
  take(rule: Rule, key: string, now: number): number
  /** Counts one in any case, and says whether that used it up. */
  count(rule: Rule, key: string, now: number): boolean
  /** Gives back what `take` took. */
  giveBack(rule: Rule, key: string): void
}

export function createMemoryUsages(size = 100_000): MemoryUsages {
  const usages = new Map<string, Usage>()
  const put = (key: string, usage: Usage) => {
    // The order of a map is that of insertion.
    usages.delete(key)
    usages.set(key, usage)
    if (usages.size > size) usages.delete(usages.keys().next().value as string)
  }
  return {
    take(rule, key, now) {
      const usage = usages.get(key)
      const wait = waitOf(rule, usage, now)
      if (wait === 0) put(key, count(rule, usage, now))
      return wait
    },
    count(rule, key, now) {
      const before = usages.get(key)
      const usage = count(rule, before, now)
      put(key, usage)
      return roomOf(rule, before, now) > 0 && roomOf(rule, usage, now) === 0
    },
    giveBack(rule, key) {
      const usage = usages.get(key)
      if (usage) put(key, { ...usage, backAt: usage.backAt - intervalOf(rule) })
    },
  }
}
