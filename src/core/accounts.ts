import { createDataKey } from '../crypto/seal.ts'
import type { Entity } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import { defaultAccountStore, type StoreOwner } from './account-stores.ts'
import type { Behaviour, Context, Services } from './context.ts'
import { checkPasswordStrength } from './policies/password-strength.ts'
import type { Ref } from './ports.ts'

/** contract/rest.md 9 */
export const accounts: Behaviour<'account'> = {
  async prepare(services, context, draft) {
    const { values, via, options } = draft
    if (via) {
      const place = await defaultAccountStore(services.store, via as Ref<StoreOwner>, context.tenant)
      values.directory = place.directory
      if (place.group) draft.joins = place.group
    }
    const password = values.password ?? refuse('required', { resource: 'account', property: 'password' })
    values.password =
      options?.passwordFormat === 'mcf'
        ? importedHash(services, password)
        : await newHash(services, context, password, values.directory as string)
    values.id = services.ids.next()
    values.eventKey = services.seal.seal(createDataKey(), {
      tenant: context.tenant,
      table: 'account',
      row: values.id,
      column: 'eventKey',
    })
  },

  async creating(work, account) {
    account.passwordModifiedAt = work.now
  },

  async created(work, account, { joins: group }) {
    if (group) await work.insert('groupMembership', { values: { account: account.id, group } })
  },

  async prepareUpdate(services, context, before, { values }) {
    if (values.password === undefined) return
    values.password = await newHash(services, context, values.password, before.directory)
    values.passwordModifiedAt = services.clock.now()
  },

  async updating(work, before, values) {
    if (values.status === undefined || values.status === before.status) return
    if (await isOwner(work.tx, before)) refuse('ownerStatusFixed', {})
  },

  async deleting(work, account) {
    if (await isOwner(work.tx, account)) refuse('ownerUndeletable', {})
  },
}

async function isOwner(reader: Pick<Services['store'], 'get'>, account: Entity<'account'>): Promise<boolean> {
  const tenant = await reader.get('tenant', account.tenant, account.tenant)
  return tenant?.ownerAccount === account.id
}

/** Checks a new password against the rules of its directory and hashes it. */
async function newHash(services: Services, context: Context, password: string, directory: string): Promise<string> {
  const rules = await services.store.get('passwordStrength', context.tenant, directory)
  if (!rules) return refuse('notFound', {})
  checkPasswordStrength(password, rules)
  return services.passwords.hash(password)
}

function importedHash(services: Services, text: string): string {
  const verdict = services.passwords.checkImport(text)
  if (verdict === 'invalid') refuse('importedPasswordInvalid', {})
  if (verdict === 'unsupported') refuse('importedPasswordUnsupported', {})
  return text
}
