import type { Client } from '../../client/client.ts'
import type { Resource } from '../../client/types/resource.ts'
import type { Application } from './application.ts'
import type { Facts } from './service.ts'

/** What the application and its default directory say about the flows. */
export async function readFacts(client: Client, { href }: Application): Promise<Facts> {
  const application = await client.applications.get(href)
  const directory = await defaultDirectory(client, href)
  const hasStores =
    directory !== undefined || (await application.accountStoreMappings.list({ limit: 1 }).first()) !== undefined
  if (!directory) return { ...nothing, hasStores, application: href, applicationName: application.name }
  const policy = await directory.passwordPolicy.get({ expand: ['strength'] })
  const creation = await directory.accountCreationPolicy.get()
  const { minLength, maxLength } = policy.strength
  return {
    application: href,
    applicationName: application.name,
    hasStores,
    passwordReset: policy.resetEmailStatus === 'ENABLED',
    emailVerification: creation.verificationEmailStatus === 'ENABLED',
    passwordLength: { min: minLength, max: maxLength },
  }
}

const nothing = { passwordReset: false, emailVerification: false, passwordLength: undefined }

/** Where new accounts of an application go. */
export async function defaultDirectory(client: Client, href: string): Promise<Resource<'directory'> | undefined> {
  const { defaultAccountStoreMapping } = await client.applications.get(href)
  const mapping = await defaultAccountStoreMapping?.get()
  return mapping && directoryOf(client, mapping.accountStore)
}

/** A group's accounts live in its directory; those of an organization where it says. */
async function directoryOf(
  client: Client,
  store: { href: string; collection: string },
): Promise<Resource<'directory'> | undefined> {
  if (store.collection === 'directories') return client.directories.get(store.href)
  if (store.collection === 'groups') {
    const group = await client.groups.get(store.href)
    return client.directories.get(group.directory.href)
  }
  const organization = await client.organizations.get(store.href)
  const mapping = await organization.defaultAccountStoreMapping?.get()
  return mapping && directoryOf(client, mapping.accountStore)
}
