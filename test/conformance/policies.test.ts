import { expect, test } from 'vitest'
import { accountValues, describeConformance, expectError, expectStatus, idOf, PASSWORD } from './harness.ts'

const OFF = {
  verificationEmailStatus: 'DISABLED',
  verificationSuccessEmailStatus: 'DISABLED',
  welcomeEmailStatus: 'DISABLED',
}

describeConformance(
  'The policies of a directory',
  (service) => {
    test('REST-G4 TRAP-T22 no mail accompanies the creation of accounts until a status says so', async () => {
      const { accountCreationPolicy, href } = await service().newDirectory()
      expect(idOf(accountCreationPolicy)).toBe(idOf({ href }))
      expect(await service().read(accountCreationPolicy.href)).toMatchObject({
        ...OFF,
        emailDomainWhitelist: [],
        emailDomainBlacklist: [],
      })
      const changed = await service().update(accountCreationPolicy.href, { welcomeEmailStatus: 'enabled' })
      expect(changed).toMatchObject({ ...OFF, welcomeEmailStatus: 'ENABLED' })
      expect(await service().read(accountCreationPolicy.href)).toEqual(changed)
    })

    test('REST-G6 TRAP-T22 links to choose a password are mailed and good for 24 hours until told otherwise', async () => {
      const { passwordPolicy } = await service().newDirectory()
      const both = { resetEmailStatus: 'ENABLED', resetSuccessEmailStatus: 'ENABLED' }
      expect(await service().read(passwordPolicy.href)).toMatchObject({ ...both, resetTokenTtl: 24 })
      for (const resetTokenTtl of [1, 168]) {
        expect(await service().update(passwordPolicy.href, { resetTokenTtl })).toMatchObject({ ...both, resetTokenTtl })
      }
      expect(
        await service().update(passwordPolicy.href, { resetEmailStatus: 'DISABLED', resetTokenTtl: '12' }),
      ).toMatchObject({ ...both, resetEmailStatus: 'DISABLED', resetTokenTtl: 12 })
    })

    test('REST-G6 a link is good for no less than one hour and no more than a week', async () => {
      const { passwordPolicy } = await service().newDirectory()
      for (const resetTokenTtl of [0, 169]) {
        expectError(await service().post(passwordPolicy.href, { resetTokenTtl }), 400, 2013)
      }
      expectError(await service().post(passwordPolicy.href, { resetTokenTtl: 1.5 }), 400, 2004)
      expectError(await service().post(passwordPolicy.href, { resetEmailStatus: 'SOMETIMES' }), 400, 2003)
      expect((await service().read(passwordPolicy.href)).resetTokenTtl).toBe(24)
    })

    test('REST-G4 REST-G6 policies come expanded, and are neither created nor deleted', async () => {
      const directory = await service().newDirectory()
      const whole = await service().read(`${directory.href}?expand=accountCreationPolicy,passwordPolicy`)
      for (const name of ['accountCreationPolicy', 'passwordPolicy']) {
        expect(whole[name]).toEqual(await service().read(directory[name].href))
        expectError(await service().delete(directory[name].href), 405, 1100)
      }
    })
  },
  { presets: ['modern', 'stormpath'] },
)

