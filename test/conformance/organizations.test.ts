import { expect, test } from 'vitest'
import {
  accountValues,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  hrefsOf,
  type Json,
  link,
  namesOf,
  PASSWORD,
  unique,
} from './harness.ts'

describeConformance('Organizations', (service) => {
  test('REST-J1 an organization is created with name and nameKey', async () => {
    const nameKey = unique('acme')
    const organization = await service().create('/organizations', { name: `Acme ${nameKey}`, nameKey })
    expect(organization).toMatchObject({
      name: `Acme ${nameKey}`,
      nameKey,
      description: null,
      status: 'ENABLED',
      tenant: link(service().tenant),
      defaultAccountStoreMapping: null,
      defaultGroupStoreMapping: null,
    })
    for (const collection of ['accounts', 'groups', 'accountStoreMappings', 'customData']) {
      expect(organization[collection]).toEqual({ href: `${organization.href}/${collection}` })
    }
  })

  test('REST-J1 TRAP-T16 the text for a missing nameKey', async () => {
    const text = 'Organization nameKey is required; it cannot be null, empty, or blank.'
    for (const nameKey of [undefined, null, '', ' ']) {
      const answer = await service().post('/organizations', { name: unique('Organization'), nameKey })
      expectError(answer, 400, 2000, { developerMessage: text })
    }
  })

  test.each(['-acme', 'acme-', '-', 'ac_me', 'ac me', 'äcme', 'acme.example', 'a\nb'])(
    'REST-J1 the nameKey %j is badly formed',
    async (nameKey) => {
      expectError(await service().post('/organizations', { name: unique('Organization'), nameKey }), 400, 2006)
    },
  )

  test.each(['a', '0', 'a-b', 'a--b', '1-2-3', 'x'.repeat(63)])(
    'REST-J1 the nameKey %s is well formed',
    async (nameKey) => {
      const { href } = await service().create('/organizations', { name: unique('Organization'), nameKey })
      await service().remove(href)
    },
  )

  test('REST-J1 a nameKey of 64 characters is too long', async () => {
    expectError(
      await service().post('/organizations', { name: unique('Organization'), nameKey: 'x'.repeat(64) }),
      400,
      2008,
    )
  })

  test('REST-J1 name and nameKey are taken once in a tenant', async () => {
    const { name, nameKey } = await service().newOrganization()
    expectError(await service().post('/organizations', { name, nameKey: unique('key') }), 409, 2001)
    expectError(await service().post('/organizations', { name: unique('Name'), nameKey }), 409, 2001)
    const other = await service().newOrganization()
    expectError(await service().post(other.href, { nameKey }), 409, 2001)
  })

  test('REST-J2 createDirectory makes a directory and maps it as both defaults', async () => {
    const [name, nameKey] = [unique('Organization'), unique('key')]
    const organization = await service().create('/organizations?createDirectory=true', { name, nameKey })
    const { items } = await service().read(`${organization.accountStoreMappings.href}?expand=accountStore`)
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      listIndex: 0,
      isDefaultAccountStore: true,
      isDefaultGroupStore: true,
      accountStore: { name },
    })
    expect(organization.defaultAccountStoreMapping).toEqual(link(items[0]))
    expect(organization.defaultGroupStoreMapping).toEqual(link(items[0]))
  })

  test('REST-J2 the directory may be named, a taken name is refused and leaves nothing behind', async () => {
    const directory = unique('People')
    const name = unique('Organization')
    await service().create(`/organizations?createDirectory=${directory}`, { name, nameKey: unique('key') })
    expect((await service().read(`/directories?name=${directory}`)).size).toBe(1)
    const second = { name: unique('Organization'), nameKey: unique('key') }
    expectError(await service().post(`/organizations?createDirectory=${directory}`, second), 409, 4520)
    expect((await service().read(`/organizations?nameKey=${second.nameKey}`)).size).toBe(0)
  })

  test('REST-J3 an organization is changed, disabled and deleted', async () => {
    const organization = await service().newOrganization()
    const values = { name: unique('Renamed'), nameKey: unique('renamed'), description: 'words', status: 'DISABLED' }
    expect(await service().update(organization.href, values)).toMatchObject(values)
    await service().remove(organization.href)
    expectNotFound(await service().get(organization.href))
    expectNotFound(await service().get(organization.customData.href))
  })

  test('REST-J3 the stores of a deleted organization survive, its mappings on both sides do not', async () => {
    const organization = await service().newOrganization()
    const directory = await service().newDirectory()
    const application = await service().newApplication()
    const inner = await service().newOrganizationMapping(organization, directory)
    const outer = await service().newMapping(application, organization, { isDefaultAccountStore: true })
    await service().remove(organization.href)
    expectStatus(await service().get(directory.href), 200)
    expectNotFound(await service().get(inner.href))
    expectNotFound(await service().get(outer.href))
    expect((await service().read(application.href)).defaultAccountStoreMapping).toBeNull()
  })

  test('REST-J4 accounts and groups of all its stores are shown, each once', async () => {
    const organization = await service().newOrganization()
    const [whole, partly] = [await service().newDirectory(), await service().newDirectory()]
    const [group, inner] = [await service().newGroup(partly), await service().newGroup(whole)]
    for (const store of [whole, group, inner]) await service().newOrganizationMapping(organization, store)
    const [one, member] = [await service().newAccount(whole), await service().newAccount(partly)]
    await service().newAccount(partly)
    await service().newMembership(member, group)
    await service().newMembership(one, inner)
    const accounts = await service().read(organization.accounts.href)
    expect(hrefsOf(accounts).toSorted()).toEqual([one.href, member.href].toSorted())
    expect(accounts.size).toBe(2)
    const groups = await service().read(organization.groups.href)
    expect(hrefsOf(groups).toSorted()).toEqual([group.href, inner.href].toSorted())
    expect((await service().read(`${organization.groups.href}?name=${group.name}`)).size).toBe(1)
  })

  test('REST-J4 accounts and groups are created through it', async () => {
    const organization = await service().newOrganization()
    const directory = await service().newDirectory()
    const defaults = { isDefaultAccountStore: true, isDefaultGroupStore: true }
    await service().newOrganizationMapping(organization, directory, defaults)
    expect((await service().newAccount(organization)).directory).toEqual(link(directory))
    expect((await service().newGroup(organization)).directory).toEqual(link(directory))
  })

  test('REST-J4 without a default store there is a conflict', async () => {
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, await service().newDirectory())
    expectError(await service().post(organization.accounts.href, accountValues()), 409, 4600)
    expectError(await service().post(organization.groups.href, { name: 'x' }), 409, 4602)
  })

  test('REST-J4 a disabled default store is a conflict', async () => {
    const organization = await service().newOrganization()
    const directory = await service().newDirectory({ status: 'DISABLED' })
    await service().newOrganizationMapping(organization, directory, {
      isDefaultAccountStore: true,
      isDefaultGroupStore: true,
    })
    expectError(await service().post(organization.accounts.href, accountValues()), 409, 4601)
    expectError(await service().post(organization.groups.href, { name: 'x' }), 409, 4603)
  })

  test('REST-J5 a log-in names an organization by href or nameKey', async () => {
    const { application, organization, account } = await withMember()
    for (const accountStore of [link(organization), { nameKey: organization.nameKey }]) {
      const answer = await service().login(application, account.email, PASSWORD, { accountStore })
      expect(expectStatus(answer, 200).body.account).toEqual(link(account))
    }
  })

  test('REST-J5 TRAP-T19 the stores of an organization take its place in the order of the application', async () => {
    const application = await service().newApplication()
    const organization = await service().newOrganization()
    const directories: Json[] = []
    const email = 'everywhere@example.com'
    const accounts = []
    for (let index = 0; index < 4; index++) {
      const directory = await service().newDirectory()
      directories.push(directory)
      accounts.push(await service().newAccount(directory, { email }))
    }
    // order: directory 0, the organization with directories 1 and 2, directory 3
    await service().newMapping(application, directories[0])
    await service().newMapping(application, organization)
    await service().newMapping(application, directories[3])
    await service().newOrganizationMapping(organization, directories[1])
    await service().newOrganizationMapping(organization, directories[2])
    for (const account of accounts) {
      const answer = await service().login(application, email, PASSWORD)
      expect(expectStatus(answer, 200).body.account).toEqual(link(account))
      await service().remove(account.href)
    }
    expectError(await service().login(application, email, PASSWORD), 400, 7104)
  })

  test('REST-J6 a disabled organization lets nobody log in', async () => {
    const { application, organization, account } = await withMember()
    await service().update(organization.href, { status: 'DISABLED' })
    expectError(await service().login(application, account.email, PASSWORD), 400, 7107)
    expectError(
      await service().login(application, account.email, PASSWORD, { accountStore: link(organization) }),
      400,
      7107,
    )
  })

  test('REST-J6 an organization that is not mapped is no target', async () => {
    const { application, account } = await withMember()
    const other = await service().newOrganization()
    for (const accountStore of [link(other), { nameKey: other.nameKey }]) {
      expectError(await service().login(application, account.email, PASSWORD, { accountStore }), 400, 5114)
    }
  })

  test('REST-J7 groups named with the prefix of a tenant are found by it', async () => {
    const directory = await service().newDirectory()
    for (const name of ['acme_admins', 'acme_users', 'globex_admins']) await service().newGroup(directory, { name })
    expect(namesOf(await service().read(`${directory.groups.href}?name=acme_*`))).toEqual(['acme_admins', 'acme_users'])
    expect(namesOf(await service().read(`${directory.groups.href}?name=*_admins`))).toEqual([
      'acme_admins',
      'globex_admins',
    ])
  })

  async function withMember() {
    const [application, organization, directory] = [
      await service().newApplication(),
      await service().newOrganization(),
      await service().newDirectory(),
    ]
    await service().newOrganizationMapping(organization, directory)
    await service().newMapping(application, organization)
    return { application, organization, account: await service().newAccount(directory) }
  }
})
