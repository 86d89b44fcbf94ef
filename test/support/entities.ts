import type { Store } from '../../src/core/ports.ts'
import { type Entity, type ResourceName, registry } from '../../src/resources/registry.ts'
import { isHeld } from '../../src/schema/attribute.ts'
import type { Resource } from '../../src/schema/resource.ts'
import { createManualClock } from '../../src/std/clock.ts'
import { createIds } from '../../src/std/id.ts'

/** A clock that tests may move, and ids that follow it. */
export const clock = createManualClock(Date.UTC(2026, 0, 1))
const ids = createIds(clock)

/** A fresh id, greater than all before. */
export const newId = (): string => ids.next()

/**
 * A whole valid entity: declared defaults, something for what is required, null for the rest, and then `values`. To-one
 * links that are required must be given.
 */
export function entity<N extends ResourceName>(
  resource: N,
  tenant: string,
  values: Partial<Entity<N>> = {},
): Entity<N> {
  const { attributes, links }: Resource = registry[resource]
  const id = newId()
  const made: Record<string, unknown> = { id, tenant, createdAt: clock.now(), modifiedAt: clock.now() }
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!isHeld(attribute)) continue
    made[name] = 'default' in attribute && attribute.default !== undefined ? attribute.default : null
    if (attribute.kind === 'strings' || attribute.kind === 'list') made[name] = []
    if (attribute.kind === 'enum' && attribute.required) made[name] ??= attribute.values[0]
    if (attribute.kind === 'string' && attribute.required) made[name] = required(name, id)
    if (attribute.kind === 'datetime' && attribute.required) made[name] = clock.now()
    if (attribute.kind === 'enum' && attribute.required) made[name] = attribute.values[0]
    if (attribute.kind === 'integer' && attribute.required) made[name] = attribute.min ?? 0
  }
  for (const [name, link] of Object.entries(links)) {
    if (link.kind === 'one' && name !== 'tenant') made[name] = null
  }
  const whole = { ...made, ...values } as Record<string, unknown>
  if (resource === 'account') whole.username ??= whole.email
  return whole as Entity<N>
}

/** A tenant is its own tenant. */
export function tenantEntity(values: Partial<Entity<'tenant'>> = {}): Entity<'tenant'> {
  const id = newId()
  return { ...entity('tenant', id, values), id, tenant: id }
}

function required(name: string, id: string): string {
  if (name === 'email') return `${id.toLowerCase()}@example.com`
  if (name === 'nameKey') return id.toLowerCase()
  return `${name} ${id}`
}

/** The links a resource must have, to the ones that were made before it. */
export function belonging(resource: ResourceName, made: ReadonlyMap<ResourceName, { id: string }>): Partial<Entity> {
  const links = Object.entries((registry[resource] as Resource).links).flatMap(([name, link]) => {
    if (link.kind !== 'one' || !link.required || name === 'tenant') return []
    const target = link.targets[0] as ResourceName
    const id = made.get(target)?.id
    return [[name, link.targets.length > 1 ? { resource: target, id } : id]]
  })
  return Object.fromEntries(links)
}

/** Inserts entities in one transaction, and gives them back. */
export async function insertAll(store: Store, ...made: readonly (readonly [ResourceName, Entity])[]): Promise<void> {
  await store.write(async (tx) => {
    for (const [resource, one] of made) await tx.insert(resource, one)
  })
}

/** A tenant of its own with one directory, so that tests on a shared database do not see each other. */
export async function newTenant(store: Store): Promise<{ tenant: string; directory: string }> {
  const tenant = tenantEntity()
  const directory = entity('directory', tenant.id)
  await insertAll(store, ['tenant', tenant], ['directory', directory])
  return { tenant: tenant.id, directory: directory.id }
}

/** Inserts one entity and gives it back. */
export async function insert<N extends ResourceName>(
  store: Store,
  resource: N,
  tenant: string,
  values: Partial<Entity<N>> = {},
): Promise<Entity<N>> {
  const made = entity(resource, tenant, values)
  await store.write((tx) => tx.insert(resource, made))
  return made
}
