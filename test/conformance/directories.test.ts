import { expect, test } from 'vitest'
import {
  accountValues,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  hrefsOf,
  link,
  PASSWORD,
  unique,
} from './harness.ts'

describeConformance('Directories', (service) => {
  test('REST-G1 a Cloud directory is created with a name, read, changed and deleted', async () => {
    const name = unique('Directory')
    const directory = await service().create('/directories', { name })
    expect(directory).toMatchObject({ name, description: null, status: 'ENABLED', tenant: link(service().tenant) })
    const values = { name: unique('Renamed'), description: 'words', status: 'DISABLED' }
    expect(await service().update(directory.href, values)).toMatchObject(values)
    await service().remove(directory.href)
    expectNotFound(await service().get(directory.href))
  })

  test('REST-G1 a name is taken once in a tenant, on creation and on change', async () => {
    const { name } = await service().newDirectory()
    expectError(await service().post('/directories', { name }), 409, 2001)
    const other = await service().newDirectory()
    expectError(await service().post(other.href, { name }), 409, 2001)
  })

  test('REST-G1 a Cloud directory may be asked for by its provider', async () => {
    const directory = await service().newDirectory({ provider: { providerId: 'stormpath' } })
    expect((await service().read(directory.provider.href)).providerId).toBe('stormpath')
  })

  test('REST-G1 a disabled directory lets nobody log in', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    await service().update(directory.href, { status: 'DISABLED' })
    expectError(await service().login(application, email, PASSWORD), 400, 7106)
    await service().update(directory.href, { status: 'ENABLED' })
    expectStatus(await service().login(application, email, PASSWORD), 200)
  })

  test('REST-G2 accounts, groups, memberships, keys and mappings go with their directory', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const group = await service().newGroup(directory)
    const membership = await service().newMembership(account, group)
    const key = await service().newApiKey(account)
    const mappedGroup = await service().newMapping(await service().newApplication(), group)
    await service().remove(directory.href)
    for (const { href } of [
      account,
      account.customData,
      group,
      group.customData,
      membership,
      key,
      mappedGroup,
      application.defaultAccountStoreMapping,
      directory.customData,
      directory.provider,
      directory.passwordPolicy,
      directory.accountCreationPolicy,
      directory.accountSchema,
    ]) {
      expectNotFound(await service().get(href))
    }
    const after = await service().read(application.href)
    expect([after.defaultAccountStoreMapping, after.defaultGroupStoreMapping]).toEqual([null, null])
    expect((await service().read(application.accountStoreMappings.href)).size).toBe(0)
  })

  test('REST-G2 other directories are left alone', async () => {
    const [doomed, spared] = [await service().newDirectory(), await service().newDirectory()]
    const account = await service().newAccount(spared)
    await service().newAccount(doomed)
    await service().remove(doomed.href)
    expect(await service().read(account.href)).toEqual(account)
  })

  test('REST-G3 the provider of a Cloud directory is stormpath', async () => {
    const { href, provider } = await service().newDirectory()
    expect(provider.href).toBe(`${href}/provider`)
    expect(await service().read(provider.href)).toMatchObject({
      href: provider.href,
      createdAt: expect.any(String),
      modifiedAt: expect.any(String),
      providerId: 'stormpath',
      providerType: 'stormpath',
    })
  })

  test('REST-G14 a directory lists the applications and organizations that map it, and the mappings', async () => {
    const directory = await service().newDirectory()
    const [application, organization] = [await service().newApplication(), await service().newOrganization()]
    const mapping = await service().newMapping(application, directory)
    const inner = await service().newOrganizationMapping(organization, directory)
    await service().newMapping(await service().newApplication(), await service().newDirectory())
    expect(hrefsOf(await service().read(directory.applications.href))).toEqual([application.href])
    expect(hrefsOf(await service().read(directory.organizations.href))).toEqual([organization.href])
    expect(hrefsOf(await service().read(directory.applicationMappings.href))).toEqual([mapping.href])
    expect(hrefsOf(await service().read(directory.organizationMappings.href))).toEqual([inner.href])
    expect((await service().read(`${directory.organizations.href}?name=${organization.name}`)).size).toBe(1)
    expect((await service().read(`${directory.applications.href}?name=nothing`)).size).toBe(0)
  })
})

