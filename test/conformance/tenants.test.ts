import { expect, test } from 'vitest'
import { describeConformance, expectError, expectStatus, hrefsOf, type Json, link, namesOf, unique } from './harness.ts'

describeConformance('The tenant', (service) => {
  test('REST-D1 TRAP-T17 a fresh tenant has two applications, each with a directory of its own', async () => {
    const fresh = await service().secondTenant()
    expect(namesOf(await fresh.read(fresh.tenant.applications.href))).toEqual(['My Application', 'Stormpath'])
    expect(namesOf(await fresh.read(fresh.tenant.directories.href))).toEqual([
      'My Application Directory',
      'Stormpath Administrators',
    ])
    expect(fresh.tenant.name).toBe(fresh.tenant.key)
  })

  test('REST-D1 the first application creates accounts and groups in its directory', async () => {
    const fresh = await service().secondTenant()
    const { items } = await fresh.read(
      `${fresh.tenant.applications.href}?name=My%20Application&expand=defaultAccountStoreMapping,defaultGroupStoreMapping`,
    )
    const [application] = items
    const directory = (await fresh.read(`${fresh.tenant.directories.href}?name=My%20Application%20Directory`)).items[0]
    expect(application.defaultAccountStoreMapping.accountStore).toEqual(link(directory))
    expect(application.defaultGroupStoreMapping).toEqual(application.defaultAccountStoreMapping)
  })

  test('REST-D1 the owner is the only account, an administrator', async () => {
    const fresh = await service().secondTenant()
    const { items } = await fresh.read(`${fresh.tenant.accounts.href}?expand=directory`)
    expect(items).toHaveLength(1)
    expect(items[0].directory.name).toBe('Stormpath Administrators')
    const { account } = await fresh.read(`/apiKeys/${fresh.key.id}`)
    expect(account).toEqual(link(items[0]))
  })

  test('REST-D2 TRAP-T2 tenants/current leads to the tenant of the key and is not cached', async () => {
    const answer = await service().get('/tenants/current')
    expectStatus(answer, 302)
    expect(answer.text).toBe('')
    expect(answer.headers.get('location')).toBe(service().tenant.href)
    const directives = answer.headers.get('cache-control')?.split(/,\s*/).toSorted()
    expect(directives).toEqual([
      'max-age=0',
      'must-revalidate',
      'no-cache',
      'no-store',
      'no-transform',
      'proxy-revalidate',
    ])
    expect(answer.headers.get('pragma')).toBe('no-cache')
    expect(answer.headers.get('expires')).toBe('0')
  })

  test('REST-D2 TRAP-T2 the redirect keeps the query', async () => {
    const answer = await service().get('/tenants/current?expand=customData,applications(offset:1,limit:2)')
    const location = answer.headers.get('location') as string
    expect(location.startsWith(`${service().tenant.href}?`)).toBe(true)
    const tenant = await service().read(location)
    expect(tenant.customData).toHaveProperty('createdAt')
    expect(tenant.applications).toMatchObject({ offset: 1, limit: 2 })
    // Java and Python append the query once more
    expectStatus(await service().get(`${location}&expand=customData,applications(offset:1,limit:2)`), 200)
  })

  test('REST-D2 each key leads to its own tenant', async () => {
    const stranger = await service().secondTenant()
    const answer = await stranger.get('/tenants/current')
    expect(answer.headers.get('location')).toBe(stranger.tenant.href)
  })

  test('REST-D3 the tenant shows its name, key and links', async () => {
    const { tenant } = service()
    expect(tenant).toMatchObject({ name: expect.any(String), key: expect.stringMatching(/^[a-z][a-z-]*[a-z]$/) })
    for (const name of [
      'customData',
      'applications',
      'directories',
      'accounts',
      'groups',
      'organizations',
      'idSites',
    ]) {
      expect(tenant[name]).toEqual({ href: `${tenant.href}/${name}` })
      expectStatus(await service().get(tenant[name].href), 200)
    }
  })

  test('REST-D3 name and custom data of the tenant can be changed, its key cannot', async () => {
    const fresh = await service().secondTenant()
    const after = await fresh.update(fresh.tenant.href, {
      name: 'Acme',
      key: 'other-key',
      customData: { plan: 'gold' },
    })
    expect(after).toMatchObject({ name: 'Acme', key: fresh.tenant.key })
    expect(await fresh.read(fresh.tenant.customData.href)).toMatchObject({ plan: 'gold' })
  })

  test.each(['applications', 'directories', 'organizations'])(
    'REST-D4 all %s of the tenant are searched and sorted together',
    async (kind) => {
      const mark = unique('mark')
      for (const letter of ['b', 'a']) {
        const values = {
          name: `${letter} ${mark}`,
          ...(kind === 'organizations' ? { nameKey: `${letter}-${mark}` } : {}),
        }
        await service().create(`/${kind}`, values)
      }
      const { href } = service().tenant[kind]
      expect(namesOf(await service().read(`${href}?name=*${mark}&orderBy=name`))).toEqual([`a ${mark}`, `b ${mark}`])
      expect(namesOf(await service().read(`${href}?q=${mark}&orderBy=name%20desc`))).toEqual([`b ${mark}`, `a ${mark}`])
      expect(namesOf(await service().read(`/${kind}?name=*${mark}&orderBy=name`))).toEqual([`a ${mark}`, `b ${mark}`])
    },
  )

  test('REST-D4 accounts and groups of all directories are searched together', async () => {
    const mark = unique('mark')
    for (let index = 0; index < 2; index++) {
      const directory = await service().newDirectory()
      await service().newAccount(directory, { surname: mark })
      await service().newGroup(directory, { name: mark })
    }
    const { accounts, groups } = service().tenant
    expect((await service().read(`${accounts.href}?surname=${mark}`)).size).toBe(2)
    expect((await service().read(`/accounts?surname=${mark}`)).size).toBe(2)
    expect((await service().read(`${groups.href}?name=${mark}`)).size).toBe(2)
    expect((await service().read(`/groups?name=${mark}`)).size).toBe(2)
  })

  test('REST-D4 creation also works under the tenant', async () => {
    const { applications, directories, organizations } = service().tenant
    await service().create(applications.href, { name: unique('Application') })
    await service().create(directories.href, { name: unique('Directory') })
    const nameKey = unique('organization')
    await service().create(organizations.href, { name: nameKey, nameKey })
  })

  test('REST-D5 TRAP-T17 the Stormpath application and its directory cannot be deleted', async () => {
    const fresh = await service().secondTenant()
    const application = (await fresh.read('/applications?name=Stormpath')).items[0]
    const directory = (await fresh.read('/directories?name=Stormpath%20Administrators')).items[0]
    for (const { href } of [application, directory]) {
      const answer = await fresh.delete(href)
      expect([403, 409]).toContain(answer.status)
      expectError(answer, answer.status, answer.body.code)
      expectStatus(await fresh.get(href), 200)
    }
  })

  test('REST-D5 My Application and its directory are ordinary', async () => {
    const fresh = await service().secondTenant()
    const application = (await fresh.read('/applications?name=My%20Application')).items[0]
    await fresh.update(application.href, { name: 'Mine' })
    await fresh.remove(application.href)
    const directory = (await fresh.read('/directories?name=My%20Application%20Directory')).items[0]
    await fresh.remove(directory.href)
  })

  test('REST-D5 the owner account cannot be deleted and its status cannot change', async () => {
    const fresh = await service().secondTenant()
    const owner = (await fresh.read(fresh.tenant.accounts.href)).items[0]
    const deletion = await fresh.delete(owner.href)
    expect([400, 403]).toContain(deletion.status)
    expectError(deletion, deletion.status, 4001)
    const change = await fresh.post(owner.href, { status: 'DISABLED' })
    expect([400, 403]).toContain(change.status)
    expectError(change, change.status, 4002)
    for (const { body } of [deletion, change]) expect(body.message).not.toBe(body.developerMessage)
    expect(await fresh.read(owner.href)).toEqual(owner)
  })

  test('REST-D5 everything else about the owner can be changed', async () => {
    const fresh = await service().secondTenant()
    const owner = (await fresh.read(fresh.tenant.accounts.href)).items[0]
    expect(await fresh.update(owner.href, { ...owner, givenName: 'Grace' })).toMatchObject({
      givenName: 'Grace',
      status: 'ENABLED',
    })
  })

  test('REST-D6 the tenant has one ID Site resource', async () => {
    const { size, items } = await service().read(service().tenant.idSites.href)
    expect(size).toBe(1)
    expect(items[0]).toMatchObject({
      tenant: link(service().tenant),
      authorizedOriginUris: [],
      authorizedRedirectUris: [],
    })
    expect(await service().read(items[0].href)).toEqual(items[0])
  })

  test('REST-D6 its settings are kept as they are sent', async () => {
    const fresh = await service().secondTenant()
    const { href } = (await fresh.read(fresh.tenant.idSites.href)).items[0]
    const settings = {
      domainName: 'id.example.com',
      tlsPublicCert: 'hi',
      tlsPrivateKey: 'hello',
      gitRepoUrl: 'https://git.example.com/pages.git',
      gitBranch: 'main',
      authorizedOriginUris: ['https://*.example.com', 'http://localhost:8000'],
      authorizedRedirectUris: ['https://example.com/callback', 'app://callback'],
      logoUrl: null,
      sessionTti: 'P1D',
      sessionTtl: 'PT36H',
      sessionCookiePersistent: true,
    }
    expect(await fresh.update(href, settings)).toMatchObject(settings)
    expect(await fresh.read(href)).toMatchObject(settings)
    expect((await fresh.update(href, { authorizedRedirectUris: [] })).authorizedRedirectUris).toEqual([])
  })

  test('REST-D6 the ID Site resource can be neither created nor deleted', async () => {
    const { href } = (await service().read(service().tenant.idSites.href)).items[0]
    expectError(await service().delete(href), 405, 1100)
    expectError(await service().post(service().tenant.idSites.href, { logoUrl: 'x' }), 405, 1100)
  })

  test('REST-A10 lists of one tenant never show what belongs to another', async () => {
    const stranger = await service().secondTenant()
    await service().newDirectory({ name: 'only here' })
    for (const kind of ['applications', 'directories', 'accounts', 'groups', 'organizations']) {
      const theirs = hrefsOf(await stranger.read(`/${kind}?limit=100`))
      const ours = new Set(hrefsOf(await service().read(`/${kind}?limit=100`)))
      expect(theirs.filter((href: string) => ours.has(href))).toEqual([])
    }
    expect((await stranger.read('/directories?name=only%20here')).size).toBe(0)
  })

  test('REST-A10 two tenants may use the same names', async () => {
    const stranger = await service().secondTenant()
    const name = unique('Directory')
    const [mine, theirs] = [await service().newDirectory({ name }), await stranger.newDirectory({ name })]
    const email = 'same@example.com'
    const accounts: Json[] = [await service().newAccount(mine, { email }), await stranger.newAccount(theirs, { email })]
    expect(accounts[0].href).not.toBe(accounts[1].href)
  })
})
