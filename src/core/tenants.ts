import { createDataKey } from '../crypto/seal.ts'
import type { Entity } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import { apiKeyId, apiKeySecret, requestId } from '../std/id.ts'
import { apiKeys } from './api-keys.ts'
import type { Context, Draft, Services, Work } from './context.ts'
import { NO_PASSWORD } from './policies/no-password.ts'
import type { Preset } from './presets.ts'

export interface NewTenant {
  /** Unique, `a-z` and inner hyphens. */
  key: string
  preset: Preset
  ownerEmail: string
  /** The first API key's pair, when the operator wants to choose it. */
  apiKey?: { id: string; secret: string }
  /** Only in a store that has no tenant yet. */
  onlyFirst?: boolean
}

export interface CreatedTenant {
  tenant: Entity<'tenant'>
  owner: Entity<'account'>
  apiKey: { id: string; secret: string }
}

/**
 * Everything a tenant starts with (contract/rest.md 3.1), in one transaction. The names are load-bearing: old SDKs
 * look them up.
 * @throws Problem notUnique when the key is taken, or there is a tenant and this one should be the first
 */
export async function createTenant(
  services: Services,
  openWork: (tx: Work['tx'], context: Context) => Work,
  wanted: NewTenant,
): Promise<CreatedTenant> {
  const id = services.ids.next()
  const context: Context = {
    tenant: id,
    actor: { kind: 'system', id: 'bootstrap' },
    requestId: requestId(),
  }
  const pair = wanted.apiKey ?? { id: apiKeyId(), secret: apiKeySecret() }
  const key: Draft<'apiKey'> = { values: { ...pair } }
  await apiKeys.prepare?.(services, context, key)
  const eventKey = (table: string, row: string) =>
    services.seal.seal(createDataKey(), { tenant: id, table, row, column: 'eventKey' })

  return services.store.write(async (tx) => {
    const work = openWork(tx, context)
    if (wanted.onlyFirst) await requireEmpty(work)
    await work.insert('tenant', {
      values: { id, key: wanted.key, name: wanted.key, preset: wanted.preset, eventKey: eventKey('tenant', id) },
    })
    await work.insert('idSite', { values: {} })
    const myApplication = await work.insert('application', {
      values: { name: 'My Application', description: 'A first application of your own; rename it as you like.' },
      options: { createDirectory: 'My Application Directory' },
    })
    const administratorsName = 'Stormpath Administrators'
    const consoleApplication = await work.insert('application', {
      values: { name: 'Stormpath', description: 'Whoever can log in to it administers this tenant.' },
      // The first administrator cannot wait for a mail server.
      options: { createDirectory: administratorsName, registrationWorkflowEnabled: false },
    })
    const directory = await tx.find('directory', id, ['name'], [administratorsName])
    if (!directory) throw new Error('the administrators directory was not created')
    const accountId = services.ids.next()
    const owner = await work.insert('account', {
      values: {
        id: accountId,
        directory: directory.id,
        email: wanted.ownerEmail,
        password: NO_PASSWORD,
        emailVerificationStatus: 'VERIFIED',
        eventKey: eventKey('account', accountId),
      },
      options: { registrationWorkflowEnabled: false },
    })
    await work.insert('apiKey', { values: { ...key.values, account: owner.id } })
    await tx.update('webConfig', id, myApplication.id, { signingApiKey: pair.id })
    // Administrators log in by no API that is open to everybody.
    await tx.update('webConfig', id, consoleApplication.id, { status: 'DISABLED', dnsLabel: null })
    await tx.update('tenant', id, id, {
      consoleApplication: consoleApplication.id,
      administratorsDirectory: directory.id,
      ownerAccount: owner.id,
    })
    const tenant = await tx.get('tenant', id, id)
    if (!tenant) throw new Error('the tenant was not created')
    return { tenant, owner, apiKey: pair }
  })
}

/** Of several processes that start on an empty store at once, one gets through. */
async function requireEmpty({ tx }: Work): Promise<void> {
  if (await tx.firstTenant()) refuse('notUnique', { resource: 'tenant', property: 'tenant' })
}
