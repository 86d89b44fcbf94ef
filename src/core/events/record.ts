import { type Entity, type ResourceName, registry } from '../../resources/registry.ts'
import { isHeld } from '../../schema/attribute.ts'
import type { Resource } from '../../schema/resource.ts'
import { networkOf } from '../../std/network.ts'
import type { Work } from '../context.ts'
import type { Ref } from '../ports.ts'
import { eventSeal, forgetEventSeal } from './event-seals.ts'

interface Occurrence {
  type: string
  resource: Ref
  /** The state after; undefined for a deletion. */
  entity?: Entity | undefined
  /** The state before; undefined for a creation. */
  before?: Entity | undefined
  /** Where there are no states to compare: the names, and facts for the sealed part. */
  changed?: readonly string[]
  facts?: Record<string, unknown>
}

/** Appends the thin event of a write to its transaction, the diff sealed under the key of the account it is about. */
export async function record(work: Work, occurrence: Occurrence): Promise<void> {
  const { tx, context, services, now } = work
  const id = services.ids.next()
  const diff = occurrence.facts ?? difference(occurrence)
  const network = context.source?.address && networkOf(context.source.address)
  const event = {
    id,
    tenant: context.tenant,
    at: now,
    type: occurrence.type,
    actor: context.actor,
    resource: occurrence.resource,
    changed: occurrence.changed ?? Object.keys(diff),
    requestId: context.requestId,
    ...(network !== undefined && { network }),
  }
  if (!occurrence.facts && !occurrence.entity) forgetKey(work, occurrence)
  const sealed = Object.keys(diff).length > 0 ? await sealDiff(work, id, occurrence, diff) : undefined
  await tx.append(sealed === undefined ? event : { ...event, diff: sealed })
}

/** Old and new value of every attribute that may be told: never secrets, never what the house holds for itself. */
function difference({ resource, entity, before }: Occurrence): Record<string, [unknown, unknown]> {
  const { attributes, links }: Resource = registry[resource.resource]
  const diff: Record<string, [unknown, unknown]> = {}
  const one = (key: string) => {
    const from = (before as Record<string, unknown> | undefined)?.[key] ?? null
    const to = (entity as Record<string, unknown> | undefined)?.[key] ?? null
    if (JSON.stringify(from) !== JSON.stringify(to)) diff[key] = [from, to]
  }
  if (!entity) return diff
  for (const [key, attribute] of Object.entries(attributes)) {
    if (!isHeld(attribute) || attribute.hidden) continue
    if (attribute.secret || ('sealed' in attribute && attribute.sealed)) {
      if (changed(key, entity, before)) diff[key] = [null, null]
    } else one(key)
  }
  for (const [key, link] of Object.entries(links)) if (link.kind === 'one' && !link.hidden) one(key)
  return diff
}

function changed(key: string, entity: Entity, before: Entity | undefined): boolean {
  return (entity as Record<string, unknown>)[key] !== (before as Record<string, unknown> | undefined)?.[key]
}

async function sealDiff(
  work: Work,
  eventId: string,
  occurrence: Occurrence,
  diff: Record<string, unknown>,
): Promise<string | undefined> {
  const { context, services } = work
  const holder = await keyHolder(work, occurrence)
  if (!holder) return undefined
  const place = { tenant: context.tenant, table: holder.resource, row: holder.entity.id, column: 'eventKey' }
  const seal = eventSeal(services.seal, holder.entity.eventKey, place)
  return seal.seal(JSON.stringify(diff), { tenant: context.tenant, table: 'event', row: eventId, column: 'diff' })
}

/** Of what is deleted. */
function forgetKey({ services }: Work, { before }: Occurrence): void {
  const eventKey = (before as { eventKey?: string } | undefined)?.eventKey
  if (eventKey !== undefined) forgetEventSeal(services.seal, eventKey)
}

type KeyHolder = { resource: 'account' | 'tenant'; entity: { id: string; eventKey: string } }

/** The account an event is about keeps its diff readable only as long as it exists; other events use the tenant's key. */
async function keyHolder(work: Work, { resource, entity, before }: Occurrence): Promise<KeyHolder | undefined> {
  const subject = entity ?? before
  if (resource.resource === 'account' || resource.resource === 'tenant') {
    const known = subject as KeyHolder['entity'] | undefined
    const found = known ?? (await work.tx.get(resource.resource, work.context.tenant, resource.id))
    return found ? { resource: resource.resource, entity: found } : undefined
  }
  const account = (subject as { account?: string } | undefined)?.account
  const holder: ResourceName = account ? 'account' : 'tenant'
  const found = await work.tx.get(holder, work.context.tenant, account ?? work.context.tenant)
  return found ? { resource: holder, entity: found } : undefined
}
