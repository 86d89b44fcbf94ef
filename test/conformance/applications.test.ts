import { expect, test } from 'vitest'
import {
  accountValues,
  describeConformance,
  expectError,
  expectStatus,
  hrefsOf,
  type Json,
  link,
  unique,
} from './harness.ts'

describeConformance('Applications', (service) => {
  test('REST-E1 an application needs a name only', async () => {
    const name = unique('Application')
    const application = await service().create('/applications', { name })
    expect(application).toMatchObject({
      name,
      description: null,
      status: 'ENABLED',
      tenant: link(service().tenant),
      defaultAccountStoreMapping: null,
      defaultGroupStoreMapping: null,
      authorizedCallbackUris: [],
    })
    for (const collection of ['accounts', 'groups', 'accountStoreMappings', 'loginAttempts', 'apiKeys', 'customData']) {
      expect(application[collection]).toEqual({ href: `${application.href}/${collection}` })
    }
  })

  test('REST-E1 a name is taken once in a tenant, on creation and on change', async () => {
    const { name } = await service().newApplication()
    expectError(await service().post('/applications', { name }), 409, 2001)
    const other = await service().newApplication()
    expectError(await service().post(other.href, { name }), 409, 2001)
    expect((await service().read(other.href)).name).toBe(other.name)
  })

  test('REST-E1 an application keeps its own name when it is saved', async () => {
    const { href, name } = await service().newApplication()
    await service().update(href, { name, description: 'same name' })
  })

  test('REST-E1 the name of a deleted application is free again', async () => {
    const { href, name } = await service().newApplication()
    await service().remove(href)
    await service().newApplication({ name })
  })

  test.each(['true', 'True', 'TRUE'])(
    'REST-E2 TRAP-T18 createDirectory=%s makes a directory and maps it as both defaults',
    async (value) => {
      const name = unique('Application')
      const application = await service().create(`/applications?createDirectory=${value}`, { name })
      const { items } = await service().read(`${application.accountStoreMappings.href}?expand=accountStore`)
      expect(items).toHaveLength(1)
      expect(items[0]).toMatchObject({ listIndex: 0, isDefaultAccountStore: true, isDefaultGroupStore: true })
      expect(items[0].accountStore).toMatchObject({ name, status: 'ENABLED' })
      expect(application.defaultAccountStoreMapping).toEqual(link(items[0]))
      expect(application.defaultGroupStoreMapping).toEqual(link(items[0]))
    },
  )

  test('REST-E2 the directory gets another name when its own is taken', async () => {
    const { name } = await service().newDirectory()
    const application = await service().create('/applications?createDirectory=true', { name })
    const { items } = await service().read(`${application.accountStoreMappings.href}?expand=accountStore`)
    expect(items[0].accountStore.name).not.toBe(name)
    expect(items[0].accountStore.name.startsWith(name)).toBe(true)
  })

  test('REST-E2 without the parameter there is no mapping', async () => {
    const application = await service().newApplication()
    expect((await service().read(application.accountStoreMappings.href)).size).toBe(0)
  })

  test('REST-E3 createDirectory may name the directory', async () => {
    const name = unique('People')
    const application = await service().create(`/applications?createDirectory=${name}`, { name: unique('Application') })
    const { items } = await service().read(`${application.accountStoreMappings.href}?expand=accountStore`)
    expect(items[0].accountStore.name).toBe(name)
  })

  test('REST-E3 a taken directory name is refused, and no application is left behind', async () => {
    const directory = await service().newDirectory()
    const name = unique('Application')
    expectError(await service().post(`/applications?createDirectory=${directory.name}`, { name }), 409, 5010)
    expect((await service().read(`/applications?name=${name}`)).size).toBe(0)
  })

  test('REST-E3 a taken application name leaves no directory behind', async () => {
    const { name } = await service().newApplication()
    const directory = unique('Directory')
    expectError(await service().post(`/applications?createDirectory=${directory}`, { name }), 409, 2001)
    expect((await service().read(`/directories?name=${directory}`)).size).toBe(0)
  })

  test('REST-E4 an application is read, changed and disabled', async () => {
    const { href } = await service().newApplication()
    const values = { name: unique('Renamed'), description: 'words', status: 'DISABLED' }
    expect(await service().update(href, values)).toMatchObject(values)
    expect(await service().read(href)).toMatchObject(values)
  })

  test('REST-E4 directories, groups and organizations outlive the application, mappings do not', async () => {
    const application = await service().newApplication()
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const organization = await service().newOrganization()
    const mappings = []
    for (const store of [directory, group, organization]) mappings.push(await service().newMapping(application, store))
    await service().remove(application.href)
    for (const { href } of [directory, group, organization]) expectStatus(await service().get(href), 200)
    for (const { href } of mappings) expectError(await service().get(href), 404, 404)
    expect((await service().read(directory.applicationMappings.href)).size).toBe(0)
  })

  test('REST-E4 the directory that came with an application outlives it', async () => {
    const name = unique('Application')
    const { href } = await service().create('/applications?createDirectory=true', { name })
    await service().remove(href)
    expect((await service().read(`/directories?name=${name}`)).size).toBe(1)
  })

  test('REST-E5 accounts and groups of all mapped stores are shown, each once', async () => {
    const application = await service().newApplication()
    const [whole, partly, inner, foreign] = [
      await service().newDirectory(),
      await service().newDirectory(),
      await service().newDirectory(),
      await service().newDirectory(),
    ]
    const group = await service().newGroup(partly)
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, inner)
    await service().newOrganizationMapping(organization, whole)
    for (const store of [whole, group, organization]) await service().newMapping(application, store)
    const [one, member, outsider, deep] = [
      await service().newAccount(whole),
      await service().newAccount(partly),
      await service().newAccount(partly),
      await service().newAccount(inner),
    ]
    await service().newAccount(foreign)
    await service().newMembership(member, group)
    const own = await service().newGroup(whole)
    const deepGroup = await service().newGroup(inner)
    const accounts = await service().read(application.accounts.href)
    expect(hrefsOf(accounts).toSorted()).toEqual(hrefsOf({ items: [one, member, deep] }).toSorted())
    expect(accounts.size).toBe(3)
    expect(hrefsOf(accounts)).not.toContain(outsider.href)
    const groups = await service().read(application.groups.href)
    expect(hrefsOf(groups).toSorted()).toEqual(hrefsOf({ items: [group, own, deepGroup] }).toSorted())
    expect(groups.size).toBe(3)
  })

  test('REST-E5 the union is searched, sorted and paged like any collection', async () => {
    const application = await service().newApplication()
    for (const surname of ['Beta', 'Alpha', 'Gamma']) {
      const directory = await service().newDirectory()
      await service().newMapping(application, directory)
      await service().newAccount(directory, { surname })
    }
    const page = await service().read(`${application.accounts.href}?orderBy=surname&limit=2`)
    expect(page).toMatchObject({ size: 3, limit: 2 })
    expect(page.items.map(({ surname }: Json) => surname)).toEqual(['Alpha', 'Beta'])
    expect((await service().read(`${application.accounts.href}?surname=*a&q=gam`)).size).toBe(1)
  })

  test('REST-E5 an unmapped store is no longer seen', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    await service().newAccount(directory)
    await service().remove(application.defaultAccountStoreMapping.href)
    expect((await service().read(application.accounts.href)).size).toBe(0)
  })

  test('REST-E6 accounts and groups created through the application land in its default store', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    expect((await service().newAccount(application)).directory).toEqual(link(directory))
    expect((await service().newGroup(application)).directory).toEqual(link(directory))
  })

  test('REST-E6 TRAP-T20 without a default store there is a conflict', async () => {
    const application = await service().newApplication()
    await service().newMapping(application, await service().newDirectory())
    expectError(await service().post(application.accounts.href, accountValues()), 409, 5100)
    expectError(await service().post(application.groups.href, { name: 'x' }), 409, 5102)
  })

  test('REST-E6 a disabled default store takes nobody', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    await service().update(directory.href, { status: 'DISABLED' })
    expectError(await service().post(application.accounts.href, accountValues()), 400, 5101)
    expectError(await service().post(application.groups.href, { name: 'x' }), 400, 5103)
  })

  test('REST-E7 callback and origin URIs are lists that are replaced as a whole', async () => {
    const { href } = await service().newApplication({
      authorizedCallbackUris: ['https://a.example.com/cb', 'https://*.example.com/*'],
    })
    expect((await service().read(href)).authorizedCallbackUris).toEqual([
      'https://a.example.com/cb',
      'https://*.example.com/*',
    ])
    const after = await service().update(href, { authorizedCallbackUris: ['app://home'] })
    expect(after.authorizedCallbackUris).toEqual(['app://home'])
    expect((await service().update(href, { authorizedCallbackUris: [] })).authorizedCallbackUris).toEqual([])
  })

  test("REST-E7 the application's own origin stays when the list of origins is replaced", async () => {
    const application = await service().newApplication()
    const [own] = application.authorizedOriginUris
    expect(application.authorizedOriginUris).toHaveLength(1)
    const after = await service().update(application.href, { authorizedOriginUris: ['https://spa.example.com'] })
    expect(after.authorizedOriginUris.toSorted()).toEqual([own, 'https://spa.example.com'].toSorted())
    const saved = await service().update(application.href, after)
    expect(saved.authorizedOriginUris).toEqual(after.authorizedOriginUris)
    expect((await service().update(application.href, { authorizedOriginUris: [] })).authorizedOriginUris).toEqual([own])
  })

  test('REST-E7 all callback URIs together have at most 4000 characters', async () => {
    const uris = (total: number) => [`https://${'a'.repeat(1992)}`, `https://${'b'.repeat(total - 2008)}`]
    const { href } = await service().newApplication({ authorizedCallbackUris: uris(4000) })
    const answer = await service().post(href, { authorizedCallbackUris: uris(4001) })
    expectError(answer, 400, 2008)
    expect((await service().read(href)).authorizedCallbackUris).toEqual(uris(4000))
  })

  test('REST-E9 an API key is looked up through the application', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const key = await service().newApiKey(await service().newAccount(directory))
    const found = await service().read(`${application.apiKeys.href}?id=${key.id}`)
    expect(found).toMatchObject({ size: 1, items: [{ id: key.id, href: key.href, secret: key.secret }] })
    expect(await service().read(`${application.apiKeys.href}?id=NOSUCHKEY0000000000000000`)).toMatchObject({
      size: 0,
      items: [],
    })
  })

  test('REST-E9 the look-up needs an id', async () => {
    const application = await service().newApplication()
    expectError(await service().get(application.apiKeys.href), 400, 2101)
  })

  test('REST-E10 TRAP-T18 the default links follow the mappings and turn null', async () => {
    const application = await service().newApplication()
    const links = async () => {
      const { defaultAccountStoreMapping, defaultGroupStoreMapping } = await service().read(application.href)
      return [defaultAccountStoreMapping?.href ?? null, defaultGroupStoreMapping?.href ?? null]
    }
    const first = await service().newMapping(application, await service().newDirectory(), {
      isDefaultAccountStore: true,
    })
    expect(await links()).toEqual([first.href, null])
    const second = await service().newMapping(application, await service().newDirectory(), {
      isDefaultGroupStore: true,
    })
    expect(await links()).toEqual([first.href, second.href])
    await service().update(second.href, { isDefaultAccountStore: true })
    expect(await links()).toEqual([second.href, second.href])
    await service().update(second.href, { isDefaultGroupStore: false })
    expect(await links()).toEqual([second.href, null])
    await service().remove(second.href)
    expect(await links()).toEqual([null, null])
  })
})
