import { expect, test } from 'vitest'
import { describeConformance, expectError, idOf } from './harness.ts'

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
