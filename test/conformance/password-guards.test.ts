import { afterAll, expect, test } from 'vitest'
import { startRangeServer } from '../support/range-server.ts'
import { accountValues, describeConformance, expectError, PASSWORD, unique } from './harness.ts'

const strengthOf = (directory: { passwordPolicy: { href: string } }) => `${directory.passwordPolicy.href}/strength`

const HISTORICAL = [
  'minLength',
  'maxLength',
  'minLowerCase',
  'minUpperCase',
  'minNumeric',
  'minSymbol',
  'minDiacritic',
  'preventReuse',
]

describeConformance(
  'The guards of new passwords',
  (service) => {
    test('REST-G7 what the historical service did not have shows only where it is on', async () => {
      const href = strengthOf(await service().newDirectory())
      const fresh = await service().read(href)
      const own = service().way.preset === 'modern' ? ['preventCommon', 'preventContext'] : []
      expect(Object.keys(fresh)).toEqual(['href', 'createdAt', 'modifiedAt', ...HISTORICAL, ...own])
      const all = { preventCommon: true, preventContext: true, preventBreached: true }
      expect(await service().update(href, all)).toMatchObject(all)
      const none = { preventCommon: false, preventContext: 'false', preventBreached: null }
      expect(Object.keys(await service().update(href, none))).toEqual([
        'href',
        'createdAt',
        'modifiedAt',
        ...HISTORICAL,
      ])
      expect(Object.keys(await service().update(href, fresh))).toEqual(Object.keys(fresh))
    })

    test('REST-G8 WEB-W12 common and expected passwords are refused by modern directories alone', async () => {
      const directory = await service().newDirectory()
      for (const password of ['Password123', 'Lovelace-99']) {
        const answer = await service().post(directory.accounts.href, accountValues({ password }))
        if (service().way.preset === 'modern') expectError(answer, 400, 400)
        else expect(answer.status).toBe(201)
      }
    })
  },
  { presets: ['modern', 'stormpath'] },
)

describeConformance('Common passwords', (service) => {
  test('REST-G8 GOAL-I12 are refused in any case, when an account is made and when its password changes', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory)
    const text = 'This password is one of the most common ones. Please choose another.'
    for (const password of ['password123', 'PassWord123', 'ＰＡＳＳＷＯＲＤ１２３', '  password123 ', '1234567890']) {
      for (const answer of [
        await service().post(directory.accounts.href, accountValues({ password })),
        await service().post(account.href, { password }),
      ]) {
        expectError(answer, 400, 400, { message: text, developerMessage: text })
      }
    }
    await service().update(strengthOf(directory), { preventCommon: false })
    await service().update(account.href, { password: 'password123' })
  })

  test('REST-G8 length is told first', async () => {
    const directory = await service().newDirectory()
    expectError(await service().post(directory.accounts.href, accountValues({ password: 'password' })), 400, 2007)
    await service().update(strengthOf(directory), { maxLength: 10 })
    expectError(await service().post(directory.accounts.href, accountValues({ password: 'password123' })), 400, 2008)
  })

  test('REST-G8 an imported hash is not looked into', async () => {
    const directory = await service().newDirectory()
    const hash = '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
    await service().create(`${directory.accounts.href}?passwordFormat=mcf`, accountValues({ password: hash }))
  })
})

describeConformance('Passwords made of what everybody knows', (service) => {
  const refused =
    'This password is little more than a name, a username, an email address or the name of this service. Please choose another.'

  test.each([
    ['the username', 'quietharbour'],
    ['it with digits', 'QuietHarbour-12'],
    ['the e-mail address', 'maria.svensson@mail'],
    ['names', 'JoseMullerJose'],
    ['names without their accents', 'José!Müller1'],
    ['the name of the directory', 'TurbineWorks1'],
    ['the name of the application', 'gasworks2026!'],
  ])('REST-G8 WEB-W12 %s', async (_, password) => {
    const name = unique('Turbine Works')
    const directory = await service().newDirectory({ name })
    const application = await service().newApplication({ name: unique('Gasworks') })
    await service().newMapping(application, directory, { isDefaultAccountStore: true })
    const body = accountValues({
      email: `maria.svensson@${unique('mail')}.example`,
      username: unique('quietharbour'),
      givenName: 'José',
      surname: 'Müller',
    })
    expectError(await service().post(application.accounts.href, { ...body, password }), 400, 400, { message: refused })
    await service().create(application.accounts.href, { ...body, password: PASSWORD })
  })

  test('REST-G8 a passphrase may hold such a word', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory, { password: 'lovelace likes purple giraffes' })
    expectError(await service().post(account.href, { password: 'lovelace-1815' }), 400, 400, { message: refused })
    // What it will be counts, not what it was.
    expectError(await service().post(account.href, { surname: 'Byron-King', password: 'kingbyron-1815' }), 400, 400)
    await service().update(account.href, { surname: 'Byron-King', password: 'lovelace-1815-x' })
  })
})

const ranges = await startRangeServer(['Stolen-Kettle-4471'])
afterAll(() => ranges.close())

describeConformance(
  'Breached passwords',
  (service) => {
    const stolen = { password: 'Stolen-Kettle-4471' }

    test('REST-G8 GOAL-I12 WEB-W12 nobody is asked until the directory says so, and then they are refused', async () => {
      const before = ranges.asked.length
      const directory = await service().newDirectory()
      const account = await service().newAccount(directory, stolen)
      expect(ranges.asked.length).toBe(before)
      await service().update(strengthOf(directory), { preventBreached: true })
      const message = 'This password was stolen in a breach of another service. Please choose another.'
      expectError(await service().post(directory.accounts.href, accountValues(stolen)), 400, 400, { message })
      expectError(await service().post(account.href, stolen), 400, 400, { message })
      await service().update(account.href, { password: PASSWORD })
      expect(ranges.asked.length).toBe(before + 3)
    })

    test('GOAL-H6 GOAL-I12 while the server fails, passwords pass', async () => {
      const directory = await service().newDirectory()
      await service().update(strengthOf(directory), { preventBreached: true })
      ranges.misbehave('error')
      try {
        await service().newAccount(directory, stolen)
      } finally {
        ranges.misbehave(undefined)
      }
    })
  },
  { made: { breachedPasswords: ranges.url } },
)

describeConformance(
  'A rule of the application',
  (service) => {
    test('WEB-W12 says itself why a password is refused, knowing whose it is to be', async () => {
      const directory = await service().newDirectory()
      const body = accountValues({ password: 'Rhubarb-Kettle-4471' })
      const message = `${body.username} ${body.email} Ada Lovelace may not like rhubarb`
      expectError(await service().post(directory.accounts.href, body), 400, 400, { message, developerMessage: message })
      const account = await service().create(directory.accounts.href, { ...body, password: PASSWORD })
      expectError(await service().post(account.href, { password: 'Rhubarb-Kettle-4471' }), 400, 400, { message })
      await service().update(account.href, { password: 'Another-Kettle-4471' })
    })

    test('WEB-W12 is asked after the rules of the directory', async () => {
      const directory = await service().newDirectory()
      expectError(await service().post(directory.accounts.href, accountValues({ password: 'Rhubarb' })), 400, 2007)
    })
  },
  {
    made: {
      passwordRule: async (password, { username, email, givenName, surname, ...others }) => {
        expect(Object.keys(others).toSorted()).toEqual(['directory', 'middleName'])
        return password.includes('Rhubarb')
          ? `${username} ${email} ${givenName} ${surname} may not like rhubarb`
          : undefined
      },
    },
  },
)
