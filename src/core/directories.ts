import { schemaFields } from '../resources/field.ts'
import { refuse } from '../schema/problems.ts'
import { removeMappingsTo } from './account-store-mappings.ts'
import { mappingOf } from './account-stores.ts'
import type { Behaviour, CreateOptions, Draft, Work } from './context.ts'
import { createTemplates } from './emails/email-templates.ts'
import { type Preset, presets } from './presets.ts'
import { prepareProvider } from './providers/directory-provider.ts'

/** contract/rest.md 6 */
export const directories: Behaviour<'directory'> = {
  async prepare(services, context, draft) {
    const id = services.ids.next()
    draft.values.id = id
    const { provider: asked, ...others } = draft.parts ?? {}
    const provider = await prepareProvider(services, context, id, asked)
    draft.parts = { ...others, ...(provider && { provider }) }
  },

  async partValues(work, { id }) {
    const { passwordStrength } = await defaultsFor(work)
    return { passwordStrength, accountSchema: { directory: id } }
  },

  async created(work, { id }, { parts }) {
    if (parts?.provider) await work.insert('provider', parts.provider as Draft<'provider'>)
    const { requiredFields, emailTemplate } = await defaultsFor(work)
    const required: readonly string[] = requiredFields
    for (const name of schemaFields) {
      await work.insert('field', { values: { schema: id, name, required: required.includes(name) } })
    }
    await createTemplates(work, id, emailTemplate)
  },

  async deleting(work, directory) {
    const tenant = await work.tx.get('tenant', work.context.tenant, work.context.tenant)
    if (tenant?.administratorsDirectory === directory.id) {
      refuse('protectedResource', { resource: 'directory', name: directory.name })
    }
    await removeMappingsTo(work, { resource: 'directory', id: directory.id })
    await removeMappingsToGroupsOf(work, directory.id)
  },
}

async function defaultsFor({ tx, context }: Work): Promise<(typeof presets)[Preset]> {
  const tenant = await tx.get('tenant', context.tenant, context.tenant)
  return presets[tenant?.preset ?? 'modern']
}

async function removeMappingsToGroupsOf(work: Work, directory: string): Promise<void> {
  for (const name of Object.values(mappingOf)) {
    const { items } = await work.tx.list({
      resource: name,
      tenant: work.context.tenant,
      scope: { by: 'accountStore', of: 'group', whose: 'directory', id: directory },
      offset: 0,
      limit: 100_000,
    })
    for (const mapping of items) await work.remove(name, mapping)
  }
}

/**
 * Makes the directory that comes with a new application or organization, and maps it as both defaults
 * (contract/rest.md 4, 8). `true` names it after its owner, with a number when that name is taken.
 * @throws Problem directoryNameTaken when the wanted name is taken
 */
export async function createDirectoryFor(
  work: Work,
  owner: { resource: keyof typeof mappingOf; id: string; name: string },
  wanted: true | string,
  options?: CreateOptions,
): Promise<void> {
  const taken = async (name: string) =>
    (await work.tx.find('directory', work.context.tenant, ['name'], [name])) !== undefined
  let name = wanted === true ? owner.name : wanted
  if (await taken(name)) {
    if (wanted !== true) refuse('directoryNameTaken', { owner: owner.resource, name })
    name = await freeName(owner.name, taken)
  }
  const directory = await work.insert('directory', { values: { name } })
  if (owner.resource === 'application' && options?.registrationWorkflowEnabled !== false)
    await verifyAddresses(work, directory.id)
  await work.insert(mappingOf[owner.resource], {
    values: {
      [owner.resource]: owner.id,
      accountStore: { resource: 'directory', id: directory.id },
      isDefaultAccountStore: true,
      isDefaultGroupStore: true,
    },
  })
}

async function freeName(name: string, taken: (name: string) => Promise<boolean>): Promise<string> {
  for (let number = 2; ; number++) {
    const suffix = ` ${number}`
    const candidate = name.slice(0, 255 - suffix.length) + suffix
    if (!(await taken(candidate))) return candidate
  }
}

/** Where mail can be sent and the preset says so, accounts of a new application prove their address (defaults.md). */
async function verifyAddresses(work: Work, directory: string): Promise<void> {
  const { verifyNewApplications } = await defaultsFor(work)
  if (!verifyNewApplications || !work.services.mail.enabled) return
  await work.tx.update('accountCreationPolicy', work.context.tenant, directory, { verificationEmailStatus: 'ENABLED' })
}
