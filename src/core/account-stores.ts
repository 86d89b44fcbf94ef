import type { Entity, ResourceName } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import type { Hrefs } from './href.ts'
import type { Reader, Ref } from './ports.ts'

/** Which side maps stores, and with which kind of mapping. */
export type StoreOwner = 'application' | 'organization'
export const mappingOf = {
  application: 'accountStoreMapping',
  organization: 'organizationAccountStoreMapping',
} as const satisfies Record<StoreOwner, ResourceName>

export type AnyMapping = Entity<'accountStoreMapping'> | Entity<'organizationAccountStoreMapping'>
export type StoreRef = Ref<'directory' | 'group' | 'organization'>

/** Far more stores than an application can sensibly have; lists of mappings are read whole. */
const ALL = 100_000

/** The mappings of one application or organization in log-in order. */
export async function mappingsOf(reader: Reader, owner: Ref<StoreOwner>, tenant: string): Promise<AnyMapping[]> {
  const { items } = await reader.list({
    resource: mappingOf[owner.resource],
    tenant,
    scope: { by: owner.resource, id: owner.id },
    orderBy: [{ on: { attribute: 'listIndex' }, descending: false }],
    offset: 0,
    limit: ALL,
  })
  return items as AnyMapping[]
}

/** A directory or group in which accounts are looked up, and the organization it stands for, if any. */
export interface OrderedStore {
  store: Ref<'directory' | 'group'>
  organization?: string
}

/** The stores of an application in log-in order, each organization expanded in place (contract/rest.md 13.1). */
export async function orderedStores(reader: Reader, application: string, tenant: string): Promise<OrderedStore[]> {
  const stores: OrderedStore[] = []
  for (const mapping of await mappingsOf(reader, { resource: 'application', id: application }, tenant)) {
    stores.push(...(await expandStore(reader, mapping.accountStore as StoreRef, tenant)))
  }
  return stores
}

export async function expandStore(reader: Reader, store: StoreRef, tenant: string): Promise<OrderedStore[]> {
  if (store.resource !== 'organization') return [{ store: store as Ref<'directory' | 'group'> }]
  const inner = await mappingsOf(reader, { resource: 'organization', id: store.id }, tenant)
  return inner.map((mapping) => ({ store: mapping.accountStore as Ref<'directory' | 'group'>, organization: store.id }))
}

/**
 * Where a form says to look for an account: `accountStore` by href, or an organization by `organizationNameKey` or
 * `nameKey` (contract/rest.md 14.2, trap T15).
 *
 * @throws Problem invalid
 */
export function storeNamedBy(
  form: { get(name: string): string | undefined },
  { parseHref }: Pick<Hrefs, 'parseHref'>,
): { accountStore?: StoreRef | { nameKey: string } } {
  const nameKey = form.get('organizationNameKey') ?? form.get('nameKey')
  if (nameKey !== undefined) return { accountStore: { nameKey } }
  const href = form.get('accountStore')
  if (href === undefined) return {}
  const ref = parseHref(href)
  const isStore = ref?.resource === 'directory' || ref?.resource === 'group' || ref?.resource === 'organization'
  if (!isStore)
    return refuse('invalid', { property: 'accountStore', reason: 'it is no address of an account store here' })
  return { accountStore: ref as StoreRef }
}

/** The id of the organization that a log-in names by address or nameKey; undefined where it names none, or nobody's. */
export async function organizationNamed(
  reader: Reader,
  tenant: string,
  store: StoreRef | { nameKey: string } | undefined,
): Promise<string | undefined> {
  if (!store) return undefined
  if (!('nameKey' in store)) return store.resource === 'organization' ? store.id : undefined
  return (await reader.find('organization', tenant, ['nameKey'], [store.nameKey]))?.id
}

/** Where a new account goes: its directory, and the group it joins when the default store is a group. */
export interface NewAccountPlace {
  directory: string
  group?: string
}

/**
 * The default account store of an application or organization.
 * @throws Problem noDefaultAccountStore | defaultAccountStoreDisabled | organizationWithoutDefaultAccountStore |
 *   organizationDefaultAccountStoreDisabled
 */
export async function defaultAccountStore(
  reader: Reader,
  owner: Ref<StoreOwner>,
  tenant: string,
): Promise<NewAccountPlace> {
  const store = await defaultStore(reader, owner, tenant, 'defaultAccountStoreMapping')
  const from = { owner: owner.resource }
  if (!store) return refuse('noDefaultAccountStore', from)
  const found = await reader.get(store.resource, tenant, store.id)
  if (!found) return refuse('noDefaultAccountStore', from)
  if (found.status === 'DISABLED') return refuse('defaultAccountStoreDisabled', from)
  if (store.resource === 'directory') return { directory: store.id }
  if (store.resource === 'group') return { directory: (found as Entity<'group'>).directory, group: store.id }
  const inner = await defaultStore(
    reader,
    { resource: 'organization', id: store.id },
    tenant,
    'defaultAccountStoreMapping',
  )
  const target = inner && (await reader.get(inner.resource, tenant, inner.id))
  if (!inner || !target) return refuse('organizationWithoutDefaultAccountStore', {})
  if (target.status === 'DISABLED') return refuse('organizationDefaultAccountStoreDisabled', {})
  return inner.resource === 'group'
    ? { directory: (target as Entity<'group'>).directory, group: inner.id }
    : { directory: inner.id }
}

/**
 * The directory in which a new group of an application or organization is made.
 * @throws Problem noDefaultGroupStore | defaultGroupStoreDisabled | organizationWithoutDefaultGroupStore |
 *   organizationDefaultGroupStoreDisabled
 */
export async function defaultGroupStore(reader: Reader, owner: Ref<StoreOwner>, tenant: string): Promise<string> {
  const store = await defaultStore(reader, owner, tenant, 'defaultGroupStoreMapping')
  const found = store && (await reader.get(store.resource, tenant, store.id))
  if (!store || !found) return refuse('noDefaultGroupStore', { owner: owner.resource })
  if (found.status === 'DISABLED') return refuse('defaultGroupStoreDisabled', { owner: owner.resource })
  if (store.resource === 'directory') return store.id
  const inner = await defaultStore(
    reader,
    { resource: 'organization', id: store.id },
    tenant,
    'defaultGroupStoreMapping',
  )
  const directory = inner && (await reader.get('directory', tenant, inner.id))
  if (!inner || !directory) return refuse('organizationWithoutDefaultGroupStore', {})
  if (directory.status === 'DISABLED') return refuse('organizationDefaultGroupStoreDisabled', {})
  return inner.id
}

async function defaultStore(
  reader: Reader,
  owner: Ref<StoreOwner>,
  tenant: string,
  link: 'defaultAccountStoreMapping' | 'defaultGroupStoreMapping',
): Promise<StoreRef | undefined> {
  const found = await reader.get(owner.resource, tenant, owner.id)
  if (!found) return refuse('notFound', {})
  const id = found[link]
  if (id === null) return undefined
  const mapping = await reader.get(mappingOf[owner.resource], tenant, id)
  return mapping?.accountStore as StoreRef | undefined
}
