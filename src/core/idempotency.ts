import { sameSecret, sha256 } from '../crypto/compare.ts'
import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import { isHeld, isShown } from '../schema/attribute.ts'
import { refuse } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import type { Context, Services, Work } from './context.ts'
import type { KeptAnswer } from './ports.ts'

/** A request that its caller may repeat. */
export interface Once {
  /** What the caller calls it by. */
  key: string
  /** A keyed digest of everything that is asked: another request under the same key has another. */
  fingerprint: string
}

/** What came of a creation; nothing to show where an owner was mailed instead. */
export interface Made {
  resource: ResourceName
  entity: Entity | undefined
}

/** What a transaction does so that it is done once: it takes the key first, and leaves what it made. */
export interface Claim {
  take(work: Work): Promise<void>
  keep(work: Work, made: Made): Promise<void>
}

export type Outcome = Made & { replayed: boolean }

/** Does what carries a key once, and answers its repetitions alike (decisions/0037). */
export interface Idempotency {
  /**
   * @param act - writes in a transaction that takes the claim; what it refuses leaves the key free
   * @throws Problem idempotencyKeyReused | idempotencyKeyBusy and what `act` throws
   */
  once(context: Context, once: Once, act: (claim: Claim) => Promise<Made>): Promise<Outcome>
}

/** How long a repetition is answered. */
const KEPT_FOR = 24 * 60 * 60_000
const RETRY_AFTER = 1

/** Another transaction has the key, and is over. */
class Taken extends Error {}

export function createIdempotency({ store, clock, seal }: Services): Idempotency {
  // Those under way in this process are told at once; those of others are met in the database.
  const underWay = new Map<string, string>()

  return {
    async once(context, { key, fingerprint }, act) {
      const { tenant, actor } = context
      const id = sha256([actor.kind, actor.id, key].join(' '))
      const place = `${tenant} ${id}`
      const other = underWay.get(place)
      if (other !== undefined) {
        if (!sameSecret(other, fingerprint)) refuse('idempotencyKeyReused', {})
        refuse('idempotencyKeyBusy', { retryAfterSeconds: RETRY_AFTER })
      }
      underWay.set(place, fingerprint)
      const replay = async (): Promise<Outcome | undefined> => {
        const kept = await store.keptAnswer(tenant, id, clock.now())
        return kept && { ...answerOf(kept, tenant, id, fingerprint), replayed: true }
      }
      const claim: Claim = {
        async take({ tx, now }) {
          const expiresAt = now + KEPT_FOR
          if (!(await tx.claimAnswer({ tenant, id, fingerprint, expiresAt, now }))) throw new Taken()
        },
        keep: ({ tx }, made) => tx.keepAnswer(tenant, id, seal.seal(toText(made), placeOf(tenant, id))),
      }
      try {
        const before = await replay()
        if (before) return before
        try {
          return { ...(await act(claim)), replayed: false }
        } catch (error) {
          if (!(error instanceof Taken)) throw error
          return (await replay()) ?? refuse('idempotencyKeyBusy', { retryAfterSeconds: RETRY_AFTER })
        }
      } finally {
        underWay.delete(place)
      }
    },
  }

  function answerOf(kept: KeptAnswer, tenant: string, id: string, fingerprint: string): Made {
    if (!sameSecret(kept.fingerprint, fingerprint)) refuse('idempotencyKeyReused', {})
    const { resource, entity } = JSON.parse(String(seal.open(kept.answer, placeOf(tenant, id)))) as Made
    return { resource, entity: entity && eachSealed(resource, entity, (text, at) => seal.seal(text, at)) }
  }

  /** What was sealed lies in clear inside of one sealed text: it moves to another master key with it. */
  function toText({ resource, entity }: Made): string {
    const shown = entity && shownOf(resource, entity)
    const opened = shown && eachSealed(resource, shown, (sealed, at) => String(seal.open(sealed, at)))
    return JSON.stringify({ resource, entity: opened })
  }
}

const placeOf = (tenant: string, row: string) => ({ tenant, table: 'idempotencyKey', row, column: 'answer' })

/** What representations are made of; hashes and keys of the house are not kept. */
function shownOf(resource: ResourceName, entity: Entity): Entity {
  const { attributes, links }: Resource = registry[resource]
  const linked = Object.values(links).flatMap((link) => (link.kind === 'secret' ? [link.attribute] : []))
  const isKept = (name: string) => {
    const attribute = attributes[name]
    return attribute === undefined || isShown(attribute) || linked.includes(name)
  }
  return Object.fromEntries(Object.entries(entity).filter(([name]) => isKept(name))) as Entity
}

type Sealing = (text: string, place: { tenant: string; table: string; row: string; column: string }) => string

function eachSealed(resource: ResourceName, entity: Entity, change: Sealing): Entity {
  const { attributes }: Resource = registry[resource]
  const changed: Record<string, unknown> = { ...entity }
  for (const [column, attribute] of Object.entries(attributes)) {
    const text = changed[column]
    if (!isHeld(attribute) || attribute.kind !== 'string' || !attribute.sealed || typeof text !== 'string') continue
    changed[column] = change(text, { tenant: entity.tenant, table: resource, row: entity.id, column })
  }
  return changed as Entity
}