const DEFAULTS = {
  modern: {
    minLength: 10,
    maxLength: 128,
    minLowerCase: 0,
    minUpperCase: 0,
    minNumeric: 0,
    minSymbol: 0,
    minDiacritic: 0,
    preventReuse: 0,
  },
  stormpath: {
    minLength: 8,
    maxLength: 100,
    minLowerCase: 1,
    minUpperCase: 1,
    minNumeric: 1,
    minSymbol: 0,
    minDiacritic: 0,
    preventReuse: 0,
  },
}

describeConformance(
  'Password strength by preset',
  (service) => {
    test('REST-G7 a new directory has the password rules of the preset', async () => {
      const directory = await service().newDirectory()
      const policy = await service().read(directory.passwordPolicy.href)
      expect(policy.strength.href).toBe(`${directory.passwordPolicy.href}/strength`)
      expect(await service().read(policy.strength.href)).toMatchObject(DEFAULTS[service().way.preset])
      expect((await service().read(`${policy.href}?expand=strength`)).strength).toEqual(
        await service().read(policy.strength.href),
      )
    })

    test('REST-G7 the rules can be changed one by one', async () => {
      const { strength } = await service().read((await service().newDirectory()).passwordPolicy.href)
      const values = { minLength: 20, maxLength: '200', minSymbol: 2 }
      const expected = { ...DEFAULTS[service().way.preset], minLength: 20, maxLength: 200, minSymbol: 2 }
      expect(await service().update(strength.href, values)).toMatchObject(expected)
      expect(await service().read(strength.href)).toMatchObject(expected)
    })

    test('REST-G7 the rules of a directory are its own', async () => {
      const [one, other] = [await service().newDirectory(), await service().newDirectory()]
      await service().update(`${one.passwordPolicy.href}/strength`, { minLength: 3 })
      expect(await service().read(`${other.passwordPolicy.href}/strength`)).toMatchObject(
        DEFAULTS[service().way.preset],
      )
    })

    test('REST-G8 TRAP-T16 a password that is too short is refused with the exact sentence', async () => {
      const directory = await service().newDirectory()
      const { minLength } = DEFAULTS[service().way.preset]
      const password = 'Aa1-Aa1-Aa1-'.slice(0, minLength - 1)
      const answer = await service().post(directory.accounts.href, accountValues({ password }))
      const text = 'Account password minimum length not satisfied.'
      expectError(answer, 400, 2007, { message: text, developerMessage: text })
    })

    test('REST-G8 a password that is too long is refused', async () => {
      const directory = await service().newDirectory()
      const { maxLength } = DEFAULTS[service().way.preset]
      const fitting = PASSWORD.padEnd(maxLength, 'x')
      expectStatus(await service().post(directory.accounts.href, accountValues({ password: fitting })), 201)
      expectError(await service().post(directory.accounts.href, accountValues({ password: `${fitting}x` })), 400, 2008)
    })
  },
  { presets: ['modern', 'stormpath'] },
)

