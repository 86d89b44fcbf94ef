import { createHash } from 'node:crypto'
import bcrypt from 'bcryptjs'
import { expect, test } from 'vitest'
import { accountValues, describeConformance, expectError, expectStatus, idOf } from './harness.ts'

// the cheapest cost that bcrypt knows
const hash = bcrypt.hashSync('Imported password 1', 4)
const as = (version: string) => hash.replace(/^\$2[aby]\$/, `$${version}$`)

const INVALID = 'The imported password is in an invalid format'
const UNSUPPORTED = 'The imported password designates an algorithm that is an unsupported value.'

/** Published vectors, each with its password. */
const STORMPATH2: [password: string, mcf: string][] = [
  ['qwerty', '$stormpath2$MD5$1$OGYyMmM5YzVlMDEwODEwZTg3MzM4ZTA2YjljZjMxYmE=$EuFAr2NTM83PrizVAYuOvw=='],
  ['password', '$stormpath2$MD5$1$NzEyN2ZhYzdkZTAyMjJlMGQyMWYxMWRmZmY2YjA1MWI=$K18Ak0YikAFrqgglhIaY5g=='],
  ['123456', '$stormpath2$MD5$1$OWI3OTQwYjEwODEwOTdkNTcwZDY5NjQ2ZDNlNmZjNzM=$ULWTW74NXPyLYj3VfYHWrg=='],
  [
    'testing12',
    '$stormpath2$SHA-512$1$ZFhBRmpFSnEwVEx2ekhKS0JTMDJBNTNmcg==$Q+sGFg9e+pe9QsUdfnbJUMDtrQNf27ezTnnGllBVkQpMRc9bqH6WkyE3y0svD/7cBk8uJW9Wb3dolWwDtDLFjg==',
  ],
]

/** Salt before password, then the digest again and again (contract/rest.md 13.5). */
function stormpath2(algorithm: string, password: string, salt: Buffer, iterations: number): string {
  const name = algorithm.replace('-', '').toLowerCase()
  let digest = createHash(name).update(salt).update(password, 'utf8').digest()
  for (let round = 1; round < iterations; round++) digest = createHash(name).update(digest).digest()
  return `$stormpath2$${algorithm}$${iterations}$${salt.toString('base64')}$${digest.toString('base64')}`
}

