import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import { type Attribute, isHeld } from '../schema/attribute.ts'
import type { Resource } from '../schema/resource.ts'
import { mergeSwitches, type Switches } from '../schema/switches.ts'
import type { Behaviour, Behaviours, Changes, Context, Draft, Services, Work } from './context.ts'
import { mergeCustomData } from './custom-data.ts'
import { record } from './events/record.ts'
import { modifiedNow } from './modified.ts'
import type { Scope, Transaction } from './ports.ts'

const declaration = (name: ResourceName): Resource => registry[name]

/** What a kind of resource does that only is created, read, updated and deleted. */
const nothing = {}

/** The writes of one transaction, each with what its kind of resource does besides and with its event. */
export function openWork(tx: Transaction, context: Context, services: Services, behaviours: Behaviours): Work {
  const acts = <N extends ResourceName>(name: N) => (behaviours[name] ?? nothing) as Behaviour<N>
  const work: Work = {
    tx,
    context,
    services,
    now: services.clock.now(),
    insert: (name, draft) => insertWhole(work, acts(name), name, draft),
    change: (name, before, changes) => changeWhole(work, acts(name), name, before, changes),
    remove: (name, entity) => removeWhole(work, acts(name), name, entity),
  }
  return work
}

/** A whole entity from the given values: declared defaults, null for the rest, a fresh id. */
function toEntity<N extends ResourceName>(work: Work, name: N, values: Partial<Entity<N>>): Entity<N> {
  const { attributes, links } = declaration(name)
  const given = values as Record<string, unknown>
  const entity: Record<string, unknown> = {
    id: given.id ?? work.services.ids.next(),
    tenant: work.context.tenant,
    createdAt: work.now,
    modifiedAt: work.now,
  }
  for (const [key, attribute] of Object.entries(attributes)) {
    if (!isHeld(attribute)) continue
    const isMany = attribute.kind === 'strings' || attribute.kind === 'list'
    const fallback = isMany ? [] : 'default' in attribute ? attribute.default : null
    entity[key] = whole(attribute, fallback, given[key]) ?? null
  }
  for (const [key, attribute] of Object.entries(attributes)) {
    if (attribute.kind === 'string' && attribute.defaultFrom) entity[key] ??= entity[attribute.defaultFrom]
  }
  for (const [key, link] of Object.entries(links)) {
    if (link.kind === 'one' && key !== 'tenant') entity[key] = given[key] ?? null
  }
  return entity as Entity<N>
}

/** What a write makes of what was there: of switches it names some. */
function whole(attribute: Attribute | undefined, before: unknown, given: unknown): unknown {
  if (attribute?.kind !== 'switches' || given === undefined) return given ?? before
  return mergeSwitches(before as Switches, given as Switches)
}

async function insertWhole<N extends ResourceName>(
  work: Work,
  acts: Behaviour<N>,
  name: N,
  draft: Draft<N>,
): Promise<Entity<N>> {
  const entity = toEntity(work, name, draft.values)
  await acts.creating?.(work, entity, draft)
  await work.tx.insert(name, entity)
  await insertParts(work, name, entity.id, { ...given(draft), ...(await acts.partValues?.(work, entity)) })
  if ('customData' in declaration(name).links) {
    await mergeCustomData(work, { resource: name, id: entity.id }, draft.customData ?? {}, 'new')
  }
  await acts.created?.(work, entity, draft)
  await record(work, {
    type: `${name}.created`,
    resource: { resource: name, id: entity.id },
    entity,
    before: undefined,
  })
  return entity
}

/** The values of parts that came nested. */
function given({ parts = {} }: Draft): Record<string, Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part?.values ?? {}]))
}

async function insertParts(
  work: Work,
  name: ResourceName,
  id: string,
  values: Partial<Record<ResourceName, Record<string, unknown>>>,
): Promise<void> {
  for (const target of storedParts(name)) {
    await work.tx.insert(target, toEntity(work, target, { ...values[target], id } as Partial<Entity>))
  }
}

/** The parts of a resource, and theirs, that have rows of their own; custom data is kept apart. */
function storedParts(name: ResourceName): ResourceName[] {
  return Object.values(declaration(name).links).flatMap((link) => {
    if (link.kind !== 'part' || link.target === 'customData') return []
    const target = link.target as ResourceName
    const { stored } = declaration(target)
    if (stored === 'sometimes') return []
    return [...(stored === false ? [] : [target]), ...storedParts(target)]
  })
}

async function changeWhole<N extends ResourceName>(
  work: Work,
  acts: Behaviour<N>,
  name: N,
  before: Entity<N>,
  changes: Changes<N>,
): Promise<Entity<N>> {
  const values: Partial<Entity<N>> = { ...changes.values }
  await acts.updating?.(work, before, values)
  mergeNamed(name, before, values)
  const changed = Object.keys(values).filter(
    (key) => !same((before as Record<string, unknown>)[key], (values as Record<string, unknown>)[key]),
  )
  let after = before
  if (changed.length > 0) {
    const patch = { ...pick(values, changed), modifiedAt: modifiedNow(work, before) } as Partial<Entity<N>>
    await work.tx.update(name, work.context.tenant, before.id, patch)
    after = { ...before, ...patch }
    await record(work, { type: `${name}.updated`, resource: { resource: name, id: before.id }, entity: after, before })
  }
  if (changes.customData) await mergeCustomData(work, { resource: name, id: before.id }, changes.customData, 'existing')
  return after
}

function mergeNamed(name: ResourceName, before: object, values: object): void {
  for (const [key, attribute] of Object.entries(declaration(name).attributes)) {
    if (attribute.kind !== 'switches' || !Object.hasOwn(values, key)) continue
    const given = (values as Record<string, unknown>)[key]
    Object.assign(values, { [key]: whole(attribute, (before as Record<string, unknown>)[key], given) })
  }
}

async function removeWhole<N extends ResourceName>(
  work: Work,
  acts: Behaviour<N>,
  name: N,
  entity: Entity<N>,
): Promise<void> {
  await acts.deleting?.(work, entity)
  // The event is recorded first: its subject's key goes away with the row.
  await record(work, {
    type: `${name}.deleted`,
    resource: { resource: name, id: entity.id },
    entity: undefined,
    before: entity,
  })
  await work.tx.remove(name, work.context.tenant, entity.id)
}

const AT_ONCE = 100

/** Deletes all members of a collection but `except`, each with all that hangs on it. Gives their number. */
export async function clearMembers(work: Work, resource: ResourceName, scope: Scope, except?: string): Promise<number> {
  const { tenant } = work.context
  for (let removed = 0; ; ) {
    const { items } = await work.tx.list({ resource, tenant, scope, offset: 0, limit: AT_ONCE })
    const doomed = items.filter(({ id }) => id !== except)
    for (const one of doomed) await work.remove(resource, one)
    removed += doomed.length
    if (doomed.length === 0) return removed
  }
}

function pick(values: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, (values as Record<string, unknown>)[key]]))
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
}