describeConformance('Password strength', (service) => {
  test.each([
    ['copper-kettle-4471', { minUpperCase: 1 }, 'Password requires an uppercase character!'],
    ['COPPER-KETTLE-4471', { minLowerCase: 1 }, 'Password requires a lowercase character!'],
    ['Copper-Kettle', { minNumeric: 1 }, 'Password requires a numeric character!'],
  ])('REST-G8 TRAP-T16 the password %s lacks a character of a class', async (password, rules, message) => {
    const directory = await withRules(rules)
    expectError(await service().post(directory.accounts.href, accountValues({ password })), 400, 400, { message })
  })

  test.each([
    ['Copperkettle4471', { minSymbol: 1 }],
    ['Copper-Kettle-4471', { minDiacritic: 1 }],
    ['Copper-Kettle-4471', { minNumeric: 5 }],
    ['Copper-Kettle-4471', { minUpperCase: 3 }],
  ])('REST-G8 the password %s does not satisfy %j', async (password, rules) => {
    const directory = await withRules(rules)
    expectError(await service().post(directory.accounts.href, accountValues({ password })), 400, 400)
  })

  test.each([
    ['Kupferkëssel', { minDiacritic: 1 }],
    ['Copper Kettle', { minSymbol: 0 }],
    ['Copper-Kettle-44712', { minNumeric: 5, minUpperCase: 2, minSymbol: 2 }],
  ])('REST-G8 the password %s satisfies %j', async (password, rules) => {
    const directory = await withRules(rules)
    expectStatus(await service().post(directory.accounts.href, accountValues({ password })), 201)
  })

  test('REST-G8 the first rule that is broken is told: length, then digits, then upper case', async () => {
    const directory = await withRules({ minLength: 8, minNumeric: 1, minUpperCase: 1 })
    const refused = async (password: string) =>
      (await service().post(directory.accounts.href, accountValues({ password }))).body
    expect(await refused('abc')).toMatchObject({ code: 2007 })
    expect(await refused('abcdefgh')).toMatchObject({ code: 400, message: 'Password requires a numeric character!' })
    expect(await refused('abcdefgh1')).toMatchObject({
      code: 400,
      message: 'Password requires an uppercase character!',
    })
  })

  test('REST-G8 the rules hold for a change of password too', async () => {
    const directory = await withRules({ minLength: 8, minNumeric: 1 })
    const { href } = await service().newAccount(directory)
    expectError(await service().post(href, { password: 'short1' }), 400, 2007)
    expectError(await service().post(href, { password: 'long enough' }), 400, 400)
    expectStatus(await service().post(href, { password: 'long enough 1' }), 200)
  })

  test('REST-G8 changed rules hold from then on', async () => {
    const directory = await withRules({ minLength: 8 })
    await service().newAccount(directory, { password: 'kettle88' })
    await service().update(`${directory.passwordPolicy.href}/strength`, { minLength: 9 })
    expectError(await service().post(directory.accounts.href, accountValues({ password: 'kettle88' })), 400, 2007)
  })

  test('REST-G9 the last passwords cannot be chosen again, the present one included', async () => {
    const directory = await withRules({ minLength: 8, preventReuse: 3 })
    const { href } = await service().newAccount(directory, { password: 'kettle number 1' })
    expectError(await service().post(href, { password: 'kettle number 1' }), 400, 6401)
    for (const n of [2, 3]) expectStatus(await service().post(href, { password: `kettle number ${n}` }), 200)
    for (const n of [1, 2, 3]) expectError(await service().post(href, { password: `kettle number ${n}` }), 400, 6401)
    expectStatus(await service().post(href, { password: 'kettle number 4' }), 200)
    expectStatus(await service().post(href, { password: 'kettle number 1' }), 200)
  })

  test('REST-G9 the strength of a password is told before its re-use', async () => {
    const directory = await withRules({ minLength: 8, preventReuse: 1 })
    const { href } = await service().newAccount(directory, { password: 'kettle88' })
    await service().update(`${directory.passwordPolicy.href}/strength`, { minLength: 9 })
    expectError(await service().post(href, { password: 'kettle88' }), 400, 2007)
  })

  test('REST-G9 up to 25 passwords can be barred', async () => {
    const directory = await withRules({ preventReuse: 25 })
    expectError(await service().post(`${directory.passwordPolicy.href}/strength`, { preventReuse: 26 }), 400, 2013)
  })

  async function withRules(rules: Record<string, number>) {
    const directory = await service().newDirectory()
    await service().update(`${directory.passwordPolicy.href}/strength`, rules)
    return directory
  }
})
