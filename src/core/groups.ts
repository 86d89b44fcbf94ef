import { removeMappingsTo } from './account-store-mappings.ts'
import { defaultGroupStore, type StoreOwner } from './account-stores.ts'
import type { Behaviour } from './context.ts'
import type { Ref } from './ports.ts'
import { requireCloud } from './providers/mirror.ts'

/** contract/rest.md 7 */
export const groups: Behaviour<'group'> = {
  async prepare(services, context, { values, via }) {
    if (via) values.directory = await defaultGroupStore(services.store, via as Ref<StoreOwner>, context.tenant)
    await requireCloud(services.store, context.tenant, values.directory as string, 'groups', via)
  },

  async deleting(work, group) {
    await removeMappingsTo(work, { resource: 'group', id: group.id })
  },
}
