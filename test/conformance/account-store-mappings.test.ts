import { expect, test } from 'vitest'
import { accountValues, describeConformance, expectError, hrefsOf, type Json, link } from './harness.ts'

describeConformance('Account store mappings', (service) => {
  test('REST-F1 a directory, a group and an organization are mapped', async () => {
    const application = await service().newApplication()
    const directory = await service().newDirectory()
    for (const store of [directory, await service().newGroup(directory), await service().newOrganization()]) {
      const mapping = await service().newMapping(application, store)
      expect(mapping).toMatchObject({ application: link(application), accountStore: link(store) })
      expect(await service().read(mapping.href)).toEqual(mapping)
    }
    expect((await service().read(application.accountStoreMappings.href)).size).toBe(3)
  })

  test('REST-F1 a mapping may be created in the collection of the application', async () => {
    const application = await service().newApplication()
    const directory = await service().newDirectory()
    const mapping = await service().create(application.accountStoreMappings.href, { accountStore: link(directory) })
    expect(mapping.application).toEqual(link(application))
  })

  test('REST-F1 a mapping keeps its application and store', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { href } = application.defaultAccountStoreMapping
    const values = {
      application: link(await service().newApplication()),
      accountStore: link(await service().newDirectory()),
      listIndex: 0,
    }
    const after = await service().update(href, values)
    expect(after).toMatchObject({ application: link(application), accountStore: link(directory) })
  })

  test('REST-F2 both flags are false unless set', async () => {
    const mapping = await service().newMapping(await service().newApplication(), await service().newDirectory())
    expect(mapping).toMatchObject({ listIndex: 0, isDefaultAccountStore: false, isDefaultGroupStore: false })
  })

  test('REST-F2 TRAP-T18 a new default takes over from the old one', async () => {
    const application = await service().newApplication()
    const both = { isDefaultAccountStore: true, isDefaultGroupStore: true }
    const first = await service().newMapping(application, await service().newDirectory(), both)
    const second = await service().newMapping(application, await service().newDirectory(), both)
    expect(await service().read(first.href)).toMatchObject({ isDefaultAccountStore: false, isDefaultGroupStore: false })
    await service().update(first.href, { isDefaultAccountStore: true })
    expect(await service().read(first.href)).toMatchObject({ isDefaultAccountStore: true, isDefaultGroupStore: false })
    expect(await service().read(second.href)).toMatchObject({ isDefaultAccountStore: false, isDefaultGroupStore: true })
  })

  test('REST-F2 TRAP-T18 clearing or deleting the default promotes no other', async () => {
    const application = await service().newApplication()
    const other = await service().newMapping(application, await service().newDirectory())
    const first = await service().newMapping(application, await service().newDirectory(), {
      isDefaultAccountStore: true,
    })
    await service().update(first.href, { isDefaultAccountStore: false })
    expect((await service().read(application.href)).defaultAccountStoreMapping).toBeNull()
    await service().update(first.href, { isDefaultAccountStore: true })
    await service().remove(first.href)
    expect((await service().read(application.href)).defaultAccountStoreMapping).toBeNull()
    expect((await service().read(other.href)).isDefaultAccountStore).toBe(false)
  })

  test('REST-F3 a mapping is inserted at its index and the others move up', async () => {
    const application = await service().newApplication()
    const [a, b] = [await mapped(application), await mapped(application)]
    const first = await mapped(application, { listIndex: 0 })
    const middle = await mapped(application, { listIndex: 2 })
    expect(await order(application)).toEqual([first.href, a.href, middle.href, b.href])
  })

  test('REST-F3 an index beyond the end means the end', async () => {
    const application = await service().newApplication()
    const [a, b] = [await mapped(application), await mapped(application, { listIndex: 99 })]
    expect(b.listIndex).toBe(1)
    expect((await service().update(a.href, { listIndex: 50 })).listIndex).toBe(1)
    expect(await order(application)).toEqual([b.href, a.href])
  })

  test('REST-F3 an update moves a mapping up or down', async () => {
    const application = await service().newApplication()
    const [a, b, c, d] = [
      await mapped(application),
      await mapped(application),
      await mapped(application),
      await mapped(application),
    ]
    await service().update(d.href, { listIndex: 1 })
    expect(await order(application)).toEqual([a.href, d.href, b.href, c.href])
    await service().update(a.href, { listIndex: 2 })
    expect(await order(application)).toEqual([d.href, b.href, a.href, c.href])
  })

  test('REST-F3 a deletion closes the gap', async () => {
    const application = await service().newApplication()
    const [a, b, c] = [await mapped(application), await mapped(application), await mapped(application)]
    await service().remove(b.href)
    expect(await order(application)).toEqual([a.href, c.href])
  })

  test('REST-F3 deleting a mapped directory, group or organization closes the gap too', async () => {
    const application = await service().newApplication()
    const directory = await service().newDirectory()
    const group = await service().newGroup(await service().newDirectory())
    const organization = await service().newOrganization()
    for (const store of [directory, group, organization]) await service().newMapping(application, store)
    const last = await mapped(application)
    for (const store of [directory, group, organization]) await service().remove(store.href)
    expect(await order(application)).toEqual([last.href])
  })

  test('REST-F3 a negative index is refused', async () => {
    const application = await service().newApplication()
    const values = { application: link(application), accountStore: link(await service().newDirectory()), listIndex: -1 }
    const text = { developerMessage: expect.stringContaining('listIndex minimum value') }
    expectError(await service().post('/accountStoreMappings', values), 400, 2009, text)
    const mapping = await mapped(application)
    expectError(await service().post(mapping.href, { listIndex: -1 }), 400, 2009, text)
  })

  test('REST-F4 a store is mapped once to an application and once to an organization', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const values = { application: link(application), accountStore: link(directory) }
    expectError(await service().post('/accountStoreMappings', values), 400, 5104)
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory)
    const inner = { organization: link(organization), accountStore: link(directory) }
    expectError(await service().post('/organizationAccountStoreMappings', inner), 400, 4604)
  })

  test('REST-F5 a group is no default group store', async () => {
    const group = await service().newGroup(await service().newDirectory())
    const application = await service().newApplication()
    const organization = await service().newOrganization()
    const values = { accountStore: link(group), isDefaultGroupStore: true }
    expectError(await service().post('/accountStoreMappings', { application: link(application), ...values }), 400, 5112)
    expectError(
      await service().post('/organizationAccountStoreMappings', { organization: link(organization), ...values }),
      400,
      4612,
    )
    const mapping = await service().newMapping(application, group)
    expectError(await service().post(mapping.href, { isDefaultGroupStore: true }), 400, 5112)
    const inner = await service().newOrganizationMapping(organization, group)
    expectError(await service().post(inner.href, { isDefaultGroupStore: true }), 400, 4612)
  })

  test('REST-F8 TRAP-T18 with a group as default store an account lands in its directory and in the group', async () => {
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const application = await service().newApplication()
    await service().newMapping(application, group, { isDefaultAccountStore: true })
    const account = await service().newAccount(application)
    expect(account.directory).toEqual(link(directory))
    expect(hrefsOf(await service().read(account.groups.href))).toEqual([group.href])
    expect(hrefsOf(await service().read(application.accounts.href))).toEqual([account.href])
  })

  test('REST-F8 a refused account leaves no membership, a disabled group takes nobody', async () => {
    const group = await service().newGroup(await service().newDirectory())
    const application = await service().newApplication()
    await service().newMapping(application, group, { isDefaultAccountStore: true })
    const { email } = await service().newAccount(application)
    expectError(await service().post(application.accounts.href, accountValues({ email })), 409, 2001)
    expect((await service().read(group.accountMemberships.href)).size).toBe(1)
    await service().update(group.href, { status: 'DISABLED' })
    expectError(await service().post(application.accounts.href, accountValues()), 400, 5101)
  })

  test('REST-F9 with an organization as default store its own default decides', async () => {
    const { application, directory } = await withOrganization()
    expect((await service().newAccount(application)).directory).toEqual(link(directory))
    expect((await service().newGroup(application)).directory).toEqual(link(directory))
  })

  test('REST-F9 with an organization whose default is a group the account joins the group', async () => {
    const { application, organization, directory } = await withOrganization()
    const group = await service().newGroup(directory)
    await service().newOrganizationMapping(organization, group, { isDefaultAccountStore: true })
    const account = await service().newAccount(application)
    expect(account.directory).toEqual(link(directory))
    expect(hrefsOf(await service().read(account.groups.href))).toEqual([group.href])
  })

  test('REST-F9 an organization that has lost its default store takes nobody', async () => {
    const { application, inner } = await withOrganization()
    await service().update(inner.href, { isDefaultAccountStore: false, isDefaultGroupStore: false })
    expectError(await service().post(application.accounts.href, accountValues()), 400, 5116)
    expectError(await service().post(application.groups.href, { name: 'x' }), 400, 5118)
  })

  test('REST-F9 an organization with a disabled default store takes nobody', async () => {
    const { application, directory } = await withOrganization()
    await service().update(directory.href, { status: 'DISABLED' })
    expectError(await service().post(application.accounts.href, accountValues()), 400, 5117)
    expectError(await service().post(application.groups.href, { name: 'x' }), 400, 5119)
  })

  test('REST-F9 a disabled organization takes nobody', async () => {
    const { application, organization } = await withOrganization()
    await service().update(organization.href, { status: 'DISABLED' })
    expectError(await service().post(application.accounts.href, accountValues()), 400, 5101)
    expectError(await service().post(application.groups.href, { name: 'x' }), 400, 5103)
  })

  test('REST-F10 mappings of an organization are created, listed, changed and deleted', async () => {
    const organization = await service().newOrganization()
    const directory = await service().newDirectory()
    const group = await service().newGroup(await service().newDirectory())
    const first = await service().newOrganizationMapping(organization, directory, { isDefaultAccountStore: true })
    expect(first).toMatchObject({
      listIndex: 0,
      isDefaultAccountStore: true,
      isDefaultGroupStore: false,
      organization: link(organization),
    })
    const second = await service().create(organization.accountStoreMappings.href, {
      accountStore: link(group),
      listIndex: 0,
    })
    expect(hrefsOf(await service().read(organization.accountStoreMappings.href))).toEqual([second.href, first.href])
    expect((await service().read(organization.href)).defaultAccountStoreMapping).toEqual(link(first))
    await service().update(second.href, { isDefaultAccountStore: true, listIndex: 1 })
    expect(hrefsOf(await service().read(organization.accountStoreMappings.href))).toEqual([first.href, second.href])
    expect((await service().read(first.href)).isDefaultAccountStore).toBe(false)
    await service().remove(second.href)
    expectError(await service().get(second.href), 404, 404)
    expect((await service().read(organization.href)).defaultAccountStoreMapping).toBeNull()
  })

  test('REST-F10 a mapping of an organization is also created where those of applications are', async () => {
    // as the SDK for Node does
    const [organization, directory] = [await service().newOrganization(), await service().newDirectory()]
    const values = { organization: link(organization), accountStore: link(directory), isDefaultAccountStore: true }
    const mapping = await service().create('/accountStoreMappings', values)
    expect(mapping.organization).toEqual(link(organization))
    expect(mapping.href).toContain('/organizationAccountStoreMappings/')
    expect((await service().read(organization.href)).defaultAccountStoreMapping).toEqual(link(mapping))
  })

  test('REST-F10 an organization is no store of an organization', async () => {
    const values = {
      organization: link(await service().newOrganization()),
      accountStore: link(await service().newOrganization()),
    }
    expectError(await service().post('/organizationAccountStoreMappings', values), 400, 4614)
  })

  test('REST-F11 a directory lists the mappings that point to it', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const organization = await service().newOrganization()
    const inner = await service().newOrganizationMapping(organization, directory)
    expect(hrefsOf(await service().read(directory.applicationMappings.href))).toEqual([
      application.defaultAccountStoreMapping.href,
    ])
    expect(hrefsOf(await service().read(directory.organizationMappings.href))).toEqual([inner.href])
  })

  test('REST-F12 a store reference that is no href is an invalid value', async () => {
    const application = link(await service().newApplication())
    for (const href of ['not found', '', '/directories/x', `${service().baseUrl}/directories`]) {
      const answer = await service().post('/accountStoreMappings', { application, accountStore: { href } })
      expectError(answer, 400, 2002)
    }
  })

  test('REST-F12 a store that does not exist is an invalid reference', async () => {
    const application = link(await service().newApplication())
    for (const kind of ['directories', 'groups', 'organizations']) {
      const href = `${service().baseUrl}/${kind}/1234567890abcdefghij`
      expectError(await service().post('/accountStoreMappings', { application, accountStore: { href } }), 400, 2014)
    }
    const accountStore = link(await service().newDirectory())
    const unknown = { href: `${service().baseUrl}/applications/1234567890abcdefghij` }
    expectError(await service().post('/accountStoreMappings', { application: unknown, accountStore }), 400, 2014)
  })

  test('REST-F12 the address of another server is refused', async () => {
    const application = link(await service().newApplication())
    const accountStore = { href: 'https://elsewhere.example/v1/directories/1234567890abcdefghij' }
    const answer = await service().post('/accountStoreMappings', { application, accountStore })
    expect([2002, 2014]).toContain(answer.body.code)
    expectError(answer, 400, answer.body.code)
  })

  test('REST-F12 the store of another tenant does not exist', async () => {
    const application = link(await service().newApplication())
    const accountStore = link(await (await service().secondTenant()).newDirectory())
    expectError(await service().post('/accountStoreMappings', { application, accountStore }), 400, 2014)
  })

  test('REST-F12 what is no store is refused', async () => {
    const application = link(await service().newApplication())
    const account = await service().newAccount(await service().newDirectory())
    const answer = await service().post('/accountStoreMappings', { application, accountStore: link(account) })
    expect([2002, 2014]).toContain(answer.body.code)
    expectError(answer, 400, answer.body.code)
  })

  test('REST-F12 application and store are required', async () => {
    const application = link(await service().newApplication())
    expectError(await service().post('/accountStoreMappings', { application }), 400, 2000, {
      developerMessage: expect.stringContaining('accountStore'),
    })
    expectError(
      await service().post('/accountStoreMappings', { accountStore: link(await service().newDirectory()) }),
      400,
      2000,
    )
  })

  const mapped = async (application: Json, values?: Record<string, unknown>) =>
    service().newMapping(application, await service().newDirectory(), values)

  /** The mappings of an application in order; fails when the indexes have gaps. */
  async function order(application: Json): Promise<string[]> {
    const { items } = await service().read(application.accountStoreMappings.href)
    expect(items.map(({ listIndex }: Json) => listIndex)).toEqual(items.map((_: Json, index: number) => index))
    return hrefsOf({ items })
  }

  /** An application whose defaults are an organization, whose defaults are a directory. */
  async function withOrganization() {
    const [application, organization, directory] = [
      await service().newApplication(),
      await service().newOrganization(),
      await service().newDirectory(),
    ]
    const defaults = { isDefaultAccountStore: true, isDefaultGroupStore: true }
    const inner = await service().newOrganizationMapping(organization, directory, defaults)
    await service().newMapping(application, organization, defaults)
    return { application, organization, directory, inner }
  }
})