describeConformance('Lists of e-mail domains', (service) => {
  test('REST-G5 a list is replaced as a whole, and null empties it', async () => {
    const { href } = (await service().newDirectory()).accountCreationPolicy
    const one = await service().update(href, {
      emailDomainWhitelist: ['example.com', '*.example.com', 'B\u00fccher.example'],
    })
    expect(one.emailDomainWhitelist).toEqual(['example.com', '*.example.com', 'B\u00fccher.example'])
    const other = await service().update(href, { emailDomainWhitelist: ['*'] })
    expect(other).toMatchObject({ emailDomainWhitelist: ['*'], emailDomainBlacklist: [] })
    expect((await service().update(href, { emailDomainWhitelist: null })).emailDomainWhitelist).toEqual([])
  })

  test('REST-G5 what is no domain is refused by its place in the list', async () => {
    const { href } = (await service().newDirectory()).accountCreationPolicy
    for (const [list, code] of [
      ['example.com', 2004],
      [[1], 2004],
      [['example.com', ''], 2007],
      [['x'.repeat(256)], 2008],
      [['@example.com'], 2006],
      [['example com'], 2006],
      [Array.from({ length: 1001 }, (_, at) => `d${at}`), 2008],
      [Array.from({ length: 100 }, () => 'x'.repeat(250)), 2008],
    ] as const) {
      expectError(await service().post(href, { emailDomainBlacklist: list }), 400, code)
    }
    expectError(await service().post(href, { emailDomainBlacklist: ['a.example', 'b@c'] }), 400, 2006, {
      developerMessage: expect.stringContaining('emailDomainBlacklist[1]'),
    })
    expect((await service().read(href)).emailDomainBlacklist).toEqual([])
  })
})

/** What an address must be like to be let in or kept out, and whether it is. */
const RULES: [rule: string, domain: string, matches: boolean][] = [
  ['site.com', 'site.com', true],
  ['site.com', 'id.site.com', false],
  ['site.com', 'zsite.com', false],
  ['site.com', 'site.com.au', false],
  ['*site.com', 'site.com', true],
  ['*site.com', 'zsite.com', true],
  ['*site.com', 'id.site.com', true],
  ['*site.com', 'site.org', false],
  ['*.site.com', 'id.site.com', true],
  ['*.site.com', 'a.b.site.com', true],
  ['*.site.com', 'site.com', false],
  ['*.site.com', 'zsite.com', false],
  ['site.*', 'site.co.uk', true],
  ['site.*', 'my.site.com', false],
  ['s*e.c*m', 'site.com', true],
  ['s*e.c*m', 'se.cm', true],
  ['s*e.c*m', 'site.comm', true],
  ['s*e.c*m', 'site.org', false],
  ['a*a', 'a', false],
  ['*', 'anything.example', true],
  ['SITE.com', 'site.COM', true],
  ['site.com', 'ＳＩＴＥ.com', true],
  ['site.com.', 'site.com', true],
  ['site.com', 'site.com.', true],
  ['bücher.example', 'BÜCHER.example', true],
  ['bücher.example', 'xn--bcher-kva.example', true],
  ['xn--bcher-kva.example', 'bücher.example', true],
  ['b*cher.example', 'xn--bcher-kva.example', true],
  ['example.com', 'exаmple.com', false],
]

