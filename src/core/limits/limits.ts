import { Problem, refuse } from '../../schema/problems.ts'
import type { Clock } from '../../std/clock.ts'
import { networkOf } from '../../std/network.ts'
import type { Context } from '../context.ts'
import type { Store, UsageKey } from '../ports.ts'
import { presets } from '../presets.ts'
import type { Listen } from '../signals.ts'
import type { Counters } from './counters.ts'
import { createMemoryCounters } from './memory.ts'
import type { Rule } from './rule.ts'
import { waitOf } from './rule.ts'
import type { Counted, Limited, LimitTable } from './table.ts'

/** For whom something is asked. */
export interface Asked {
  /** The application; where something is created through an organization, that. */
  application: string
  /** A login or an e-mail address, folded. */
  name?: string
}

/** What may happen how often (table.ts), by the preset of the tenant. */
export interface Limits {
  /**
   * Counts one request of a kind, or refuses it where there have been too many by its name, from its user's network or to
   * its application. A front channel that must not tell answers as always, and does nothing.
   *
   * @throws Problem tooManyRequests
   */
  spend(context: Context, limited: Exclude<Limited, 'logIn' | 'request'>, asked: Asked): Promise<void>
  /** The rules of a tenant. */
  of(tenant: string): Promise<LimitTable>
  /** Of rules that are not counted in the database. */
  readonly counters: Counters
}

/** One rule, and for whom it is counted now. */
export interface Applied extends UsageKey {
  rule: Rule
}

export function createLimits({
  store,
  clock,
  signal,
  counters = createMemoryCounters(),
}: {
  store: Store
  clock: Clock
  signal: Listen
  counters?: Counters | undefined
}): Limits {
  // The preset of a tenant never changes.
  const tables = new Map<string, LimitTable>()

  async function of(tenant: string): Promise<LimitTable> {
    const known = tables.get(tenant)
    if (known) return known
    const found = await store.get('tenant', tenant, tenant)
    const table = presets[found?.preset ?? 'modern'].limits
    if (tables.size >= 10_000) tables.clear()
    if (found) tables.set(tenant, table)
    return table
  }

  return {
    of,
    counters,
    async spend(context, limited, { application, name }) {
      const keys = { application, name: name && `${application} ${name}`, ...placeOfUser(context, application) }
      const applied = applyRules(await of(context.tenant), limited, keys)
      if (applied.length === 0) return
      const now = clock.now()
      const refuseFor = ({ limit }: Applied, wait: number): never => {
        signal({ type: 'limited', limit, application, ...contextOf(context) })
        return refuse('tooManyRequests', { retryAfterSeconds: toSeconds(wait) })
      }
      for (const one of applied.filter(({ rule }) => rule.inMemory)) {
        const { wait } = await counters.take(one.rule, `${context.tenant} ${one.limit} ${one.key}`, now)
        if (wait > 0) refuseFor(one, wait)
      }
      const stored = applied.filter(({ rule }) => !rule.inMemory)
      if (stored.length === 0) return
      const full = await takeAll(store, context.tenant, stored, now)
      if (!full) return
      const [usage] = await store.usages(context.tenant, [full])
      refuseFor(full, waitOf(full.rule, usage, now))
    },
  }
}

/** The rules of a kind that count for these keys. */
export function applyRules(
  table: LimitTable,
  limited: Limited,
  keys: Readonly<Partial<Record<Counted, string | undefined>>>,
): Applied[] {
  return (Object.entries(table[limited]) as [Counted, readonly Rule[]][]).flatMap(([counted, rules]) => {
    const key = keys[counted]
    if (key === undefined) return []
    return rules.map((rule, at) => ({ rule, key, limit: `${limited}.${counted}${at === 0 ? '' : `.${at + 1}`}` }))
  })
}

/** All or none of them; the one that is used up, if any. */
async function takeAll(
  store: Store,
  tenant: string,
  applied: readonly Applied[],
  now: number,
): Promise<Applied | undefined> {
  let full: Applied | undefined
  try {
    await store.write(async (tx) => {
      full = undefined
      for (const one of applied) {
        if (await tx.takeUsage(tenant, one, one.rule, now)) continue
        full = one
        throw new Problem('tooManyRequests', { retryAfterSeconds: 1 })
      }
    })
  } catch (error) {
    if (!Problem.is(error, 'tooManyRequests')) throw error
  }
  return full
}

/** The network that the application says its user is in; undefined where it does not say. */
export function networkOfUser({ source }: Context): string | undefined {
  return source?.address === undefined ? undefined : networkOf(source.address)
}

/** The network of the user, or, where nobody says where that is, what all such users of an application have in common. */
export function placeOfUser(context: Context, application: string): { network: string } | { nowhere: string } {
  const network = networkOfUser(context)
  return network === undefined ? { nowhere: application } : { network }
}

export const toSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))

export function contextOf(context: Context): { tenant: string; requestId: string; network?: string } {
  const network = networkOfUser(context)
  return { tenant: context.tenant, requestId: context.requestId, ...(network !== undefined && { network }) }
}
