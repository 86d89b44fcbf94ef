import { expect, test } from 'vitest'
import {
  accountValues,
  describeConformance,
  expectError,
  expectStatus,
  hrefsOf,
  type Json,
  link,
  PASSWORD,
  unique,
} from './harness.ts'

describeConformance('Expansion', (service) => {
  test('REST-C18 one or several links are expanded into the complete resources', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory)
    const expanded = await service().read(`${account.href}?expand=directory,tenant,customData`)
    expect(expanded.directory).toEqual(directory)
    expect(expanded.tenant).toEqual(service().tenant)
    expect(expanded.customData).toEqual(await service().read(account.customData.href))
    expect(expanded.groups).toEqual(link(account.groups))
  })

  test('REST-C18 every link of every resource of this release can be expanded', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const group = await service().newGroup(directory)
    const membership = await service().newMembership(account, group)
    const organization = await service().newOrganization()
    const { href: organizationMapping } = await service().newOrganizationMapping(organization, directory, {
      isDefaultAccountStore: true,
    })
    const key = await service().newApiKey(account)
    const expandable: [string, string][] = [
      [service().tenant.href, 'customData,accounts,applications,directories,groups,organizations'],
      [
        application.href,
        'tenant,customData,accounts,groups,accountStoreMappings,defaultAccountStoreMapping,defaultGroupStoreMapping',
      ],
      [
        directory.href,
        'tenant,customData,accounts,groups,provider,passwordPolicy,accountCreationPolicy,accountSchema,applications,applicationMappings,organizations,organizationMappings',
      ],
      [group.href, 'tenant,directory,customData,accounts,accountMemberships,applications'],
      [
        account.href,
        'tenant,directory,customData,groups,groupMemberships,applications,apiKeys,providerData,sessions,accessTokens,refreshTokens',
      ],
      [organization.href, 'tenant,customData,accounts,groups,accountStoreMappings,defaultAccountStoreMapping'],
      [application.defaultAccountStoreMapping.href, 'application,accountStore'],
      [organizationMapping, 'organization,accountStore'],
      [membership.href, 'account,group'],
      [key.href, 'account,tenant'],
    ]
    for (const [href, links] of expandable) {
      const representation = await service().read(`${href}?expand=${links}`)
      for (const name of links.split(',')) {
        expect(Object.keys(representation[name]).length, `${name} of ${href}`).toBeGreaterThan(1)
        expect(representation[name]).toEqual(await service().read(representation[name].href))
      }
    }
  })

  test('REST-C18 a null link stays null when it is expanded', async () => {
    const { href } = await service().newApplication()
    const application = await service().read(`${href}?expand=defaultAccountStoreMapping,tenant`)
    expect(application.defaultAccountStoreMapping).toBeNull()
    expect(application.tenant).toHaveProperty('name')
  })

  test('REST-C18 a polymorphic link expands to what it points at', async () => {
    const application = await service().newApplication()
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const organization = await service().newOrganization()
    for (const store of [directory, group, organization]) {
      const { href } = await service().newMapping(application, store)
      expect((await service().read(`${href}?expand=accountStore`)).accountStore).toEqual(
        await service().read(store.href),
      )
    }
  })

  test('REST-C19 a collection is expanded with its own offset and limit', async () => {
    const directory = await service().newDirectory()
    const hrefs = []
    for (let index = 0; index < 4; index++) hrefs.push((await service().newGroup(directory)).href)
    const expand = async (text: string) => (await service().read(`${directory.href}?expand=${text}`)).groups
    expect(await expand('groups')).toMatchObject({ href: directory.groups.href, offset: 0, limit: 25, size: 4 })
    const page = await expand('groups(offset:1,limit:2)')
    expect(page).toMatchObject({ href: directory.groups.href, offset: 1, limit: 2, size: 4 })
    expect(hrefsOf(page)).toEqual([hrefs[1], hrefs[2]])
    expect(await expand('groups(limit:3)')).toMatchObject({ offset: 0, limit: 3 })
    expect(await expand('groups(offset:3)')).toMatchObject({ offset: 3, limit: 25 })
    expect(await expand('groups(limit:1,offset:2)')).toMatchObject({ offset: 2, limit: 1 })
  })

  test('REST-C19 plain and paged links are expanded together', async () => {
    const { href } = await service().newDirectory()
    const directory = await service().read(`${href}?expand=customData,groups(offset:0,limit:10),accounts,tenant`)
    expect(directory.customData).toHaveProperty('createdAt')
    expect(directory.groups.limit).toBe(10)
    expect(directory.accounts.items).toEqual([])
    expect(directory.tenant).toHaveProperty('key')
  })

  test('REST-C19 custom data may be expanded with parentheses absent only', async () => {
    const { href } = await service().newDirectory()
    expectStatus(await service().get(`${href}?expand=customData(offset:0,limit:1)`), 400)
  })

  test('REST-C20 TRAP-T7 an expansion applies to every item of a collection', async () => {
    const directory = await service().newDirectory()
    for (const color of ['red', 'green', 'blue']) await service().newAccount(directory, { customData: { color } })
    const { items } = await service().read(
      `${directory.accounts.href}?expand=customData,directory,groups(offset:0,limit:10)`,
    )
    expect(items.map(({ customData }: Json) => customData.color)).toEqual(['red', 'green', 'blue'])
    for (const item of items) {
      expect(item.directory).toEqual(directory)
      expect(item.groups).toMatchObject({ limit: 10, items: [] })
    }
  })

  test('REST-C20 the memberships of each group are expanded as a page of their own', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory)
    for (let index = 0; index < 2; index++) await service().newMembership(account, await service().newGroup(directory))
    const { items } = await service().read(`${account.groups.href}?expand=accountMemberships(offset:0,limit:10)`)
    expect(items).toHaveLength(2)
    for (const { accountMemberships } of items) {
      expect(accountMemberships).toMatchObject({ offset: 0, limit: 10, size: 1 })
      expect(accountMemberships.items[0].account).toEqual(link(account))
    }
  })

  test('REST-C21 TRAP-T7 an expansion is honoured on creation and on update', async () => {
    const directory = await service().newDirectory()
    const created = await service().post(
      `${directory.accounts.href}?expand=customData,directory`,
      accountValues({ customData: { a: 1 } }),
    )
    expectStatus(created, 201)
    expect(created.body.customData).toMatchObject({ a: 1 })
    expect(created.body.directory).toEqual(directory)
    const updated = await service().update(`${created.body.href}?expand=customData`, { customData: { b: 2 } })
    expect(updated.customData).toMatchObject({ a: 1, b: 2 })
  })

  test('REST-C21 a new directory shows its provider when asked', async () => {
    const answer = await service().post('/directories?expand=provider', { name: unique('Directory') })
    expectStatus(answer, 201)
    expect(answer.body.provider).toMatchObject({ providerId: 'stormpath' })
  })

  test('REST-C21 a log-in shows the account when asked', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const answer = await service().login(application, account.email, PASSWORD, {}, '?expand=account')
    expectStatus(answer, 200)
    expect(answer.body.account).toEqual(await service().read(account.href))
  })

  test.each([
    'unheardOf',
    'name',
    'href',
    'customData,unheardOf',
    'tenant.customData',
    'status',
    '__proto__',
    'constructor',
  ])('REST-C22 %s cannot be expanded', async (expand) => {
    const { href } = await service().newDirectory()
    expectError(await service().get(`${href}?expand=${expand}`), 400, 2107)
    expectError(await service().get(`/directories?expand=${expand}`), 400, 2107)
  })

  test('REST-C22 an action cannot be expanded', async () => {
    const { href } = await service().newApplication()
    expectError(await service().get(`${href}?expand=loginAttempts`), 400, 2107)
  })

  test.each([
    'groups()',
    'groups(',
    'groups)',
    'groups(5,30)',
    'groups(offset:x)',
    'groups(limit:1',
    'groups(size:1)',
    'groups(offset:-1)',
    'groups(limit:1,limit:2)',
  ])('REST-C22 the expansion %s is malformed', async (expand) => {
    const { href } = await service().newDirectory()
    const answer = await service().get(`${href}?expand=${expand}`)
    expectError(answer, 400, answer.body.code)
  })

  test('REST-C22 a refused expansion on creation creates nothing', async () => {
    const name = unique('Directory')
    expectError(await service().post('/directories?expand=unheardOf', { name }), 400, 2107)
    expect((await service().read(`/directories?name=${name}`)).size).toBe(0)
  })
})