describeConformance('Accounts of some e-mail domains', (service) => {
  const withLists = async (lists: object) => {
    const directory = await service().newDirectory()
    await service().update(directory.accountCreationPolicy.href, lists)
    return directory
  }
  let people = 0
  const someoneAt = (domain: string) => accountValues({ email: `someone${++people}@${domain}` })

  test.each(RULES)('REST-G5 WEB-W51 the rule %s and an address at %s', async (rule, domain, matches) => {
    const listed = await withLists({ emailDomainBlacklist: [rule] })
    const kept = await service().post(listed.accounts.href, someoneAt(domain))
    if (matches) expectError(kept, 400, 7205)
    else expectStatus(kept, 201)
    const closed = await withLists({ emailDomainWhitelist: ['other.example', rule] })
    const admitted = await service().post(closed.accounts.href, someoneAt(domain))
    if (matches) expectStatus(admitted, 201)
    else expectError(admitted, 400, 7206)
  })

  test('REST-G5 the blacklist wins, and users are told less than developers', async () => {
    const directory = await withLists({
      emailDomainWhitelist: ['*.example.com', 'example.com'],
      emailDomainBlacklist: ['bad.example.com'],
    })
    await service().create(directory.accounts.href, someoneAt('example.com'))
    const user = 'Accounts with an email address of this domain are not allowed here.'
    expectError(await service().post(directory.accounts.href, someoneAt('bad.example.com')), 400, 7205, {
      message: user,
      developerMessage: "The email domain 'bad.example.com' is on the emailDomainBlacklist of the directory.",
    })
    expectError(await service().post(directory.accounts.href, someoneAt('elsewhere.example')), 400, 7206, {
      message: user,
      developerMessage: "The email domain 'elsewhere.example' is not on the emailDomainWhitelist of the directory.",
    })
  })

  test('REST-G5 lists hold for changes of an address, and leave what is there alone', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory, someoneAt('old.example'))
    await service().update(directory.accountCreationPolicy.href, {
      emailDomainBlacklist: ['old.example', 'bad.example'],
    })
    expectError(await service().post(account.href, { email: 'new@bad.example' }), 400, 7205)
    expectError(await service().post(account.href, { email: 'new@old.example' }), 400, 7205)
    expect((await service().update(account.href, { ...account, givenName: 'Grace' })).email).toBe(account.email)
    expect((await service().update(account.href, { email: 'new@good.example' })).email).toBe('new@good.example')
    await service().update(directory.accountCreationPolicy.href, { emailDomainWhitelist: ['good.example'] })
    expectError(await service().post(account.href, { email: 'new@neutral.example' }), 400, 7206)
  })

  test('REST-G5 lists hold by whatever door an account comes', async () => {
    const directory = await withLists({ emailDomainBlacklist: ['bad.example'] })
    const application = await service().newApplication()
    await service().newMapping(application, directory, { isDefaultAccountStore: true })
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory, { isDefaultAccountStore: true })
    const hash = {
      ...someoneAt('bad.example'),
      password: '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    }
    for (const to of [application.accounts.href, organization.accounts.href]) {
      expectError(await service().post(to, someoneAt('bad.example')), 400, 7205)
      expectError(await service().post(`${to}?registrationWorkflowEnabled=false`, someoneAt('bad.example')), 400, 7205)
      expectError(await service().post(`${to}?passwordFormat=mcf`, hash), 400, 7205)
    }
  })
})

describeConformance('Where addresses are verified', (service) => {
  const withVerification = async () => {
    const directory = await service().newDirectory()
    await service().update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
    return directory
  }

  test('REST-K2 a new account is UNVERIFIED, whatever its creator says, and cannot log in', async () => {
    const directory = await withVerification()
    const application = await service().newApplication()
    await service().newMapping(application, directory, { isDefaultAccountStore: true })
    for (const wish of [{}, { status: 'ENABLED' }, { emailVerificationStatus: 'VERIFIED' }]) {
      const account = await service().newAccount(application, wish)
      expect(account).toMatchObject({ status: 'UNVERIFIED', emailVerificationStatus: 'UNVERIFIED' })
      expectError(await service().login(application, account.username, PASSWORD), 400, 7102)
    }
    expect((await service().newAccount(directory, { status: 'DISABLED' })).status).toBe('DISABLED')
  })

  test('REST-K7 registrationWorkflowEnabled=false leaves it out, true does not', async () => {
    const directory = await withVerification()
    const create = (flag: string, values?: object) =>
      service().create(`${directory.accounts.href}?registrationWorkflowEnabled=${flag}`, accountValues({ ...values }))
    expect(await create('true')).toMatchObject({ status: 'UNVERIFIED' })
    expect(await create('false')).toMatchObject({ status: 'ENABLED' })
    const verified = { status: 'ENABLED', emailVerificationStatus: 'VERIFIED' }
    expect(await create('False', verified)).toMatchObject(verified)
    expect(await create('false', { status: 'UNVERIFIED' })).toMatchObject({ status: 'UNVERIFIED' })
    expectError(
      await service().post(`${directory.accounts.href}?registrationWorkflowEnabled=perhaps`, accountValues()),
      400,
      2103,
    )
  })
})
