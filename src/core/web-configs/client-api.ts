import type { Entity } from '../../resources/registry.ts'
import { Problem } from '../../schema/problems.ts'
import { defaultAccountStore } from '../account-stores.ts'
import type { CreateOptions, Services } from '../context.ts'
import { presets } from '../presets.ts'

/** What an application lets everybody ask of it, as it is now. */
export interface ClientApi {
  tenant: string
  application: Entity<'application'>
  config: Entity<'webConfig'>
  /** Signs tokens where the policy says that API keys do: only while its account administers the tenant. */
  key: Entity<'apiKey'> | undefined
  /** What becomes of a registration with an address that has an account (core/emails/registrations.ts). */
  existing: CreateOptions['existing']
  /** New accounts verify their address before they can log in. */
  verifies: boolean
  /** What is switched on, what follows from the default account store worked out. */
  offers: Readonly<Record<Offer, boolean>>
}

export type Offer = 'oauth2' | 'register' | 'login' | 'verifyEmail' | 'forgotPassword' | 'changePassword' | 'me'

/** The Client API of this name; undefined where there is none, or it is disabled (contract/rest.md 21). */
export async function findClientApi(services: Services, dnsLabel: string): Promise<ClientApi | undefined> {
  const { store } = services
  const found = await store.applicationOfLabel(dnsLabel)
  if (!found) return undefined
  const { tenant, application: id } = found
  const [application, config, owner] = await Promise.all([
    store.get('application', tenant, id),
    store.get('webConfig', tenant, id),
    store.get('tenant', tenant, tenant),
  ])
  if (application?.status !== 'ENABLED' || config?.status !== 'ENABLED') return undefined
  const [workflows, key] = await Promise.all([workflowsOf(services, application), signingKeyOf(services, config)])
  return {
    tenant,
    application,
    config,
    key,
    existing: presets[owner?.preset ?? 'modern'].registersKnown,
    verifies: workflows.verification,
    offers: {
      oauth2: config.oauth2.enabled,
      register: config.register.enabled,
      login: config.login.enabled,
      verifyEmail: config.verifyEmail.enabled ?? workflows.verification,
      forgotPassword: config.forgotPassword.enabled ?? workflows.reset,
      changePassword: config.changePassword.enabled ?? workflows.reset,
      me: config.me.enabled,
    },
  }
}

/** What the directory of the default account store does by mail; nothing where there is no such store. */
async function workflowsOf(
  { store }: Services,
  { id, tenant }: Entity<'application'>,
): Promise<{ verification: boolean; reset: boolean }> {
  const place = await defaultAccountStore(store, { resource: 'application', id }, tenant).catch((error: unknown) => {
    if (Problem.is(error)) return undefined
    throw error
  })
  if (!place) return { verification: false, reset: false }
  const [creation, password] = await Promise.all([
    store.get('accountCreationPolicy', tenant, place.directory),
    store.get('passwordPolicy', tenant, place.directory),
  ])
  return {
    verification: creation?.verificationEmailStatus === 'ENABLED',
    reset: password?.resetEmailStatus === 'ENABLED',
  }
}

async function signingKeyOf({ store }: Services, { tenant, signingApiKey }: Entity<'webConfig'>) {
  const standing = signingApiKey === null ? undefined : await store.apiKeyStanding(signingApiKey)
  return standing?.administrator && standing.key.tenant === tenant ? standing.key : undefined
}
