import { type ResourceName, registry } from '../../src/resources/registry.ts'
import { type Route, routes } from '../../src/rest/routes.ts'
import type { Resource } from '../../src/schema/resource.ts'
import { accountValues, type Body, type Client, type Json, link, unique } from '../conformance/client.ts'
import { smtpServerValues } from '../support/smtp.ts'
import { NOWHERE, triedWebhook } from '../support/webhooks.ts'

/** One of everything in a tenant that clients see, by the name of its kind. */
export type Population = Record<Exclude<ResourceName, 'signingKey'>, Json> & { signingKey?: never }

/** Makes one of everything; `mark` stands in all names. */
export async function populate(client: Client, mark = 'Person'): Promise<Population> {
  const tenant = await client.read((await client.get('/tenants/current')).headers.get('location') as string)
  const named = () => ({ name: unique(mark), description: unique(mark), customData: { note: unique(mark) } })
  const directory = await client.newDirectory(named())
  const application = await client.newApplication(named())
  const organization = await client.newOrganization(named())
  const group = await client.newGroup(directory, named())
  const account = await client.newAccount(directory, { givenName: unique(mark), customData: { note: unique(mark) } })
  const groupMembership = await client.newMembership(account, group)
  const defaults = { isDefaultAccountStore: true, isDefaultGroupStore: true }
  const accountStoreMapping = await client.newMapping(application, directory, defaults)
  const organizationAccountStoreMapping = await client.newOrganizationMapping(organization, directory, defaults)
  const apiKey = await client.newApiKey(account, { name: unique(mark) })
  const accountLink = await client.create('/accountLinks', {
    leftAccount: link(account),
    rightAccount: link(await client.newStranger({ givenName: unique(mark) })),
  })
  const policy = await client.update((await client.read(application.href)).oAuthPolicy.href, {
    passwordGrant: 'ENABLED',
  })
  await client.grantByPassword(application, account.username)
  const [session] = (await client.read(account.sessions.href)).items
  const [accessToken] = (await client.read(account.accessTokens.href)).items
  const [refreshToken] = (await client.read(account.refreshTokens.href)).items
  const { webhook, delivery: webhookDelivery } = await triedWebhook(client)
  return {
    tenant,
    directory,
    application: await client.read(application.href),
    organization: await client.read(organization.href),
    group,
    account,
    groupMembership,
    accountStoreMapping,
    organizationAccountStoreMapping,
    apiKey,
    oAuthPolicy: policy,
    samlPolicy: await client.read((await client.read(application.href)).samlPolicy.href),
    accountLinkingPolicy: await client.read((await client.read(application.href)).accountLinkingPolicy.href),
    accountLink,
    webConfig: await client.read((await client.read(application.href)).webConfig.href),
    session,
    accessToken,
    refreshToken,
    idSite: (await client.read(tenant.idSites.href)).items[0],
    provider: await client.read(`${directory.href}/provider`),
    userInfoMappingRules: await rulesOfMirror(client, mark),
    providerData: await client.read(`${account.href}/providerData`),
    passwordPolicy: await client.read(directory.passwordPolicy.href),
    passwordStrength: await client.read(`${directory.passwordPolicy.href}/strength`),
    accountCreationPolicy: await client.read(directory.accountCreationPolicy.href),
    accountSchema: await client.read(directory.accountSchema.href),
    field: (await client.read(`${directory.accountSchema.href}/fields`)).items[0],
    customData: await client.read(`${account.href}/customData`),
    emailTemplate: (await client.read(`${directory.passwordPolicy.href}/resetEmailTemplates`)).items[0],
    smtpServer: await ownServer(client, tenant, mark),
    event: (await client.read(tenant.events.href)).items[0],
    webhook,
    webhookDelivery,
  }
}

/** Those of a directory that mirrors a provider. */
async function rulesOfMirror(client: Client, mark: string): Promise<Json> {
  const provider = { providerId: 'github', clientId: unique(mark), clientSecret: unique(mark) }
  const mirror = await client.newDirectory({ name: unique(mark), provider })
  return client.read((await client.read(mirror.provider.href)).userInfoMappingRules.href)
}

