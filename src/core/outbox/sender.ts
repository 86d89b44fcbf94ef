import type { Clock } from '../../std/clock.ts'
import type { Claimed, Outbox } from '../ports.ts'

/** The other side refused for good: to try again would be the same. */
export class RefusedForGood extends Error {
  override readonly name: string = 'RefusedForGood'
}

/** It failed, and whoever sends knows when it is to be tried again. */
export class Postponed extends Error {
  override readonly name: string = 'Postponed'
  readonly dueAt: number

  constructor(reason: string, dueAt: number) {
    super(reason)
    this.dueAt = dueAt
  }
}

export interface SenderOptions {
  outbox: Outbox
  clock: Clock
  /** Sends it, or finds that there is no reason left to. Any error means that it is tried again, unless it says not. */
  send(item: Claimed): Promise<void>
  /** Hears of every attempt that failed; `final` when it was the last. */
  onFailure(item: Claimed, error: unknown, final: boolean): void
  /** What is about one subject leaves one after the other: the next may begin when one has ended. */
  ordered?: boolean
  /** Longer than any attempt takes, in milliseconds; five minutes unless given. */
  lease?: number
}

/** Sends what is in the outbox, beside the callers' work. */
export interface Sender {
  /** There may be something to send. */
  wake(): void
  /** Resolves when nothing that is due is left, and nothing is on its way. */
  settled(): Promise<void>
  /** Begins nothing more, and waits for what is on its way, `timeout` ms at most. What is left waits in the database. */
  stop(timeout: number): Promise<void>
}

/** At a time. */
const MOST_AT_ONCE = 8
/** Longer than any attempt takes: whoever has not finished by then is dead. */
const LEASE = 5 * 60_000
/** After so many attempts it is given up; that is about eight hours. */
const MOST_ATTEMPTS = 9
const FIRST_PAUSE = 10_000
const LONGEST_PAUSE = 4 * 60 * 60_000
/** How often to look for what other processes left. */
const POLL = 30_000
/** What was given up is kept for a look at the reason, without its content. */
const KEPT_DEAD = 7 * 24 * 60 * 60_000
const PURGE_EVERY = 60 * 60_000

/** Milliseconds before the attempt after this one, with jitter: those who failed together should not meet again. */
export function pauseAfter(attempts: number, random = Math.random): number {
  const longest = Math.min(FIRST_PAUSE * 3 ** (attempts - 1), LONGEST_PAUSE)
  return Math.round(longest * (0.5 + random() / 2))
}

export function createSender({
  outbox,
  clock,
  send,
  onFailure,
  ordered = false,
  lease = LEASE,
}: SenderOptions): Sender {
  const underWay = new Set<Promise<void>>()
  let running: Promise<void> | undefined
  let woken = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let purgedAt = Number.NEGATIVE_INFINITY

  async function work(): Promise<void> {
    do {
      woken = false
      if (underWay.size >= MOST_AT_ONCE) await Promise.race(underWay)
      const now = clock.now()
      const claimed = await outbox.claim(now, now + lease, MOST_AT_ONCE - underWay.size)
      for (const item of claimed) {
        const attempt: Promise<void> = attemptOf(item).finally(() => {
          underWay.delete(attempt)
          if (ordered) wake()
        })
        underWay.add(attempt)
      }
      if (claimed.length > 0) woken = true
    } while (woken && !stopped)
    if (clock.now() - purgedAt > PURGE_EVERY) {
      purgedAt = clock.now()
      await outbox.purge(clock.now() - KEPT_DEAD)
    }
  }

  /** Never rejects: what cannot be noted now is done again when the lease has run out. */
  async function attemptOf(item: Claimed): Promise<void> {
    try {
      if (clock.now() < item.expiresAt) await send(item)
    } catch (error) {
      const postponed = error instanceof Postponed
      const final = error instanceof RefusedForGood || (!postponed && item.attempts >= MOST_ATTEMPTS)
      onFailure(item, error, final)
      const text = error instanceof Error ? error.message : String(error)
      const next = postponed ? error.dueAt : clock.now() + pauseAfter(item.attempts)
      await outbox.fail(item, text.slice(0, 500), final ? undefined : next).catch(() => {})
      return
    }
    await outbox.finish(item).catch(() => {})
  }

  function wake(): void {
    woken = true
    if (stopped || running) return
    clearTimeout(timer)
    running = work()
      // The database cannot be reached, say; the next look finds what is due.
      .catch(() => {})
      .finally(() => {
        running = undefined
        return plan()
      })
  }

  async function plan(): Promise<void> {
    if (stopped) return
    if (woken) return wake()
    const due = await outbox.nextDue().catch(() => undefined)
    if (stopped || running) return
    const pause = due === undefined ? POLL : Math.min(Math.max(due - clock.now(), 50), POLL)
    clearTimeout(timer)
    timer = setTimeout(wake, pause).unref()
  }

  return {
    wake,
    async settled() {
      if (!stopped) wake()
      while (running || underWay.size > 0) {
        await running
        await Promise.all(underWay)
      }
    },
    async stop(timeout) {
      stopped = true
      clearTimeout(timer)
      const over = new Promise((resolve) => setTimeout(resolve, timeout).unref())
      await Promise.race([Promise.resolve(running).then(() => Promise.all(underWay)), over])
    },
  }
}
