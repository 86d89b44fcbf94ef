/**
 * How often something may happen: `burst` times at once, and as many again within `per` milliseconds, evenly (the generic
 * cell rate algorithm, as of ATM Forum TM 4.0). With `pause`, whoever used up the burst waits that long, twice as long
 * after each further time, up to the longest, and nothing comes back meanwhile; a day without any makes it forgotten.
 */
export interface Rule {
  burst: number
  per: number
  pause?: { first: number; longest: number }
  /** Per process instead of in the database: for counters of many accounts at once, which all log-ins would write to. */
  inMemory?: true
  /** Nobody is refused, the operator is told. */
  alarm?: true
}

/** What is kept per rule and key; times in milliseconds since the epoch. */
export interface Usage {
  /** When everything used will have come back: the theoretical arrival time of the algorithm. */
  backAt: number
  /** The last pause. */
  pause: number
  pausedUntil: number
  /** From then on as good as never used. */
  expiresAt: number
}

const DAY = 86_400_000

/** Milliseconds in which one unit comes back. */
export const intervalOf = ({ burst, per }: Rule): number => Math.ceil(per / burst)

/** How long a usage is kept after its last change has come to an end. */
export const memoryOf = ({ pause }: Rule): number => (pause ? DAY : 0)

/** How many may happen now. */
export function roomOf(rule: Rule, usage: Usage | undefined, now: number): number {
  if (!usage || usage.expiresAt <= now) return rule.burst
  if (usage.pausedUntil > now) return 0
  const left = Math.floor((rule.per - Math.max(0, usage.backAt - now)) / intervalOf(rule))
  return rule.pause ? Math.max(1, left) : Math.max(0, left)
}

/** Milliseconds until there is room; 0 when there is. */
export function waitOf(rule: Rule, usage: Usage | undefined, now: number): number {
  if (!usage || roomOf(rule, usage, now) > 0) return 0
  return Math.max(usage.pausedUntil - now, rule.pause ? 0 : usage.backAt + intervalOf(rule) - rule.per - now, 1)
}

/** The usage after one more, whether or not there was room. */
export function count(rule: Rule, before: Usage | undefined, now: number): Usage {
  const interval = intervalOf(rule)
  const { backAt, pause, pausedUntil } = before && before.expiresAt > now ? before : { ...fresh, backAt: now }
  const from = Math.max(backAt, now)
  const usedUp = from > now + rule.per - 2 * interval
  const { first, longest } = rule.pause ?? { first: 0, longest: 0 }
  const next = usedUp ? Math.min(longest, Math.max(first, 2 * pause)) : pause
  const pauses = usedUp && rule.pause !== undefined
  const after = {
    backAt: pauses ? now + next + rule.per : Math.min(from + interval, now + rule.per),
    pause: next,
    pausedUntil: pauses ? now + next : pausedUntil,
  }
  return { ...after, expiresAt: Math.max(after.backAt, after.pausedUntil) + memoryOf(rule) }
}

const fresh: Usage = { backAt: 0, pause: 0, pausedUntil: 0, expiresAt: 0 }
