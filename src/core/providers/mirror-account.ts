/**
 * From a provider's answer to an account. `accountOf(services, open, context, provider, identity, reach?)` is for
 * whoever got an identity from `services.providers` in their own way: it finds or makes the account in the directory of
 * `provider`, and nowhere else.
 */
import { createDataKey } from '../../crypto/seal.ts'
import { type Entity, registry } from '../../resources/registry.ts'
import { parseAttribute } from '../../schema/parse-attribute.ts'
import { Problem, refuse } from '../../schema/problems.ts'
import { stringifyJson, topLevelMembers } from '../../std/json.ts'
import type { Context, Services, Work } from '../context.ts'
import { mergeCustomData } from '../custom-data.ts'
import type { ProviderIdentity } from '../ports.ts'
import { applyMappingRules, type MappedUser } from './mapping-rules.ts'
import { MIRRORED } from './mirror.ts'
import { openToken, sealTokens } from './provider-tokens.ts'

type Account = Entity<'account'>
type Provider = Entity<'provider'>
type OpenWork = (tx: Work['tx'], context: Context) => Work

/** An account and whether this made it. */
export interface MirroredAccount {
  account: Account
  isNew: boolean
}

/** Several that come at once for one new user may all find nobody; those that lose look again. */
const MOST_TRIES = 3

/**
 * The account of a user at the provider of a directory, made or brought up to date, in one transaction. The user's id
 * there finds it and nothing else does: an account of the same e-mail address, in this directory or another, is somebody
 * else's (security/goals.md J12).
 *
 * @param reach joins the transaction, and says in which account the log-in ends
 * @throws Problem providerPropertyMissing | providerUserTaken | accountDisabled | emailDomainBlacklisted …
 */
export async function accountOf(
  services: Services,
  open: OpenWork,
  context: Context,
  provider: Provider,
  identity: ProviderIdentity,
  reach: (work: Work, account: Account) => Promise<Account> = async (_work, account) => account,
): Promise<MirroredAccount> {
  for (let tries = 1; ; tries++) {
    try {
      return await services.store.write(async (tx) => {
        const work = open(tx, context)
        const { account, isNew } = await findOrMake(work, provider, identity)
        return { account: await reach(work, account), isNew }
      })
    } catch (error) {
      if (!isTaken(error)) throw error
      if (tries === MOST_TRIES) return refuse('providerUserTaken', { provider: provider.providerId })
    }
  }
}

/** Whether an account of the directory stands in the way: the one just made by another, or one of a different user. */
function isTaken(error: unknown): boolean {
  return Problem.is(error, 'notUnique') && ['account', 'providerData'].includes(error.detail.resource)
}

async function findOrMake(work: Work, provider: Provider, identity: ProviderIdentity): Promise<MirroredAccount> {
  const { tx, context } = work
  const key = [provider.id, identity.subject]
  const data = await tx.find('providerData', context.tenant, ['subject'], key)
  const account = data && (await tx.lock('account', context.tenant, data.id))
  const rules = await tx.get('userInfoMappingRules', context.tenant, provider.id)
  const mapped = applyMappingRules(rules?.items ?? [], identity.userInfo)
  if (!data || !account) return { account: await make(work, provider, identity, mapped), isNew: true }
  if (account.status !== 'ENABLED') refuse('accountDisabled', {})
  return { account: await bringUpToDate(work, data, account, identity, mapped), isNew: false }
}

async function make(
  work: Work,
  { id: directory, providerId, providerType }: Provider,
  identity: ProviderIdentity,
  mapped: MappedUser,
): Promise<Account> {
  const { services, context } = work
  const values = attributesOf(identity, mapped)
  if (values.email === undefined) return refuse('providerPropertyMissing', { provider: providerId, property: 'email' })
  const id = services.ids.next()
  const place = { tenant: context.tenant, table: 'account', row: id, column: 'eventKey' }
  const eventKey = services.seal.seal(createDataKey(), place)
  const account = await work.insert('account', {
    values: { ...values, id, directory, password: MIRRORED, eventKey },
    customData: mapped.customData,
    // Mirror directories send no mails, and ask for no proof of their own (contract/rest.md 6.2).
    options: { registrationWorkflowEnabled: false },
  })
  await work.insert('providerData', {
    values: {
      id,
      directory,
      providerId,
      providerType,
      subject: identity.subject,
      userInfoText: stringifyJson(identity.userInfo),
      ...sealTokens(services, context.tenant, id, identity.tokens),
    },
  })
  return account
}

async function bringUpToDate(
  work: Work,
  data: Entity<'providerData'>,
  before: Account,
  identity: ProviderIdentity,
  mapped: MappedUser,
): Promise<Account> {
  const { services } = work
  const values = attributesOf(identity, mapped)
  // A username that nobody chose follows the address.
  const follows = values.email !== undefined && values.username === undefined && before.username === before.email
  if (follows && values.email !== undefined) values.username = values.email
  const account = await work.change('account', before, { values })
  await mergeChanged(work, account, mapped.customData)
  const { tokens } = identity
  const news = Object.fromEntries(
    Object.entries(tokens).filter(([name, token]) => token !== openToken(services, data, name as keyof typeof tokens)),
  )
  await work.change('providerData', data, {
    values: {
      userInfoText: stringifyJson(identity.userInfo),
      ...sealTokens(services, data.tenant, data.id, news),
    },
  })
  return account
}

/**
 * What the provider says, as far as an account can hold it. The address counts as verified only when the provider says so
 * of the very address that is taken.
 */
function attributesOf(identity: ProviderIdentity, { attributes }: MappedUser): Partial<Account> {
  const wanted = { ...identity.attributes, ...attributes }
  const values: Partial<Account> = {}
  for (const name of ['email', 'username', 'givenName', 'middleName', 'surname'] as const) {
    const value = acceptable(name, wanted[name])
    if (value !== undefined) values[name] = value
  }
  if (values.email !== undefined) {
    const isVerified = identity.isEmailVerified && values.email === identity.attributes.email
    values.emailVerificationStatus = isVerified ? 'VERIFIED' : 'UNVERIFIED'
  }
  return values
}

/** A value that the account may have; what breaks a rule of the account is left out. */
function acceptable(name: keyof typeof registry.account.attributes, value: string | undefined): string | undefined {
  if (value === undefined || value.trim() === '') return undefined
  try {
    return parseAttribute('account', name, registry.account.attributes[name], value, 'create') as string
  } catch (error) {
    if (Problem.is(error)) return undefined
    throw error
  }
}

/** Custom data that says what it said before is no news. */
async function mergeChanged(work: Work, { id }: Account, members: Record<string, unknown>): Promise<void> {
  const owner = { resource: 'account', id } as const
  if (Object.keys(members).length === 0) return
  const record = await work.tx.customData(owner, work.context.tenant)
  const before = record ? topLevelMembers(record.json) : new Map<string, string>()
  const news = Object.entries(members).filter(([name, value]) => before.get(name) !== stringifyJson(value))
  if (news.length > 0) await mergeCustomData(work, owner, Object.fromEntries(news), 'existing')
}
