import type { Counters, Taken } from './counters.ts'
import { count, intervalOf, type Rule, roomOf, type Usage, waitOf } from './rule.ts'

/** Answers at once. */
export interface MemoryCounters extends Counters {
  take(rule: Rule, key: string, now: number): Taken
  count(rule: Rule, key: string, now: number): boolean
}

/** Counters in this process, at most `size`: when there are more, the one that rested longest is forgotten. */
export function createMemoryCounters(size = 100_000): MemoryCounters {
  const usages = new Map<string, Usage>()
  const put = (key: string, usage: Usage) => {
    // The order of a map is that of insertion.
    usages.delete(key)
    usages.set(key, usage)
    if (usages.size > size) usages.delete(usages.keys().next().value as string)
  }
  return {
    take(rule, key, now) {
      const before = usages.get(key)
      const wait = waitOf(rule, before, now)
      if (wait > 0) return { wait, left: 0 }
      const usage = count(rule, before, now)
      put(key, usage)
      return { wait, left: roomOf(rule, usage, now) }
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
