import { Problem } from '../../schema/problems.ts'
import type { Clock } from '../../std/clock.ts'
import { fold } from '../../std/fold.ts'
import type { Context } from '../context.ts'
import type { Store, Transaction } from '../ports.ts'
import type { Listen } from '../signals.ts'
import { recall, remember, sourcesOf } from './familiar.ts'
import { createLine } from './in-line.ts'
import { type Applied, applyRules, contextOf, type Limits, placeOfUser, toSeconds } from './limits.ts'
import { roomOf, waitOf } from './rule.ts'

/** Whose password is about to be verified. */
export interface LoginOf {
  application: string
  /** As typed. */
  login: string
  /** Undefined where no account has that name. */
  account: string | undefined
}

/** For how long log-ins are paused, and after how many that failed at least. */
export interface Pause {
  seconds: number
  failures: number
}

/** Leave to verify one password. */
export interface Admission {
  /** In the transaction that says so: the password was wrong. Tells of the pause of the account, if this began it. */
  failed(tx: Transaction): Promise<Pause | undefined>
  /** The same: it was right. */
  succeeded(tx: Transaction): Promise<void>
  /** After the transaction, whatever came of it. */
  leave(): void
}

export interface LoginGuard {
  /** @returns why not: Problem loginPaused or tooManyRequests, the same for names that no account has */
  admit(context: Context, login: LoginOf): Promise<Admission | Problem>
}

/**
 * Slows down who guesses passwords (decisions/0018). Failures are counted by name, by account, by network and by
 * application; a log-in that succeeds reads its counters and writes nothing but what it must clear. Where an account has
 * logged in from before, it has counters of its own, so that a stranger's guesses do not lock out its owner.
 */
export function createLoginGuard(
  limits: Limits,
  { store, clock, signal }: { store: Store; clock: Clock; signal: Listen },
): LoginGuard {
  const line = createLine()

  return {
    async admit(context, { application, login, account }) {
      const { tenant } = context
      const table = await limits.of(tenant)
      const sources = context.source ? sourcesOf(context.source) : []
      // Looked up for names without an account too: it costs the same.
      const known = await recall(store, tenant, account ?? application, sources, clock.now())
      const from = account === undefined ? undefined : sources[known.findIndex((since) => since !== undefined)]
      const suffix = from === undefined ? '' : ` from ${from}`
      const keys = {
        name: `${application} ${fold(login)}${suffix}`,
        account: account && `${account}${suffix}`,
        application,
        ...placeOfUser(context, application),
      }
      const applied = applyRules(table, 'logIn', keys)
      const counted = applied.filter(({ rule }) => !rule.inMemory)
      const inMemory = applied.filter(({ rule }) => rule.inMemory)
      const fast = inMemory.filter(({ rule }) => !rule.alarm)
      const memoryKey = ({ limit, key }: Applied) => `${tenant} ${limit} ${key}`

      const taken: Applied[] = []
      const giveBack = () => {
        for (const one of taken) limits.counters.giveBack(one.rule, memoryKey(one))
      }
      const refused = (limit: string, problem: Problem) => {
        giveBack()
        signal({ type: 'limited', limit, application, ...contextOf(context) })
        return problem
      }
      for (const one of fast) {
        const { wait } = await limits.counters.take(one.rule, memoryKey(one), clock.now())
        if (wait > 0) return refused(one.limit, new Problem('tooManyRequests', { retryAfterSeconds: toSeconds(wait) }))
        taken.push(one)
      }

      let usages: Awaited<ReturnType<Store['usages']>> = []
      const look = async () => {
        usages = await store.usages(tenant, counted)
        const now = clock.now()
        return counted.map(({ rule }, at) => roomOf(rule, usages[at], now))
      }
      const lineKeys = counted.map(({ limit, key }) => `${tenant} ${limit} ${key}`)
      let left: (() => void) | undefined
      try {
        left = await line.enter(lineKeys, look)
      } catch (error) {
        giveBack()
        throw error
      }
      if (!left) {
        const now = clock.now()
        const waits = counted.map(({ rule }, at) => waitOf(rule, usages[at], now))
        const longest = Math.max(0, ...waits)
        const { limit } = counted[Math.max(0, waits.indexOf(longest))] as Applied
        return refused(limit, new Problem('loginPaused', { retryAfterSeconds: toSeconds(longest) }))
      }

      const alarm = async (one: Applied) => {
        if (!(await limits.counters.count(one.rule, memoryKey(one), clock.now()))) return
        signal({ type: 'attackSuspected', application, tenant, requestId: context.requestId })
      }
      let wrong = false
      return {
        async failed(tx) {
          wrong = true
          const now = clock.now()
          const pause: Pause = { seconds: 0, failures: 0 }
          for (const one of counted) {
            const usage = await tx.countUsage(tenant, one, one.rule, now)
            if (usage.pausedUntil <= now) continue
            pause.seconds = Math.max(pause.seconds, toSeconds(usage.pausedUntil - now))
            pause.failures = Math.max(pause.failures, one.rule.burst)
          }
          const wasPaused = usages.some((usage) => usage && usage.pause > 0 && usage.expiresAt > now)
          return pause.seconds > 0 && !wasPaused ? pause : undefined
        },
        async succeeded(tx) {
          for (const [at, one] of counted.entries()) if (usages[at]) await tx.forgetUsage(tenant, one)
          if (account !== undefined) await remember(tx, tenant, account, sources, known, clock.now())
        },
        leave() {
          left()
          if (!wrong) return giveBack()
          for (const one of inMemory) {
            if (one.rule.alarm) void alarm(one)
          }
        },
      }
    },
  }
}
