import { expect, test } from 'vitest'
import {
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  type Json,
  link,
  PASSWORD,
  unique,
} from './harness.ts'

const NEUTRAL = 'Invalid username or password.'

describeConformance('Log-in', (service) => {
  test('REST-L1 a username or an e-mail address is taken in any case', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory, { username: 'AdaL', email: 'Ada@Example.com' })
    for (const login of ['AdaL', 'adal', 'ADAL', 'Ada@Example.com', 'ada@example.com', 'ADA@EXAMPLE.COM']) {
      const answer = await service().login(application, login, PASSWORD)
      expect(expectStatus(answer, 200).body.account.href).toBe(account.href)
    }
  })

  test('REST-L2 the answer holds the href of the account, and Location too', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const answer = await service().login(application, account.email, PASSWORD)
    expectStatus(answer, 200)
    expect(answer.body.account).toEqual(link(account))
    expect(answer.headers.get('location')).toBe(account.href)
  })

  test('REST-L2 the account is expanded on request, inside of account', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const answer = await service().login(application, account.email, PASSWORD, {}, '?expand=account')
    expect(expectStatus(answer, 200).body.account).toEqual(await service().read(account.href))
  })

  test('REST-L3 a directory, a group or an organization is searched alone', async () => {
    const application = await service().newApplication()
    const [directory, other, inner] = [
      await service().newDirectory(),
      await service().newDirectory(),
      await service().newDirectory(),
    ]
    const group = await service().newGroup(other)
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, inner)
    for (const store of [directory, group, organization]) await service().newMapping(application, store)
    const email = 'same@example.com'
    const [first, second, third] = [
      await service().newAccount(directory, { email }),
      await service().newAccount(other, { email }),
      await service().newAccount(inner, { email }),
    ]
    await service().newMembership(second, group)
    const found = async (accountStore: Json) => {
      const answer = await service().login(application, email, PASSWORD, { accountStore })
      return expectStatus(answer, 200).body.account.href
    }
    expect(await found(link(directory))).toBe(first.href)
    expect(await found(link(group))).toBe(second.href)
    expect(await found(link(organization))).toBe(third.href)
    expect(await found({ nameKey: organization.nameKey })).toBe(third.href)
    expect(await found({ nameKey: organization.nameKey.toUpperCase() })).toBe(third.href)
  })

  test('REST-L3 an account outside of the given group is unknown there', async () => {
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const application = await service().newApplication()
    await service().newMapping(application, directory)
    await service().newMapping(application, group)
    const { email } = await service().newAccount(directory)
    expectStatus(await service().login(application, email, PASSWORD), 200)
    expectError(await service().login(application, email, PASSWORD, { accountStore: link(group) }), 400, 7104)
  })

  test('REST-L4 TRAP-T19 the first store that has the account decides, even when its password is another', async () => {
    const application = await service().newApplication()
    const [first, second] = [await service().newDirectory(), await service().newDirectory()]
    await service().newMapping(application, first)
    const mapping = await service().newMapping(application, second)
    const email = 'twice@example.com'
    await service().newAccount(first, { email, password: 'First-Kettle-1111' })
    const account = await service().newAccount(second, { email, password: 'Second-Kettle-2222' })
    expectError(await service().login(application, email, 'Second-Kettle-2222'), 400, 7100)
    expectStatus(await service().login(application, email, 'First-Kettle-1111'), 200)
    await service().update(mapping.href, { listIndex: 0 })
    const answer = await service().login(application, email, 'Second-Kettle-2222')
    expect(expectStatus(answer, 200).body.account).toEqual(link(account))
    expectError(await service().login(application, email, 'First-Kettle-1111'), 400, 7100)
  })

  test('REST-L4 TRAP-T19 the first store that has the account decides, even when the account is disabled there', async () => {
    const application = await service().newApplication()
    const [first, second] = [await service().newDirectory(), await service().newDirectory()]
    for (const store of [first, second]) await service().newMapping(application, store)
    const email = 'twice@example.com'
    await service().newAccount(first, { email, status: 'DISABLED' })
    await service().newAccount(second, { email })
    expectError(await service().login(application, email, PASSWORD), 400, 7101)
  })

  test('REST-L5 REST-L6 TRAP-T16 a wrong password is told to the program and hidden from the person', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    expectError(await service().login(application, email, 'wrong'), 400, 7100, {
      message: NEUTRAL,
      developerMessage: 'Login attempt failed because the specified password is incorrect.',
    })
  })

  test('REST-L5 REST-L6 TRAP-T16 an unknown account is told to the program and hidden from the person', async () => {
    const { application } = await service().newApplicationWithDirectory()
    const answer = await service().login(application, 'nobody@example.com', PASSWORD)
    expectError(answer, 400, 7104, { message: NEUTRAL })
    expect(answer.body.developerMessage).not.toBe(NEUTRAL)
  })

  test('REST-L6 message is the same for an unknown account and for a wrong password', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    const [wrong, unknown] = [
      await service().login(application, email, 'x'),
      await service().login(application, 'nobody', 'x'),
    ]
    expect(wrong.body.message).toBe(unknown.body.message)
    expect(wrong.body.developerMessage).not.toBe(unknown.body.developerMessage)
  })

  test('REST-L6 whoever does not know the password learns nothing about the status', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory, { status: 'DISABLED' })
    const answer = await service().login(application, email, 'wrong')
    expect(answer.status).toBe(400)
    expect(answer.body.message).toBe(NEUTRAL)
  })

  test('REST-L5 TRAP-T19 a target that is not mapped is refused as such', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    const elsewhere = await service().newDirectory()
    const [group, organization] = [await service().newGroup(elsewhere), await service().newOrganization()]
    for (const store of [elsewhere, group, organization]) {
      expectError(await service().login(application, email, PASSWORD, { accountStore: link(store) }), 400, 5114)
    }
  })

  test('REST-L5 an application without stores lets nobody log in', async () => {
    const application = await service().newApplication()
    expectError(await service().login(application, 'nobody', PASSWORD), 400, 5105)
  })

  test('REST-L5 a target organization without stores lets nobody log in', async () => {
    const { application } = await service().newApplicationWithDirectory()
    const organization = await service().newOrganization()
    await service().newMapping(application, organization)
    expectError(await service().login(application, 'nobody', PASSWORD, { accountStore: link(organization) }), 400, 4605)
  })

  test('REST-L5 a target that does not exist is refused', async () => {
    const { application } = await service().newApplicationWithDirectory()
    const unknown = { href: `${service().baseUrl}/directories/1234567890abcdefghij` }
    for (const accountStore of [unknown, { nameKey: 'no-such-organization' }, { href: 'not found' }]) {
      const answer = await service().login(application, 'nobody', PASSWORD, { accountStore })
      expect([2002, 2014, 2016, 2020, 5114]).toContain(answer.body.code)
      expectError(answer, 400, answer.body.code)
    }
  })

  test('REST-L5 account, group, directory and organization each have their code', async () => {
    const application = await service().newApplication()
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const organization = await service().newOrganization()
    await service().newMapping(application, organization)
    await service().newOrganizationMapping(organization, group)
    const account = await service().newAccount(directory)
    await service().newMembership(account, group)
    for (const [resource, code] of [
      [organization, 7107],
      [group, 7105],
      [directory, 7106],
      [account, 7101],
    ] as const) {
      await service().update(resource.href, { status: 'DISABLED' })
      expectError(await service().login(application, account.email, PASSWORD), 400, code)
      await service().update(resource.href, { status: 'ENABLED' })
    }
    expectStatus(await service().login(application, account.email, PASSWORD), 200)
  })

  test.each([
    'a:b:c-4471',
    ':leading-4471',
    'trailing-4471:',
    'Pässwörd-密码-1',
    '🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑',
    ' spaces around 1 ',
    'quote"\'\\-4471',
  ])('REST-L7 the password %j works', async (password) => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { username } = await service().newAccount(directory, { password })
    expectStatus(await service().login(application, username, password), 200)
    expectError(await service().login(application, username, `${password}x`), 400, 7100)
  })

  test('REST-L7 a long password counts to its last character', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const password = 'x'.repeat(100)
    const { username } = await service().newAccount(directory, { password })
    expectError(await service().login(application, username, `${password.slice(1)}y`), 400, 7100)
    expectStatus(await service().login(application, username, password), 200)
  })

  test.each(['digest', 'BASIC2', ''])('REST-L7 the type %j is refused', async (type) => {
    const { application } = await service().newApplicationWithDirectory()
    const answer = await service().post(application.loginAttempts.href, { type, value: btoa('a:b') })
    expect([2000, 2003]).toContain(answer.body.code)
    expectError(answer, 400, answer.body.code)
  })

  test('REST-L7 an unsupported type has its code', async () => {
    const { application } = await service().newApplicationWithDirectory()
    expectError(await service().post(application.loginAttempts.href, { type: 'digest', value: btoa('a:b') }), 400, 2003)
  })

  test('REST-L7 type and value are required', async () => {
    const { application } = await service().newApplicationWithDirectory()
    expectError(await service().post(application.loginAttempts.href, { type: 'basic' }), 400, 2000)
    expectError(await service().post(application.loginAttempts.href, { value: btoa('a:b') }), 400, 2000)
  })

  test.each([btoa('no colon'), '!!!', btoa(':'), btoa('\u0000:\u0000')])(
    'REST-L7 the value %j logs nobody in',
    async (value) => {
      const { application } = await service().newApplicationWithDirectory()
      const answer = await service().post(application.loginAttempts.href, { type: 'basic', value })
      expectError(answer, 400, answer.body.code)
    },
  )

  test('REST-L8 a disabled application lets nobody log in', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    await service().update(application.href, { status: 'DISABLED' })
    const answer = await service().login(application, email, PASSWORD)
    expectError(answer, 400, answer.body.code)
    await service().update(application.href, { status: 'ENABLED' })
    expectStatus(await service().login(application, email, PASSWORD), 200)
  })

  test('REST-L5 the application of another tenant does not exist', async () => {
    const stranger = await service().secondTenant()
    const { application } = await service().newApplicationWithDirectory()
    expectNotFound(await stranger.login(application, 'nobody', PASSWORD))
  })

  test('REST-L1 nobody takes over an address by choosing it as username', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const email = `${unique('victim')}@example.com`
    const victim = await service().newAccount(directory, { email, username: 'the-victim' })
    const thief = await service().post(directory.accounts.href, {
      email: 'thief@example.com',
      username: email,
      password: 'Thief-Kettle-7777',
      givenName: 'T',
      surname: 'T',
    })
    expect([201, 409]).toContain(thief.status)
    const answer = await service().login(application, email, PASSWORD)
    expect(expectStatus(answer, 200).body.account.href).toBe(victim.href)
  })
})
