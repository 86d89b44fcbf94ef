import { removeMappingsTo } from './account-store-mappings.ts'
import type { Behaviour } from './context.ts'
import { createDirectoryFor } from './directories.ts'

/** contract/rest.md 8 */
export const organizations: Behaviour<'organization'> = {
  async partValues(_work, { id }) {
    return { accountLinkingPolicy: { organization: id } }
  },

  async created(work, organization, { options }) {
    if (!options?.createDirectory) return
    await createDirectoryFor(work, { ...organization, resource: 'organization' }, options.createDirectory)
    // The mapping set the organization's default links.
    Object.assign(organization, await work.tx.get('organization', work.context.tenant, organization.id))
  },

  async deleting(work, organization) {
    await removeMappingsTo(work, { resource: 'organization', id: organization.id })
  },
}
