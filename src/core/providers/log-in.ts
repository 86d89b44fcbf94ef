import type { Entity } from '../../resources/registry.ts'
import { Problem, refuse } from '../../schema/problems.ts'
import { organizationNamed, type StoreRef } from '../account-stores.ts'
import { storesToSearch } from '../authentication/login.ts'
import type { Context, Services, Work } from '../context.ts'
import { record } from '../events/record.ts'
import { contextOf } from '../limits/limits.ts'
import { followLinks } from '../linking/follow-links.ts'
import type { ProviderCredentials } from '../ports.ts'
import type { LoginOutcome } from '../signals.ts'
import { toSettings } from './directory-provider.ts'
import { type CredentialName, kinds, type MirrorType } from './kinds.ts'
import { accountOf, type MirroredAccount } from './mirror-account.ts'

export interface ProviderLogin {
  application: string
  /** `google`, or the name of a provider of your own. */
  providerId: string
  credentials: ProviderCredentials
  /** Looks only there. */
  accountStore?: StoreRef | { nameKey: string }
}

/**
 * A log-in by what an identity provider gave (contract/rest.md 15): its user is asked for there, and becomes an account of
 * the first directory of that provider among the stores of the application. Where that is linked to one of the default
 * store, the log-in ends in the other (contract/rest.md 13.6); `isNew` is said of its own.
 *
 * @throws Problem notFound | applicationDisabled | providerNotMapped | directoryDisabled | providerRefused |
 *   redirectUriMissing | required | propertyUnsupported and those of `accountOf`
 */
export async function logInWithProvider(
  services: Services,
  open: (tx: Work['tx'], context: Context) => Work,
  context: Context,
  login: ProviderLogin,
): Promise<MirroredAccount> {
  const { store } = services
  const application = (await store.get('application', context.tenant, login.application)) ?? refuse('notFound', {})
  if (application.status === 'DISABLED') refuse('applicationDisabled', {})
  const provider = await findProvider(services, context, login)
  checkCredentials(provider, login.credentials)
  const tell = (outcome: LoginOutcome, account?: string) =>
    services.signal({
      type: 'login',
      outcome,
      application: application.id,
      ...(account !== undefined && { account }),
      ...contextOf(context),
    })

  const identity = await services.providers.identify(toSettings(services, provider), login.credentials)
  if ('refused' in identity) {
    tell('wrongCredentials')
    return refuse('providerRefused', { provider: provider.providerId, reason: identity.refused })
  }
  const known = await store.find('providerData', context.tenant, ['subject'], [provider.id, identity.subject])
  if (!known) await services.limits.spend(context, 'registration', { application: application.id })
  try {
    const found = await accountOf(services, open, context, provider, identity, async (work, account) => {
      const organization = await organizationNamed(work.tx, context.tenant, login.accountStore)
      const reached = await followLinks(work, { application: application.id, organization }, account)
      const resource = { resource: 'account', id: reached.id } as const
      await record(work, { type: 'login.succeeded', resource, changed: [], facts: {} })
      return reached
    })
    tell('ok', found.account.id)
    return found
  } catch (error) {
    if (Problem.is(error)) tell('refused', known?.id)
    throw error
  }
}

/** The first mapped directory of this provider, past nothing disabled. */
async function findProvider(services: Services, context: Context, login: ProviderLogin): Promise<Entity<'provider'>> {
  const { store } = services
  const { tenant } = context
  const { providerId } = login
  const stores = await storesToSearch(store, context, login)
  if (stores instanceof Problem && !Problem.is(stores, 'noStores')) throw stores
  for (const { store: place, organization } of stores instanceof Problem ? [] : stores) {
    if (place.resource !== 'directory') continue
    const provider = await store.get('provider', tenant, place.id)
    if (!provider || provider.providerId.toLowerCase() !== providerId.toLowerCase()) continue
    if ((await store.get('directory', tenant, place.id))?.status !== 'ENABLED') refuse('directoryDisabled', {})
    if (organization !== undefined) {
      const found = await store.get('organization', tenant, organization)
      if (found?.status !== 'ENABLED') refuse('organizationDisabled', {})
    }
    return provider
  }
  return refuse('providerNotMapped', { provider: providerId })
}

function checkCredentials({ providerType, redirectUri }: Entity<'provider'>, given: ProviderCredentials): void {
  const type = providerType as MirrorType
  const { accepts } = kinds[type]
  const names = (['code', 'accessToken', 'idToken'] as const).filter((name) => given[name] !== undefined)
  const foreign = names.find((name) => !accepts.includes(name))
  if (foreign) refuse('propertyUnsupported', { property: foreign, where: `providers of type ${type}` })
  const [name, ...others] = names
  if (!name || others.length > 0) refuse('required', { resource: 'providerData', property: oneOf(accepts) })
  if (type === 'twitter') required(given, 'accessTokenSecret')
  if (name === 'idToken') required(given, 'nonce')
  if (type === 'linkedin' && name === 'code' && !(given.redirectUri ?? redirectUri)) refuse('redirectUriMissing', {})
}

function required(given: ProviderCredentials, property: keyof ProviderCredentials): void {
  if (given[property] === undefined) refuse('required', { resource: 'providerData', property })
}

const oneOf = (names: readonly CredentialName[]): string =>
  names.length === 1 ? String(names[0]) : `(exactly one of ${names.join(', ')})`
