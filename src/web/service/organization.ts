import type { Client } from '../../client/client.ts'
import { ApiError } from '../../client/errors.ts'
import type { Application } from './application.ts'

/**
 * An organization that the application maps: the others of the tenant are none of its business.
 * @throws ApiError 2014, whether there is no such organization, it is disabled, or it is not mapped
 */
export async function organizationOf(client: Client, application: Application, nameKey: string) {
  // As a search would take it, a star stands for any name.
  const named = /^[a-z\d-]+$/i.test(nameKey) ? await client.organizations.list({ nameKey }).first() : undefined
  if (named?.status === 'ENABLED') {
    for await (const { accountStore } of application.accountStoreMappings.list()) {
      if (accountStore.href === named.href) return named
    }
  }
  const message = 'There is no such organization.'
  const developerMessage = 'No organization with that nameKey is mapped to the application.'
  throw new ApiError(
    { method: 'GET', url: client.organizations.href },
    { status: 400, code: 2014, message, developerMessage },
  )
}
