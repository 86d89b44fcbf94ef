import { describe, expectTypeOf, it } from 'vitest'
import { type Client, createClient } from '../../src/client/client.ts'
import type { List } from '../../src/client/list.ts'
import type { CollectionName, FirstLevelName } from '../../src/client/types/names.ts'
import type { Link, Resource } from '../../src/client/types/resource.ts'
import { type ResourceName, registry } from '../../src/resources/registry.ts'
import type { RawNumber } from '../../src/std/json.ts'

interface Mine {
  account: { plan: string; seats?: number | RawNumber }
  directory: { region: string }
}
type Account = Resource<'account', never, Mine>
type Directory = Resource<'directory', never, Mine>

const client = createClient<Mine>({ url: 'http://localhost', apiKey: { id: 'a', secret: 'b' } })

/** Compiled, never run. */
const compiles = (_: () => Promise<unknown>): void => {}

describe('types', () => {
  it('know every resource with an address of its own, by its collection', ({ expect }) => {
    const nested = Object.values(registry).filter((resource) => 'nested' in resource && resource.nested)
    expectTypeOf<keyof Client>().toEqualTypeOf<'tenant' | 'emailVerificationTokens' | CollectionName<FirstLevelName>>()
    expectTypeOf<Client>().toHaveProperty('groupMemberships')
    expectTypeOf<Client>().toHaveProperty('organizationAccountStoreMappings')
    expect(nested.map(({ name }) => name)).toEqual(['provider', 'passwordStrength', 'providerData', 'customData'])
    expectTypeOf<Exclude<ResourceName, FirstLevelName>>().toEqualTypeOf<
      // signing keys are seen by nobody
      'provider' | 'passwordStrength' | 'providerData' | 'customData' | 'signingKey'
    >()
  })

  it('read attributes from the declarations', () => {
    expectTypeOf<Account['id']>().toEqualTypeOf<string>()
    expectTypeOf<Account['email']>().toEqualTypeOf<string>()
    expectTypeOf<Account['givenName']>().toEqualTypeOf<string | null>()
    expectTypeOf<Account['status']>().toEqualTypeOf<'ENABLED' | 'DISABLED' | 'UNVERIFIED'>()
    expectTypeOf<Account['createdAt']>().toEqualTypeOf<string>()
    expectTypeOf<Account['collection']>().toEqualTypeOf<'accounts'>()
    expectTypeOf<Resource<'accountStoreMapping'>['isDefaultAccountStore']>().toEqualTypeOf<boolean>()
    expectTypeOf<Resource<'application'>['authorizedCallbackUris']>().toEqualTypeOf<string[]>()
    expectTypeOf<Account>().not.toHaveProperty('password')
    expectTypeOf<Account>().not.toHaveProperty('eventKey')
    expectTypeOf<Resource<'tenant'>>().not.toHaveProperty('ownerAccount')
  })

  it('read links from the declarations', () => {
    expectTypeOf<Account['directory']>().toEqualTypeOf<Link<'directory', Mine>>()
    expectTypeOf<
      Resource<'application'>['defaultAccountStoreMapping']
    >().toEqualTypeOf<Link<'accountStoreMapping'> | null>()
    expectTypeOf<Account['directory']>().not.toHaveProperty('name')
    expectTypeOf<Account['groups']>().not.toHaveProperty('items')
    expectTypeOf<Account['customData']>().not.toHaveProperty('data')
    expectTypeOf<Resource<'application'>>().toHaveProperty('authenticate')
    expectTypeOf<Directory>().not.toHaveProperty('authenticate')
  })

  it('narrow to what was read along, call by call', () => {
    compiles(async () => {
      const account = await client.accounts.get('a', { expand: ['directory', 'groups(limit:10)', 'customData'] })
      expectTypeOf(account.directory.name).toEqualTypeOf<string>()
      expectTypeOf(account.directory).toEqualTypeOf<Directory>()
      expectTypeOf(account.groups.items).toEqualTypeOf<readonly Resource<'group', never, Mine>[]>()
      expectTypeOf(account.groups.size).toEqualTypeOf<number>()
      expectTypeOf(account.customData.data).toEqualTypeOf<Mine['account']>()
      expectTypeOf(account.tenant).toEqualTypeOf<Link<'tenant', Mine>>()
      // More is less: what takes an account takes one with links read along.
      expectTypeOf(account).toExtend<Account>()
      expectTypeOf<Account>().not.toExtend<typeof account>()

      for await (const { customData } of client.accounts.list({ expand: ['customData'], limit: 3 })) {
        expectTypeOf(customData.data.plan).toEqualTypeOf<string>()
      }
      expectTypeOf(client.accounts.list({ q: 'joe' })).toEqualTypeOf<List<Account>>()
      expectTypeOf(await client.accounts.get('a', { timeout: 5 })).toEqualTypeOf<Account>()
      expectTypeOf(await account.update({ surname: 'x' })).toEqualTypeOf<Account>()
      expectTypeOf((await account.refresh({ expand: ['tenant'] })).tenant.key).toEqualTypeOf<string>()
      expectTypeOf((await client.tenant({ expand: ['customData'] })).customData.data).toEqualTypeOf<
        Record<string, unknown>
      >()
      // @ts-expect-error not a link
      client.accounts.list({ expand: ['email'] })
      // @ts-expect-error only collections have pages
      client.accounts.list({ expand: ['directory(limit:1)'] })
      // @ts-expect-error an action cannot be read
      client.applications.list({ expand: ['loginAttempts'] })
      // @ts-expect-error held by the house
      client.tenant({ expand: ['ownerAccount'] })
    })
  })

  it('tell apart what a link with several targets leads to', () => {
    compiles(async () => {
      const mapping = await client.accountStoreMappings.get('m', { expand: ['accountStore'] })
      const store = mapping.accountStore
      if (store.collection === 'organizations') expectTypeOf(store.nameKey).toEqualTypeOf<string>()
      if (store.collection === 'groups') expectTypeOf(store.directory.id).toEqualTypeOf<string>()
      const unread = (await mapping.refresh()).accountStore
      expectTypeOf(unread.collection).toEqualTypeOf<'directories' | 'groups' | 'organizations'>()
      const read = await unread.get({ expand: ['tenant'] })
      expectTypeOf(read.tenant.key).toEqualTypeOf<string>()
      // @ts-expect-error groups have no link to organizations
      unread.get({ expand: ['organizations'] })
    })
  })

  it('ask for what the declarations require and know the rest', () => {
    compiles(async () => {
      const application = await client.applications.create({ name: 'Shop' }, { createDirectory: true })
      await application.accounts.create({ email: 'x', password: 'y', customData: { plan: 'pro' } })
      await application.accounts.create({ email: 'x', password: '$2a$…' }, { passwordFormat: 'mcf' })
      await client.accounts.link('a').update({ status: 'DISABLED', surname: null, customData: { seats: 3 } })
      const account = await client.accounts.get('a')
      await account.apiKeys.create()
      await account.apiKeys.create({ name: 'CLI' })
      await client.groupMemberships.create({ account, group: client.groups.link('g') })
      await client.accountStoreMappings.create({ application, accountStore: account.directory, listIndex: 0 })
      await application.accountStoreMappings.create({ accountStore: account.directory })
      // @ts-expect-error the place says which application
      application.accountStoreMappings.create({ application, accountStore: account.directory })
      // @ts-expect-error a name is required
      client.applications.create({})
      // @ts-expect-error no such status
      client.applications.create({ name: 'x', status: 'ON' })
      // @ts-expect-error no such option
      client.groups.get('g', { createDirectory: true })
      // @ts-expect-error both ends are required
      client.groupMemberships.create({ account })
      // @ts-expect-error computed by the house
      account.update({ fullName: 'x' })
      // @ts-expect-error required: can change, cannot go
      account.update({ email: null })
      // @ts-expect-error the plan is a text
      account.update({ customData: { plan: 3 } })
      // @ts-expect-error which directory?
      client.accounts.create
      // @ts-expect-error no such collection
      client.providers
      // @ts-expect-error there is exactly one
      client.tenants.create
      // @ts-expect-error a tenant stays
      ;(await client.tenant()).delete
      // @ts-expect-error set once
      ;(await client.groupMemberships.get('m')).update
      // @ts-expect-error accounts join a group by a membership
      ;(await client.groups.get('g')).accounts.create
      // @ts-expect-error no directory comes with a directory
      client.directories.create({ name: 'x' }, { createDirectory: true })
    })
  })

  it('know what can be searched and in which orders', () => {
    compiles(async () => {
      client.accounts.list({ email: 'a*', status: 'ENABLED', orderBy: 'surname desc', createdAt: '2026' })
      client.accounts.list({ orderBy: ['surname', 'email desc', 'customData.rank asc'], customData: { plan: 'pro' } })
      const application = await client.applications.get('a')
      application.accountStoreMappings.list({ listIndex: 0, isDefaultAccountStore: true, orderBy: 'listIndex' })
      application.apiKeys.list({ id: 'KEY' }).first()
      const directory = await client.directories.get('d')
      directory.accounts.list({ customData: { plan: 'pro' }, orderBy: 'customData.rank' })
      // @ts-expect-error not through the stores of an application
      application.accounts.list({ customData: { plan: 'pro' } })
      // @ts-expect-error nor in that order
      application.accounts.list({ orderBy: 'customData.rank' })
      // @ts-expect-error groups are not found by it
      directory.groups.list({ customData: { plan: 'pro' } })
      // @ts-expect-error one cannot list them without knowing the id
      application.apiKeys.list({})
      // @ts-expect-error the tenant has no list of them
      client.accountStoreMappings.list
      // @ts-expect-error not searchable
      client.accounts.list({ password: 'x' })
      // @ts-expect-error no part of an enumeration
      client.accounts.list({ status: 'ENA*' })
      // @ts-expect-error not sortable
      client.accounts.list({ orderBy: 'fullName' })
      // @ts-expect-error no direction
      client.accounts.list({ orderBy: 'email up' })
    })
  })

  it('are the same over the network and in this process', () => {
    compiles(async () => {
      const engine = { baseUrl: 'http://localhost', handle: async () => ({ status: 200, headers: {}, body: '' }) }
      expectTypeOf(createClient<Mine>({ engine, apiKey: { id: 'a', secret: 'b' } })).toEqualTypeOf(client)
    })
  })
})