/** A tenant has one at most; it is not used. */
async function ownServer(client: Client, tenant: Json, mark: string): Promise<Json> {
  const [known] = (await client.read(tenant.smtpServers.href)).items
  return (
    known ?? client.create('/smtpServers', { name: unique(mark), ...(await smtpServerValues()), status: 'DISABLED' })
  )
}

const byPath = new Map((Object.values(registry) as Resource[]).map(({ path, name }) => [path, name as ResourceName]))

/** The kind of what a route names by id. */
export function addressed({ path }: Pick<Route, 'path'>): ResourceName | undefined {
  return path.includes('/:id') ? byPath.get(path.split('/')[1] as string) : undefined
}

/** Has the form of one. */
const UNKNOWN_TOKEN = `${'a'.repeat(22)}.${'b'.repeat(22)}.${'c'.repeat(43)}`

/** The path of a route with this id in it. */
export const at = ({ path }: Pick<Route, 'path'>, id: string): string =>
  path.replace(':id', id).replace(':field', 'note').replace(':token', UNKNOWN_TOKEN)

export const idIn = ({ href }: { href: string }, { path }: Pick<Route, 'path'>): string =>
  href.split(`/${path.split('/')[1]}/`)[1]?.split('/')[0] as string

/** A route by which clients create or change something. */
export interface WriteRoute {
  path: string
  does: 'create' | 'update'
  resource: ResourceName
  owner?: ResourceName | undefined
}

export const isWrite = (route: Route): route is Route & WriteRoute => route.does === 'create' || route.does === 'update'
/** A tenant has one SMTP server at most, and one here: it is changed, not made. */
export const writeRoutes: readonly WriteRoute[] = routes
  .filter(isWrite)
  .filter(({ does, resource }) => does === 'update' || resource !== 'smtpServer')

/** A body that this write accepts, new things for what must be unique. */
export async function bodyFor({ does, resource }: WriteRoute, client: Client, own: Population): Promise<Body> {
  if (does === 'update') return changes[resource] ?? {}
  switch (resource) {
    case 'account':
      return accountValues()
    case 'apiKey':
      return { name: unique('Key') }
    case 'organization':
      return { name: unique('Organization'), nameKey: unique('organization') }
    case 'groupMembership':
      return { account: link(await client.newAccount(own.directory)), group: link(own.group) }
    case 'accountLink':
      return { leftAccount: link(await client.newStranger()), rightAccount: link(await client.newStranger()) }
    case 'accountStoreMapping':
      return { application: link(own.application), accountStore: link(await client.newDirectory()) }
    case 'organizationAccountStoreMapping':
      return { organization: link(own.organization), accountStore: link(await client.newDirectory()) }
    case 'webhook':
      return { url: NOWHERE, status: 'DISABLED' }
    default:
      return { name: unique('Thing') }
  }
}

const changes: Partial<Record<ResourceName, Body>> = {
  tenant: { name: 'Changed' },
  application: { description: 'changed' },
  directory: { description: 'changed' },
  organization: { description: 'changed' },
  group: { description: 'changed' },
  account: { middleName: 'Changed' },
  apiKey: { description: 'changed' },
  accountStoreMapping: { listIndex: 0 },
  organizationAccountStoreMapping: { listIndex: 0 },
  idSite: { logoUrl: 'https://example.com/logo.png' },
  passwordPolicy: { resetTokenTtl: 48 },
  passwordStrength: { minLength: 9 },
  field: { required: true },
  emailTemplate: { description: 'changed' },
  smtpServer: { description: 'changed' },
  webhook: { description: 'changed' },
  accountCreationPolicy: { welcomeEmailStatus: 'DISABLED', emailDomainBlacklist: ['evil.example'] },
  webConfig: { me: { expand: { groups: true } } },
  accountLinkingPolicy: { matchingProperty: 'email' },
  oAuthPolicy: { accessTokenTtl: 'PT10M' },
  provider: { providerId: 'stormpath' },
  userInfoMappingRules: { items: [{ name: 'locale', accountAttributes: ['customData.language'] }] },
}
