import type { Entity } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import { type AnyMapping, mappingOf, mappingsOf, type StoreOwner, type StoreRef } from './account-stores.ts'
import type { Behaviour, Work } from './context.ts'
import { modifiedNow } from './modified.ts'
import type { Ref } from './ports.ts'
import { isMirror } from './providers/mirror.ts'

type MappingName = (typeof mappingOf)[StoreOwner]
type Flag = 'isDefaultAccountStore' | 'isDefaultGroupStore'

const LINK_OF = {
  isDefaultAccountStore: 'defaultAccountStoreMapping',
  isDefaultGroupStore: 'defaultGroupStoreMapping',
} as const satisfies Record<Flag, string>
const FLAGS: readonly Flag[] = ['isDefaultAccountStore', 'isDefaultGroupStore']

/**
 * Mappings of one kind of owner: the order stays dense, at most one is default of each sort, and the owner's links
 * follow (contract/rest.md 5).
 */
function mappings(side: StoreOwner): Behaviour<'accountStoreMapping'> & Behaviour<'organizationAccountStoreMapping'> {
  const name = mappingOf[side]
  const ownerOf = (mapping: AnyMapping): Ref<StoreOwner> => ({
    resource: side,
    id: (mapping as unknown as Record<StoreOwner, string>)[side],
  })

  return {
    async creating(work: Work, mapping: AnyMapping): Promise<void> {
      const owner = ownerOf(mapping)
      const store = mapping.accountStore as StoreRef
      if (!(await work.tx.lock(side, work.context.tenant, owner.id))) refuse('invalidReference', { property: side })
      if (!(await work.tx.get(store.resource, work.context.tenant, store.id))) {
        refuse('invalidReference', { property: 'accountStore' })
      }
      if (side === 'organization' && store.resource === 'organization') refuse('organizationInOrganization', {})
      checkGroupDefault(side, mapping, mapping.isDefaultGroupStore)
      await checkMirrorDefault(work, side, mapping, mapping)
      const others = await mappingsOf(work.tx, owner, work.context.tenant)
      if (others.some(({ accountStore: other }) => other.resource === store.resource && other.id === store.id)) {
        refuse('storeAlreadyMapped', { owner: side })
      }
      await requireOtherProviders(work, side, store, others)
      mapping.listIndex = Math.min(mapping.listIndex ?? others.length, others.length)
      await renumber(work, name, [...others.slice(0, mapping.listIndex), undefined, ...others.slice(mapping.listIndex)])
      for (const flag of FLAGS) if (mapping[flag]) await clearFlag(work, name, others, flag)
    },

    async created(work: Work, mapping: AnyMapping): Promise<void> {
      for (const flag of FLAGS) if (mapping[flag]) await setOwnerLink(work, ownerOf(mapping), flag, mapping.id)
    },

    async updating(work: Work, before: AnyMapping, values: Partial<AnyMapping>): Promise<void> {
      const owner = ownerOf(before)
      await work.tx.lock(side, work.context.tenant, owner.id)
      checkGroupDefault(side, before, values.isDefaultGroupStore ?? false)
      await checkMirrorDefault(work, side, before, values)
      const all = await mappingsOf(work.tx, owner, work.context.tenant)
      const others = all.filter(({ id }) => id !== before.id)
      if (values.listIndex !== undefined) {
        const index = Math.min(values.listIndex ?? others.length, others.length)
        await renumber(work, name, [...others.slice(0, index), undefined, ...others.slice(index)])
        values.listIndex = index
      }
      for (const flag of FLAGS) {
        if (values[flag] === undefined || values[flag] === before[flag]) continue
        if (values[flag]) await clearFlag(work, name, others, flag)
        await setOwnerLink(work, owner, flag, values[flag] ? before.id : null)
      }
    },

    async deleting(work: Work, mapping: AnyMapping): Promise<void> {
      const owner = ownerOf(mapping)
      await work.tx.lock(side, work.context.tenant, owner.id)
      for (const flag of FLAGS) if (mapping[flag]) await setOwnerLink(work, owner, flag, null)
      const all = await mappingsOf(work.tx, owner, work.context.tenant)
      await renumber(
        work,
        name,
        all.filter(({ id }) => id !== mapping.id),
      )
    },
  }
}