describeConformance('Import of passwords', (service) => {
  test.each(['2a', '2b', '2y', '2x'])(
    'REST-K8 REST-K10 TRAP-T23 a bcrypt hash $%s$ is imported and its owner logs in twice',
    async (version) => {
      await expectLogins(as(version), 'Imported password 1')
    },
  )

  test('REST-K8 a bcrypt hash of a password that is not ASCII is imported', async () => {
    await expectLogins(bcrypt.hashSync('Pässwörd-密码-1', 4), 'Pässwörd-密码-1')
  })

  test.each(STORMPATH2)(
    'REST-K9 REST-K10 TRAP-T23 the published hash of %s is imported and its owner logs in twice',
    async (password, mcf) => {
      await expectLogins(mcf, password)
    },
  )

  test.each(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])(
    'REST-K9 %s is imported with salt, without salt and in many rounds',
    async (algorithm) => {
      const salt = Buffer.from('0011ffee88', 'hex')
      await expectLogins(stormpath2(algorithm, 'Sälted 1', salt, 1), 'Sälted 1')
      await expectLogins(stormpath2(algorithm, 'Unsalted 1', Buffer.alloc(0), 1), 'Unsalted 1')
      await expectLogins(stormpath2(algorithm, 'Repeated 1', salt, 1000), 'Repeated 1')
    },
  )

  test('REST-K10 TRAP-T23 the first log-in replaces the imported hash, a failed one does not', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().create(
      `${directory.accounts.href}?passwordFormat=mcf`,
      accountValues({ password: hash }),
    )
    const stored = async () => {
      const context = {
        tenant: idOf(service().tenant),
        actor: { kind: 'system', id: 'test' },
        requestId: 'test',
      } as const
      return (await service().app.engine.read(context, 'account', idOf(account)))?.password
    }
    await service().login(application, account.email, 'wrong')
    expect(await stored()).toBe(hash)
    expectStatus(await service().login(application, account.email, 'Imported password 1'), 200)
    expect(await stored()).toMatch(/^\$argon2id\$/)
  })

  test('REST-K10 strength rules do not hold for imported passwords', async () => {
    await expectLogins(bcrypt.hashSync('a', 4), 'a')
  })

  test('REST-K10 a log-in of an imported account does not look like a change of password', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().create(
      `${directory.accounts.href}?passwordFormat=mcf`,
      accountValues({ password: hash }),
    )
    service().clock.advance(60_000)
    expectStatus(await service().login(application, account.email, 'Imported password 1'), 200)
    expect((await service().read(account.href)).passwordModifiedAt).toBe(account.passwordModifiedAt)
  })

  test.each([
    'plain text',
    'Copper-Kettle-4471',
    '$2a$',
    '$2a$04$tooshort',
    '$2c$04$0123456789012345678901uQDvFkB1x1iWTyUeRAHwvYkqCQeyYeW',
    '$2a$99$0123456789012345678901uQDvFkB1x1iWTyUeRAHwvYkqCQeyYeW',
    '$1$saltsalt$0123456789012345678901',
    '$stormpath2$MD5$1$salt',
    '$stormpath2$MD5$0$c2FsdA==$EuFAr2NTM83PrizVAYuOvw==',
    '$stormpath2$MD5$-1$c2FsdA==$EuFAr2NTM83PrizVAYuOvw==',
    '$stormpath2$MD5$x$c2FsdA==$EuFAr2NTM83PrizVAYuOvw==',
    '$stormpath2$MD5$1$c2FsdA==$dG9vIHNob3J0',
    '$stormpath2$MD5$1$!!!!$EuFAr2NTM83PrizVAYuOvw==',
  ])('REST-K11 the imported hash %s has no valid format', async (password) => {
    const { accounts } = await service().newDirectory()
    const answer = await service().post(`${accounts.href}?passwordFormat=mcf`, accountValues({ password }))
    expectError(answer, 400, 2006, { developerMessage: expect.stringContaining(INVALID) })
    expect((await service().read(accounts.href)).size).toBe(0)
  })

  test('REST-K11 an algorithm that is not known is told in its own words', async () => {
    const { accounts } = await service().newDirectory()
    const password = '$stormpath2$SHA-3$1$c2FsdA==$EuFAr2NTM83PrizVAYuOvw=='
    const answer = await service().post(`${accounts.href}?passwordFormat=mcf`, accountValues({ password }))
    expectError(answer, 400, 2003, { developerMessage: UNSUPPORTED })
  })

  test('REST-K11 a format other than mcf is told in its own words', async () => {
    const { accounts } = await service().newDirectory()
    const answer = await service().post(`${accounts.href}?passwordFormat=plain`, accountValues())
    expectError(answer, 400, 2003, { developerMessage: UNSUPPORTED })
  })

  test('REST-K11 import and workflow flags are combined', async () => {
    const { accounts } = await service().newDirectory()
    const href = `${accounts.href}?registrationWorkflowEnabled=false&passwordFormat=mcf&expand=customData`
    const account = await service().create(href, accountValues({ password: hash }))
    expect(account).toMatchObject({ status: 'ENABLED', customData: { createdAt: expect.any(String) } })
  })

  test('REST-K11 a hash that would take very long to verify is refused', async () => {
    const { accounts } = await service().newDirectory()
    for (const password of [
      hash.replace('$04$', '$31$'),
      stormpath2('MD5', 'x', Buffer.alloc(0), 1).replace('$1$', '$2000000000$'),
    ]) {
      expectStatus(await service().post(`${accounts.href}?passwordFormat=mcf`, accountValues({ password })), 400)
    }
  })

  test('REST-K8 without the flag a hash is an ordinary password', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory, { password: hash })
    expectError(await service().login(application, account.email, 'Imported password 1'), 400, 7100)
    expectStatus(await service().login(application, account.email, hash), 200)
  })

  /** Wrong before, right, right again (the hash is a new one now), wrong after. */
  async function expectLogins(mcf: string, password: string): Promise<void> {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().create(
      `${directory.accounts.href}?passwordFormat=mcf`,
      accountValues({ password: mcf }),
    )
    expectError(await service().login(application, email, `${password}x`), 400, 7100)
    expectStatus(await service().login(application, email, password), 200)
    expectStatus(await service().login(application, email, password), 200)
    expectError(await service().login(application, email, `${password}x`), 400, 7100)
    expectError(await service().login(application, email, mcf), 400, 7100)
  }
})
