import { expect, expectTypeOf, it } from 'vitest'
import { isApiError } from '../../src/client/errors.ts'
import { exactNumber, numberText } from '../../src/client/numbers.ts'
import { describePositions, password } from './positions.ts'

interface Mine {
  account: { plan?: string; [more: string]: unknown }
}

describePositions<Mine>('the client and the service', (client) => {
  let serial = 0
  const unique = (word: string) => `${word}-${++serial}`
  const newDirectory = () => client().directories.create({ name: unique('People') })
  const newApplication = () => client().applications.create({ name: unique('Shop') }, { createDirectory: true })
  const person = () => {
    const username = unique('person')
    return { username, email: `${username}@example.com`, password }
  }

  it('finds the tenant', async () => {
    const tenant = await client().tenant({ expand: ['customData', 'applications(limit:1)'] })
    expect(tenant.href).toMatch(/\/v1\/tenants\/[^/]+$/)
    expect(tenant.customData.data).toEqual({})
    expect(tenant.applications.items).toHaveLength(1)
    expect((await client().tenants.get(tenant.id)).key).toBe(tenant.key)
    expect((await tenant.update({ name: 'Ours' })).name).toBe('Ours')
    const [site] = await tenant.idSites.list().toArray()
    expect((await site?.update({ sessionTtl: 'P2D' }))?.sessionTtl).toBe('P2D')
    expect(site && (await client().idSites.get(site.id)).sessionTtl).toBe('P2D')
  })

  it('creates, reads, changes, lists and deletes applications, directories and organizations', async () => {
    const application = await newApplication()
    const directory = await newDirectory()
    const nameKey = unique('acme')
    const organization = await client().organizations.create(
      { name: nameKey, nameKey },
      { createDirectory: unique('D') },
    )
    expect((await client().applications.get(application.id)).name).toBe(application.name)
    expect((await client().directories.get(directory.href)).name).toBe(directory.name)
    expect((await client().organizations.get(organization.id, { expand: ['tenant'] })).tenant.key).toBeTruthy()
    for (const { name } of [application, directory, organization]) expect(name).toBeTruthy()
    expect(
      (await application.update({ description: 'x', authorizedCallbackUris: ['https://a.example'] })).description,
    ).toBe('x')
    expect((await directory.update({ status: 'DISABLED' })).status).toBe('DISABLED')
    expect((await organization.update({ description: null })).description).toBeNull()
    expect((await client().applications.list({ name: application.name }).first())?.href).toBe(application.href)
    expect((await client().directories.list({ q: directory.name }).first())?.href).toBe(directory.href)
    expect((await client().organizations.list({ nameKey }).first())?.href).toBe(organization.href)
    for (const resource of [application, directory, organization]) {
      await resource.delete()
      await resource.delete()
    }
    for (const reading of [application.refresh(), directory.refresh(), organization.refresh()]) {
      await expect(reading).rejects.toMatchObject({ name: 'ApiError', status: 404, code: 404 })
    }
  })

  it('creates, reads, changes, lists and deletes groups, accounts, memberships and keys', async () => {
    const directory = await newDirectory()
    const group = await directory.groups.create({ name: 'Crew' })
    const account = await directory.accounts.create(person())
    const membership = await client().groupMemberships.create({ account, group })
    expect((await membership.refresh({ expand: ['account', 'group'] })).account.email).toBe(account.email)
    expect((await group.accounts.list().toArray()).map(({ id }) => id)).toEqual([account.id])
    expect((await account.groups.list().first())?.name).toBe('Crew')
    expect(await group.accountMemberships.list().size()).toBe(1)
    expect(await account.groupMemberships.list({ expand: ['group'] }).first()).toMatchObject({
      group: { name: 'Crew' },
    })
    expect((await group.update({ name: 'Team' })).name).toBe('Team')
    expect((await account.update({ givenName: 'Ada', surname: 'Lovelace' })).fullName).toBe('Ada Lovelace')
    expect((await client().groups.get(group.id)).name).toBe('Team')
    expect(await client().groups.list({ name: 'te*' }).size()).toBe(1)
    expect(await client().accounts.list({ email: account.email }).size()).toBe(1)

    const key = await account.apiKeys.create({ name: 'CLI' })
    expect(key.secret.length).toBeGreaterThan(20)
    expect((await client().apiKeys.get(key.id, { expand: ['account'] })).account.id).toBe(account.id)
    expect((await key.update({ status: 'DISABLED' })).status).toBe('DISABLED')
    expect(await account.apiKeys.list().size()).toBe(1)
    await key.delete()

    await membership.delete()
    expect(await account.groups.list().size()).toBe(0)
    await client().accounts.link(account.id).delete()
    await group.delete()
    await expect(client().accounts.get(account.id)).rejects.toMatchObject({ status: 404 })
  })

  it('maps account stores to applications and organizations', async () => {
    const directory = await newDirectory()
    const group = await directory.groups.create({ name: 'Crew' })
    const application = await client().applications.create({ name: unique('Shop') })
    expect(application.defaultAccountStoreMapping).toBeNull()
    const first = await client().accountStoreMappings.create({
      application,
      accountStore: directory,
      isDefaultAccountStore: true,
    })
    const second = await application.accountStoreMappings.create({ accountStore: group, listIndex: 0 })
    const mappings = await application.accountStoreMappings.list({ expand: ['accountStore'] }).toArray()
    expect(mappings.map(({ accountStore }) => [accountStore.collection, accountStore.name])).toEqual([
      ['groups', 'Crew'],
      ['directories', directory.name],
    ])
    expect((await first.accountStore.get()).href).toBe(directory.href)
    expect((await application.refresh()).defaultAccountStoreMapping?.id).toBe(first.id)
    expect((await second.update({ listIndex: 9 })).listIndex).toBe(1)
    await second.delete()

    const nameKey = unique('acme')
    const organization = await client().organizations.create({ name: nameKey, nameKey })
    const mapping = await client().organizationAccountStoreMappings.create({ organization, accountStore: directory })
    expect((await mapping.update({ isDefaultAccountStore: true })).isDefaultAccountStore).toBe(true)
    expect((await organization.accountStoreMappings.list().toArray()).map(({ id }) => id)).toEqual([mapping.id])
    expect((await organization.accounts.create(person())).directory.id).toBe(directory.id)
    await mapping.delete()
  })

  it('reads and changes the parts of a directory', async () => {
    const directory = await client().directories.create(
      { name: unique('People') },
      { expand: ['provider', 'passwordPolicy'] },
    )
    expect(directory.provider.providerId).toBe('stormpath')
    const { strength } = directory.passwordPolicy
    expect((await strength.update({ minLength: 12 })).minLength).toBe(12)
    expect((await (await client().passwordPolicies.get(directory.id)).strength.get()).minLength).toBe(12)
    const account = await directory.accounts.create(person())
    expect((await account.providerData.get()).providerId).toBe('stormpath')
  })

  it('walks 250 accounts', async () => {
    const directory = await newDirectory()
    // Ten batches: the queue for passwords is shorter than 250.
    for (let start = 0; start < 250; start += 25) {
      await Promise.all(
        Array.from({ length: 25 }, (_, i) =>
          directory.accounts.create({
            email: `walker${start + i}@example.com`,
            password,
            surname: `S${(start + i) % 10}`,
          }),
        ),
      )
    }
    const emails = new Set<string>()
    for await (const { email } of directory.accounts.list()) emails.add(email)
    expect(emails.size).toBe(250)
    const list = directory.accounts.list({ surname: 's3', orderBy: ['createdAt desc'] })
    expect(await list.size()).toBe(25)
    expect(await list.toArray()).toHaveLength(25)
    expect(await directory.accounts.list({ offset: 240 }).toArray()).toHaveLength(10)
    expect(await directory.accounts.list({ limit: 101 }).toArray()).toHaveLength(101)
    const page = await directory.accounts.list({ orderBy: 'email' }).page({ offset: 248, limit: 100 })
    expect(page).toMatchObject({ offset: 248, limit: 100, size: 250 })
    expect(page.items).toHaveLength(2)
  })

  it('reads along what is asked for', async () => {
    const directory = await newDirectory()
    const group = await directory.groups.create({ name: 'Crew' })
    const created = await directory.accounts.create({ ...person(), customData: { plan: 'pro' } })
    await client().groupMemberships.create({ account: created, group })
    const account = await created.refresh({
      expand: ['directory', 'customData', 'groups(limit:5)', 'groupMemberships'],
    })
    expectTypeOf(account.directory.name).toEqualTypeOf<string>()
    expect(account.directory.name).toBe(directory.name)
    expect(account.customData.data).toEqual({ plan: 'pro' })
    expect(account.groups).toMatchObject({ offset: 0, limit: 5, size: 1 })
    expect(account.groups.items[0]?.name).toBe('Crew')
    expect(account.groupMemberships.items[0]?.group.id).toBe(group.id)
    expect((await account.directory.groups.list().first())?.id).toBe(group.id)
    await expect(
      // @ts-expect-error what the types forbid the service refuses too
      created.refresh({ expand: ['email'] }),
    ).rejects.toMatchObject({ code: 2107 })
  })

  it('keeps every digit of custom data', async () => {
    const directory = await newDirectory()
    const digits = '1234567890'.repeat(10)
    const numbers = {
      long: 9223372036854775807n,
      negative: -9223372036854775808n,
      huge: exactNumber(digits),
      price: exactNumber('0.00'),
      precise: exactNumber(`0.${'123'.repeat(43)}1`),
      exponent: exactNumber('1E+2'),
      plain: 7,
    }
    const account = await directory.accounts.create({
      ...person(),
      customData: { plan: 'pro', numbers, list: [1n, [null]] },
    })
    const data = await account.customData.get()
    const texts = Object.entries(data.numbers as object).map(([name, value]) => [name, numberText(value)])
    expect(Object.fromEntries(texts)).toEqual({
      long: '9223372036854775807',
      negative: '-9223372036854775808',
      huge: digits,
      price: '0.00',
      precise: `0.${'123'.repeat(43)}1`,
      exponent: '1E+2',
      plain: '7',
    })
    expect(await account.customData.set({ copy: data.numbers })).toEqual({ ...data, copy: data.numbers })
    await account.update({ customData: { plan: 'basic' } })
    await account.customData.delete('copy')
    expect(Object.keys(await account.customData.get()).sort()).toEqual(['list', 'numbers', 'plan'])
    expect(await directory.accounts.list({ customData: { plan: 'bas*' } }).size()).toBe(1)
    await account.customData.delete()
    expect(await account.customData.get()).toEqual({})
    expect(await directory.customData.get()).toEqual({})
  })

  it('checks logins', async () => {
    const shop = await newApplication()
    const { username } = await shop.accounts.create({ ...person(), username: 'Grace' })
    const { accountStore } = (await (await shop.refresh()).defaultAccountStoreMapping?.get()) ?? {}
    expect((await shop.authenticate({ login: 'GRACE', password })).username).toBe(username)
    expect(
      (await shop.authenticate({ login: 'grace', password, ...(accountStore && { accountStore }) })).username,
    ).toBe('Grace')
    const wrong = await shop.authenticate({ login: 'grace', password: 'wröng:' }).catch((error: unknown) => error)
    const unknown = await shop.authenticate({ login: 'nobody', password }).catch((error: unknown) => error)
    expect([isApiError(wrong, 7100), isApiError(unknown, 7104)]).toEqual([true, true])
    for (const error of [wrong, unknown])
      expect(error).toMatchObject({ status: 400, message: 'Invalid username or password.' })
    const elsewhere = await newDirectory()
    await expect(shop.authenticate({ login: 'grace', password, accountStore: elsewhere })).rejects.toMatchObject({
      code: 5114,
    })
    await expect(shop.authenticate({ login: 'x', password, accountStore: { nameKey: 'none' } })).rejects.toMatchObject({
      status: 400,
    })
  })

  it('tells what the service refuses', async () => {
    const directory = await newDirectory()
    const someone = person()
    await directory.accounts.create(someone)
    const error = await directory.accounts.create(someone).catch((error: unknown) => error)
    expect(isApiError(error, 2001)).toBe(true)
    expect(error).toMatchObject({ status: 409, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    await expect(directory.accounts.create({ email: 'x', password })).rejects.toMatchObject({ code: 2006 })
  })

  it('ends when the caller gives up', async () => {
    const controller = new AbortController()
    const reading = client().tenant({ signal: controller.signal })
    controller.abort()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    const walking = async () => {
      for await (const _ of client().accounts.list({ signal: controller.signal })) expect.fail('walked on')
    }
    await expect(walking()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
