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
  PASSWORD,
  unique,
} from './harness.ts'

describeConformance('Accounts', (service) => {
  test('REST-K1 an account needs an e-mail address and a password only', async () => {
    const directory = await service().newDirectory()
    const email = `${unique('Only')}@Example.com`
    const account = await service().create(directory.accounts.href, { email, password: PASSWORD })
    expect(account).toMatchObject({
      email,
      username: email,
      givenName: null,
      middleName: null,
      surname: null,
      status: 'ENABLED',
      emailVerificationStatus: 'UNVERIFIED',
      directory: link(directory),
      tenant: link(service().tenant),
    })
    for (const part of ['groups', 'groupMemberships', 'applications', 'apiKeys', 'customData', 'providerData']) {
      expect(account[part]).toEqual({ href: `${account.href}/${part}` })
    }
  })

  test('REST-K1 the e-mail address is shown as it was sent', async () => {
    const account = await service().newAccount(await service().newDirectory(), { email: 'MiXed@Example.COM' })
    expect((await service().read(account.href)).email).toBe('MiXed@Example.COM')
  })

  test('REST-K2 TRAP-T20 e-mail and username are taken once in a directory, whatever their case', async () => {
    const directory = await service().newDirectory()
    await service().newAccount(directory, { email: 'taken@example.com', username: 'Taken' })
    for (const email of ['taken@example.com', 'TAKEN@Example.com']) {
      const answer = await service().post(directory.accounts.href, accountValues({ email }))
      expectError(answer, 409, 2001, { developerMessage: expect.stringContaining('email') })
    }
    for (const username of ['Taken', 'tAKEN']) {
      const answer = await service().post(directory.accounts.href, accountValues({ username }))
      expectError(answer, 409, 2001, { developerMessage: expect.stringContaining('username') })
    }
    const other = await service().newAccount(directory)
    expectError(await service().post(other.href, { email: 'Taken@example.com' }), 409, 2001)
    expectError(await service().post(other.href, { username: 'taken' }), 409, 2001)
    expect(await service().read(other.href)).toEqual(other)
  })

  test('REST-K2 another directory may have the same e-mail and username', async () => {
    const values = accountValues()
    await service().newAccount(await service().newDirectory(), values)
    await service().newAccount(await service().newDirectory(), values)
  })

  test('REST-K2 an account may change the case of its own address', async () => {
    const account = await service().newAccount(await service().newDirectory(), { email: 'me@example.com' })
    expect((await service().update(account.href, { email: 'Me@Example.com' })).email).toBe('Me@Example.com')
  })

  test('REST-K2 look-alike letters meet: dotless and dotted i, long s, Kelvin sign, full-width letters', async () => {
    const directory = await service().newDirectory()
    await service().newAccount(directory, { username: 'kisis' })
    for (const username of ['kısıs', 'kiſis', 'KİSİS', 'Kisis', 'ｋｉｓｉｓ']) {
      expectError(await service().post(directory.accounts.href, accountValues({ username })), 409, 2001)
    }
  })

  test('REST-K3 the full name is made of the three names', async () => {
    const names = { givenName: 'Ada', middleName: 'King', surname: 'Lovelace' }
    const account = await service().newAccount(await service().newDirectory(), names)
    expect(account.fullName).toBe('Ada King Lovelace')
    expect((await service().update(account.href, { middleName: null })).fullName).toBe('Ada Lovelace')
    expect((await service().update(account.href, { surname: 'Byron' })).fullName).toBe('Ada Byron')
    expect((await service().update(account.href, { fullName: 'Nobody', givenName: 'Anna' })).fullName).toBe(
      'Anna Byron',
    )
  })

  test('REST-K4 the password is in no answer', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const created = await service().post(`${directory.accounts.href}?expand=customData,directory`, accountValues())
    const { href, email } = created.body
    const answers = [
      created,
      await service().get(`${href}?expand=groups,directory,tenant`),
      await service().post(href, { password: `${PASSWORD}-new` }),
      await service().get(`/accounts?email=${email}`),
      await service().get(`${directory.href}?expand=accounts`),
      await service().login(application, email, `${PASSWORD}-new`, {}, '?expand=account'),
    ]
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(300)
      expect(text).not.toContain('"password"')
      expect(text).not.toContain(PASSWORD)
      expect(text).not.toMatch(/\$(argon2|2[aby]\$)/)
    }
  })

  test('REST-K4 a changed password is the only one that works, and its moment is told', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    expect(account.passwordModifiedAt).toBe(account.createdAt)
    service().clock.advance(60_000)
    const renamed = await service().update(account.href, { givenName: 'Augusta' })
    expect(renamed.passwordModifiedAt).toBe(account.passwordModifiedAt)
    service().clock.advance(60_000)
    const after = await service().update(account.href, { password: 'Silver-Kettle-4472' })
    expect(after.passwordModifiedAt).toBe(new Date(service().clock.now()).toISOString())
    expectError(await service().login(application, account.email, PASSWORD), 400, 7100)
    expectStatus(await service().login(application, account.email, 'Silver-Kettle-4472'), 200)
  })

  test('REST-K5 only enabled accounts log in', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { href, email } = await service().newAccount(directory)
    await service().update(href, { status: 'DISABLED' })
    expectError(await service().login(application, email, PASSWORD), 400, 7101)
    await service().update(href, { status: 'UNVERIFIED' })
    expectError(await service().login(application, email, PASSWORD), 400, 7102)
    await service().update(href, { status: 'ENABLED' })
    expectStatus(await service().login(application, email, PASSWORD), 200)
  })

  test('REST-K5 an account may be created disabled', async () => {
    expect((await service().newAccount(await service().newDirectory(), { status: 'disabled' })).status).toBe('DISABLED')
  })

  test('REST-K6 emailVerificationStatus can be written', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory, { emailVerificationStatus: 'verified' })
    expect(account.emailVerificationStatus).toBe('VERIFIED')
    expect(
      (await service().update(account.href, { emailVerificationStatus: 'UNVERIFIED' })).emailVerificationStatus,
    ).toBe('UNVERIFIED')
    expectError(await service().post(account.href, { emailVerificationStatus: 'MAYBE' }), 400, 2003)
  })

  test.each(['true', 'false'])(
    'REST-K7 with registrationWorkflowEnabled=%s and no workflow an account is enabled at once',
    async (value) => {
      const { accounts } = await service().newDirectory()
      const account = await service().create(`${accounts.href}?registrationWorkflowEnabled=${value}`, accountValues())
      expect(account.status).toBe('ENABLED')
    },
  )

  test('REST-K12 groups, memberships, applications and keys of an account are listed', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const group = await service().newGroup(directory)
    const membership = await service().newMembership(account, group)
    const other = await service().newApplication()
    await service().newMapping(other, group)
    await service().newApplicationWithDirectory()
    const key = await service().newApiKey(account)
    expect(hrefsOf(await service().read(account.groups.href))).toEqual([group.href])
    expect(hrefsOf(await service().read(account.groupMemberships.href))).toEqual([membership.href])
    expect(hrefsOf(await service().read(account.apiKeys.href))).toEqual([key.href])
    expect(hrefsOf(await service().read(account.applications.href)).toSorted()).toEqual(
      [application.href, other.href].toSorted(),
    )
    expect(hrefsOf(await service().read(`${account.groups.href}?name=${group.name}`))).toEqual([group.href])
    expect((await service().read(`${account.applications.href}?name=nothing`)).size).toBe(0)
  })

  test('REST-K12 an application reached through an organization is among those of the account', async () => {
    const [application, organization, directory] = [
      await service().newApplication(),
      await service().newOrganization(),
      await service().newDirectory(),
    ]
    await service().newMapping(application, organization)
    await service().newOrganizationMapping(organization, directory)
    const account = await service().newAccount(directory)
    expect(hrefsOf(await service().read(account.applications.href))).toEqual([application.href])
  })

  test('REST-K13 memberships, keys and custom data go with their account, groups stay', async () => {
    const directory = await service().newDirectory()
    const [account, group] = [await service().newAccount(directory), await service().newGroup(directory)]
    const membership = await service().newMembership(account, group)
    const key = await service().newApiKey(account)
    await service().remove(account.href)
    for (const { href } of [account, membership, key, account.customData, account.providerData, account.groups]) {
      expectNotFound(await service().get(href))
    }
    expect((await service().read(group.accounts.href)).size).toBe(0)
    expect((await service().read(group.accountMemberships.href)).size).toBe(0)
  })

  test('REST-K13 the address of a deleted account is free again', async () => {
    const directory = await service().newDirectory()
    const values = accountValues()
    const first = await service().newAccount(directory, values)
    await service().remove(first.href)
    expect((await service().newAccount(directory, values)).href).not.toBe(first.href)
  })

  test('REST-K14 custom data may be sent with the account', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory, { customData: { color: 'red', deep: { er: [1, null] } } })
    expect(await service().read(account.customData.href)).toMatchObject({ color: 'red', deep: { er: [1, null] } })
    await service().update(account.href, { customData: { color: 'blue' } })
    expect(await service().read(account.customData.href)).toMatchObject({ color: 'blue', deep: { er: [1, null] } })
  })

  test('REST-K14 bad custom data refuses the whole account', async () => {
    const { accounts } = await service().newDirectory()
    expectError(await service().post(accounts.href, accountValues({ customData: { '-bad': 1 } })), 400, 3002)
    expect((await service().read(accounts.href)).size).toBe(0)
  })

  test('REST-K15 accounts are searched under tenant, application, directory, group and organization', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory)
    const group = await service().newGroup(directory)
    const surname = unique('Surname')
    const accounts: Json[] = []
    for (const givenName of ['Cy', 'Ada', 'Bea']) {
      const account = await service().newAccount(directory, { givenName, surname })
      await service().newMembership(account, group)
      accounts.push(account)
    }
    await service().newAccount(directory)
    const [cy, ada, bea] = hrefsOf({ items: accounts })
    for (const owner of [service().tenant, application, directory, group, organization]) {
      const { href } = owner.accounts
      expect(hrefsOf(await service().read(`${href}?surname=${surname.toUpperCase()}&orderBy=givenName`))).toEqual([
        ada,
        bea,
        cy,
      ])
      expect(hrefsOf(await service().read(`${href}?surname=${surname}&givenName=a*`))).toEqual([ada])
      expect(hrefsOf(await service().read(`${href}?surname=${surname}&q=bEA`))).toEqual([bea])
      const page = await service().read(`${href}?surname=${surname}&orderBy=givenName%20desc&limit=1&offset=1`)
      expect(page).toMatchObject({ size: 3, offset: 1, limit: 1 })
      expect(hrefsOf(page)).toEqual([bea])
    }
  })

  test('REST-K16 the provider data of an account in a Cloud directory says stormpath', async () => {
    const account = await service().newAccount(await service().newDirectory())
    expect(await service().read(account.providerData.href)).toEqual({
      href: account.providerData.href,
      createdAt: account.createdAt,
      modifiedAt: expect.any(String),
      providerId: 'stormpath',
    })
  })
})
