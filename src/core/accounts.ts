import { createDataKey } from '../crypto/seal.ts'
import type { Entity } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import { isSameMailbox } from '../std/mail-address.ts'
import { defaultAccountStore, type StoreOwner } from './account-stores.ts'
import type { Behaviour, Context, Services } from './context.ts'
import { startRegistration } from './emails/registrations.ts'
import { checkSchema, fieldsOf } from './policies/account-schema.ts'
import { checkEmailDomain } from './policies/email-domains.ts'
import { initialStatuses } from './policies/initial-status.ts'
import { checkNewPassword, type PasswordOwner } from './policies/new-password.ts'
import { checkPasswordReuse, nextPasswordHistory } from './policies/password-reuse.ts'
import type { Reader, Ref } from './ports.ts'
import { requireCloud, requireOwn } from './providers/mirror.ts'
import { endSessions } from './tokens/sessions.ts'

/** contract/rest.md 9 */
export const accounts: Behaviour<'account'> = {
  async prepare(services, context, draft) {
    const { values, via, options } = draft
    if (via) {
      // Somebody registers: an application that creates accounts of its own accord says nothing of a user.
      if (context.source || options?.existing === 'notify') {
        await services.limits.spend(context, 'registration', { application: via.id })
      }
      const place = await defaultAccountStore(services.store, via as Ref<StoreOwner>, context.tenant)
      values.directory = place.directory
      if (place.group) draft.joins = place.group
    }
    const directory = values.directory as string
    const [policy, fields] = await Promise.all([
      creationPolicy(services.store, directory, context.tenant),
      fieldsOf(services.store, directory, context.tenant),
      requireCloud(services.store, context.tenant, directory, 'accounts', via),
    ])
    checkSchema(values, fields)
    checkEmailDomain(values.email ?? refuse('required', { resource: 'account', property: 'email' }), policy)
    const password = values.password ?? refuse('required', { resource: 'account', property: 'password' })
    values.password =
      options?.passwordFormat === 'mcf'
        ? importedHash(services, password)
        : await newHash(services, context, password, toOwner(values), via)
    values.id = services.ids.next()
    values.eventKey = services.seal.seal(createDataKey(), {
      tenant: context.tenant,
      table: 'account',
      row: values.id,
      column: 'eventKey',
    })
  },

  async creating(work, account, draft) {
    account.passwordModifiedAt = work.now
    // Once more: it may have waited for its hash while the policy changed.
    const policy = await creationPolicy(work.tx, account.directory, work.context.tenant)
    checkEmailDomain(account.email, policy)
    Object.assign(account, initialStatuses(account, policy, draft.options ?? {}))
    await startRegistration(work, account, policy, draft)
  },

  async created(work, account, { joins: group }) {
    if (group) await work.insert('groupMembership', { values: { account: account.id, group } })
  },

  async prepareUpdate(services, context, before, { values }) {
    requireOwn(before, values)
    if (values.password === undefined) return
    const rules = await strengthRules(services.store, before.directory, context.tenant)
    await checkNewPassword(services, context, values.password, toOwner({ ...before, ...values }), rules)
    await checkPasswordReuse(services.passwords, values.password, before, rules)
    values.password = await services.passwords.hash(values.password)
    values.passwordModifiedAt = services.clock.now()
  },

  async updating(work, before, values) {
    if (values.email !== undefined && values.email !== before.email) {
      checkEmailDomain(values.email, await creationPolicy(work.tx, before.directory, work.context.tenant))
    }
    if (values.password !== undefined) {
      const rules = await strengthRules(work.tx, before.directory, work.context.tenant)
      values.passwordHistory = nextPasswordHistory(before, rules)
      await endSessions(work, before.id)
    }
    // The link went to the old address, or is needed no more.
    const isMoved = values.email !== undefined && values.email !== before.email
    if (isMoved && !isSameMailbox(values.email as string, before.email)) values.emailVerificationStatus ??= 'UNVERIFIED'
    if (isMoved || values.emailVerificationStatus === 'VERIFIED') values.verificationToken = null
    if (values.status === undefined || values.status === before.status) return
    if (await isOwner(work.tx, before)) refuse('ownerStatusFixed', {})
  },

  async deleting(work, account) {
    if (await isOwner(work.tx, account)) refuse('ownerUndeletable', {})
  },
}

async function isOwner(reader: Pick<Reader, 'get'>, account: Entity<'account'>): Promise<boolean> {
  const tenant = await reader.get('tenant', account.tenant, account.tenant)
  return tenant?.ownerAccount === account.id
}

/** What may be told of an account, which need not be written yet. */
function toOwner(values: Partial<Entity<'account'>>): PasswordOwner {
  const { email = '', username = email, givenName = null, middleName = null, surname = null, directory = '' } = values
  return { email, username, givenName, middleName, surname, directory }
}

async function newHash(
  services: Services,
  context: Context,
  password: string,
  owner: PasswordOwner,
  via: Ref | undefined,
): Promise<string> {
  const rules = await strengthRules(services.store, owner.directory, context.tenant)
  await checkNewPassword(services, context, password, owner, rules, via)
  return services.passwords.hash(password)
}

async function creationPolicy(
  reader: Pick<Reader, 'get'>,
  directory: string,
  tenant: string,
): Promise<Entity<'accountCreationPolicy'>> {
  return (await reader.get('accountCreationPolicy', tenant, directory)) ?? refuse('notFound', {})
}

async function strengthRules(
  reader: Pick<Reader, 'get'>,
  directory: string,
  tenant: string,
): Promise<Entity<'passwordStrength'>> {
  return (await reader.get('passwordStrength', tenant, directory)) ?? refuse('notFound', {})
}

function importedHash(services: Services, text: string): string {
  const verdict = services.passwords.checkImport(text)
  if (verdict === 'invalid') refuse('importedPasswordInvalid', {})
  if (verdict === 'unsupported') refuse('importedPasswordUnsupported', {})
  return text
}