export const accountStoreMappings: Behaviour<'accountStoreMapping'> = mappings('application')
export const organizationAccountStoreMappings: Behaviour<'organizationAccountStoreMapping'> = mappings('organization')

/** Removes every mapping to a store that is about to be deleted, so that orders stay dense and defaults become null. */
export async function removeMappingsTo(work: Work, store: StoreRef): Promise<void> {
  for (const name of Object.values(mappingOf)) {
    const { items } = await work.tx.list({
      resource: name,
      tenant: work.context.tenant,
      scope: { by: 'accountStore', id: store.id },
      offset: 0,
      limit: 100_000,
    })
    for (const mapping of items) await work.remove(name, mapping as Entity<MappingName>)
  }
}

function checkGroupDefault(side: StoreOwner, mapping: AnyMapping, isDefaultGroupStore: boolean): void {
  if (isDefaultGroupStore && mapping.accountStore.resource === 'group')
    refuse('groupAsDefaultGroupStore', { owner: side })
}

/** What is mirrored receives nothing new (contract/rest.md 6.2). */
async function checkMirrorDefault(
  { tx, context }: Work,
  side: StoreOwner,
  { accountStore: { resource, id } }: Pick<AnyMapping, 'accountStore'>,
  wanted: Partial<Pick<AnyMapping, Flag>>,
): Promise<void> {
  if (resource === 'organization' || !FLAGS.some((flag) => wanted[flag])) return
  const directory = resource === 'directory' ? id : (await tx.get('group', context.tenant, id))?.directory
  if (directory === undefined || !(await isMirror(tx, context.tenant, directory))) return
  const holds = wanted.isDefaultAccountStore ? 'accounts' : 'groups'
  refuse('mirrorAsDefault', { owner: side, holds, store: resource })
}

/** Of each provider there is one directory, so that a log-in by it knows where to go. */
async function requireOtherProviders(
  { tx, context }: Work,
  side: StoreOwner,
  store: StoreRef,
  others: readonly AnyMapping[],
): Promise<void> {
  if (store.resource !== 'directory') return
  const provider = await tx.get('provider', context.tenant, store.id)
  if (!provider) return
  for (const { accountStore: other } of others) {
    const found = other.resource === 'directory' ? await tx.get('provider', context.tenant, other.id) : undefined
    if (found?.providerId.toLowerCase() === provider.providerId.toLowerCase()) {
      refuse('providerMappedTwice', { owner: side, provider: provider.providerId })
    }
  }
}

/** Gives every mapping its place in `order`; `undefined` keeps a place free. */
async function renumber(work: Work, name: MappingName, order: readonly (AnyMapping | undefined)[]): Promise<void> {
  for (const [listIndex, mapping] of order.entries()) {
    if (mapping && mapping.listIndex !== listIndex) {
      await work.tx.update(name, work.context.tenant, mapping.id, {
        listIndex,
        modifiedAt: modifiedNow(work, mapping),
      })
    }
  }
}

async function clearFlag(work: Work, name: MappingName, others: readonly AnyMapping[], flag: Flag): Promise<void> {
  for (const other of others) {
    if (!other[flag]) continue
    const changes = { [flag]: false, modifiedAt: modifiedNow(work, other) }
    await work.tx.update(name, work.context.tenant, other.id, changes)
  }
}

async function setOwnerLink(work: Work, owner: Ref<StoreOwner>, flag: Flag, mapping: string | null): Promise<void> {
  const before = await work.tx.get(owner.resource, work.context.tenant, owner.id)
  await work.tx.update(owner.resource, work.context.tenant, owner.id, {
    [LINK_OF[flag]]: mapping,
    modifiedAt: modifiedNow(work, before),
  })
}
