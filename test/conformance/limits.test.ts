import { expect, test } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { Problem } from '../../src/schema/problems.ts'
import {
  type Answer,
  describeConformance,
  expectError,
  expectStatus,
  idOf,
  type Json,
  PASSWORD,
  type Service,
} from './harness.ts'

const MINUTE = 60_000
const WRONG = 'Not-The-Password-1'
/** Documentation networks (RFC 5737, RFC 3849). */
const HOME = '192.0.2.10'
const ELSEWHERE = '198.51.100.20'

interface From {
  address?: string
  device?: string
}

function loginFrom(
  service: Service,
  application: Json,
  login: string,
  password: string,
  from: From = {},
): Promise<Answer> {
  const value = Buffer.from(`${login}:${password}`).toString('base64')
  const headers: Record<string, string> = {}
  if (from.address) headers['X-Latchkey-User-Address'] = from.address
  if (from.device) headers['X-Latchkey-User-Device'] = from.device
  return service.post(application.loginAttempts.href, { type: 'basic', value }, { headers })
}

/** Fails so often; the last answer. */
async function fail(service: Service, application: Json, login: string, times: number, from?: From): Promise<void> {
  for (let i = 0; i < times; i++) {
    expectStatus(await loginFrom(service, application, login, WRONG, from), 400)
  }
}

function expectPaused(answer: Answer, seconds: number): void {
  expectError(answer, 429, 7103, { message: 'Too many attempts. Please try again later.' })
  expect(answer.headers.get('retry-after')).toBe(String(seconds))
}

describeConformance('Limits', (service) => {
  test('WEB-W58 REST-L5 ten failures pause a login for a minute, further ones for two, four, eight and fifteen', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    await fail(service(), application, email, 10)
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      expectPaused(await service().login(application, email, PASSWORD), minutes * 60)
      service().clock.advance(minutes * MINUTE - 1)
      expectPaused(await service().login(application, email, PASSWORD), 1)
      service().clock.advance(1)
      await fail(service(), application, email, 1)
    }
    service().clock.advance(15 * MINUTE)
    expectStatus(await service().login(application, email, PASSWORD), 200)
    await fail(service(), application, email, 10)
    expectPaused(await service().login(application, email, PASSWORD), 60)
  })

  test('WEB-W58 a log-in that succeeds makes earlier failures forgotten, and slow ones are no guesses', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    for (let round = 0; round < 3; round++) {
      await fail(service(), application, email, 9)
      expectStatus(await service().login(application, email, PASSWORD), 200)
    }
    for (let i = 0; i < 45; i++) {
      await fail(service(), application, email, 1)
      service().clock.advance(1.5 * MINUTE)
    }
    expectStatus(await service().login(application, email, PASSWORD), 200)
  })

  test('WEB-W58 GOAL-I3 whoever guesses too slowly for that is paused too, at a hundred and fifty guesses a day', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    let verified = 0
    for (let second = 0; second < 86_400; second += 95) {
      const { status } = await service().login(application, email, WRONG)
      if (status === 400) verified++
      service().clock.advance(95_000)
    }
    expect(verified).toBeLessThan(150)
  })

  test('WEB-W58 ATTACK-I3 a name that no account has is paused alike, word for word', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    await fail(service(), application, email, 10)
    await fail(service(), application, 'nobody@example.com', 10)
    const [known, unknown] = [
      await service().login(application, email.toUpperCase(), WRONG),
      await service().login(application, 'NOBODY@example.com', WRONG),
    ]
    expectPaused(unknown, 60)
    const shown = ({ body, headers }: Answer) => [{ ...body, requestId: '' }, headers.get('retry-after')]
    expect(shown(known)).toEqual(shown(unknown))
  })

  test('WEB-W58 who owns the account gets in from where it logged in before, whatever strangers do', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    const device = 'a-device-of-its-own-0123'
    expectStatus(await loginFrom(service(), application, email, PASSWORD, { address: HOME }), 200)
    expectStatus(await loginFrom(service(), application, email, PASSWORD, { device }), 200)
    await fail(service(), application, email, 10, { address: ELSEWHERE })
    expectPaused(await loginFrom(service(), application, email, PASSWORD, { address: ELSEWHERE }), 60)
    expectPaused(await loginFrom(service(), application, email, PASSWORD), 60)
    expectPaused(await loginFrom(service(), application, email, PASSWORD, { device: 'another-device-98765' }), 60)
    expectStatus(await loginFrom(service(), application, email, PASSWORD, { address: '192.0.2.99' }), 200)
    expectStatus(await loginFrom(service(), application, email, PASSWORD, { address: ELSEWHERE, device }), 200)
    // What is known is guarded too.
    await fail(service(), application, email, 10, { device })
    expectPaused(await loginFrom(service(), application, email, PASSWORD, { device }), 60)
  })

  test('WEB-W58 twenty right passwords at once all get in', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email } = await service().newAccount(directory)
    await fail(service(), application, email, 8)
    const answers = await Promise.all(Array.from({ length: 20 }, () => service().login(application, email, PASSWORD)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  })

  test('WEB-W58 another application, another account and another tenant are not affected', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { application: second } = await service().newApplicationWithDirectory()
    const [one, two] = [await service().newAccount(directory), await service().newAccount(directory)]
    await fail(service(), application, one.email, 10)
    expectPaused(await service().login(application, one.email, PASSWORD), 60)
    expectStatus(await service().login(application, two.email, PASSWORD), 200)
    expectStatus(await service().login(second, one.email, PASSWORD), 400)
  })

  test('WEB-W58 an account is paused by all of its names together', async () => {
    const { directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const applications = []
    for (let i = 0; i < 4; i++) {
      const application = await service().newApplication()
      await service().newMapping(application, directory)
      applications.push(application)
    }
    for (const application of applications.slice(0, 3)) await fail(service(), application, account.email, 10)
    expectPaused(await service().login(applications[3], account.username, PASSWORD), 60)
  })

  test('WEB-W58 the account has an event when its pause begins, one', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    await fail(service(), application, account.email, 10)
    await service().login(application, account.email, WRONG)
    service().clock.advance(MINUTE)
    await fail(service(), application, account.email, 1)
    const { store } = service().app.engine.services
    const events = await store.events(idOf(service().tenant), 0, 10_000)
    const types = events.filter(({ event }) => event.resource.id === idOf(account)).map(({ event }) => event.type)
    expect(types.filter((type) => type === 'login.paused')).toHaveLength(1)
    expect(types.filter((type) => type === 'login.failed')).toHaveLength(11)
  })

  test('WEB-W58 the owner is told by mail when log-ins are paused: once a day, when and how often, with a link to a new password', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const { email, username, ...account } = await service().newAccount(directory)
    const other = await service().newAccount(directory)
    const policy = await service().read(directory.passwordPolicy.href)
    await service().update(policy.href, { resetEmailStatus: 'ENABLED' })
    await fail(service(), application, email, 9)
    expect(await service().mailsTo(email)).toEqual([])
    const at = new Date(service().clock.now()).toISOString().slice(0, 16).replace('T', ' ')
    await Promise.all([1, 2, 3].map(() => loginFrom(service(), application, email, WRONG)))
    const [mail, ...more] = await service().mailsTo(email)
    expect(more).toEqual([])
    expect(mail?.subject).toBe('Log-ins to your account are paused')
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain(`By ${at} UTC, at least 10 log-ins`)
      expect(body).toContain('/passwordReset?sptoken=')
      expect(body).not.toContain('$')
    }
    expect(await service().mailsTo(other.email)).toEqual([])

    // by another name within a day: nothing
    service().clock.advance(20 * 60 * MINUTE)
    await fail(service(), application, username, 10)
    expect(await service().mailsTo(email)).toHaveLength(1)
    service().clock.advance(3 * 24 * 60 * MINUTE)
    await fail(service(), application, email, 10)
    expect(await service().mailsTo(email)).toHaveLength(2)

    // the link lets its reader in at once, wherever log-ins are paused
    const latest = await service().mailTo(email)
    const token = /sptoken=([\w.-]+)/.exec(latest.text ?? '')?.[1]
    const headers = { 'X-Latchkey-User-Address': HOME }
    const path = `${application.href}/passwordResetTokens/${token}`
    const next = 'Another horse 5 battery'
    expectStatus(await service().post(path, { password: next }, { headers }), 200)
    expectPaused(await loginFrom(service(), application, email, next, { address: ELSEWHERE }), 60)
    expectStatus(await loginFrom(service(), application, email, next, { address: HOME }), 200)
    expect(await service().read(account.href)).toMatchObject({ status: 'ENABLED' })
  })

  test('WEB-W58 the notice brings no link where passwords are not reset, nor where one is still good, and none goes to who cannot log in', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const policy = await service().read(directory.passwordPolicy.href)
    await service().update(policy.href, { resetEmailStatus: 'DISABLED' })
    const [one, two, disabled] = [
      await service().newAccount(directory),
      await service().newAccount(directory),
      await service().newAccount(directory),
    ]
    await fail(service(), application, one.email, 10)
    expect((await service().mailTo(one.email)).text).not.toContain('sptoken')

    await service().update(policy.href, { resetEmailStatus: 'ENABLED' })
    const asked = await service().post(`${application.href}/passwordResetTokens`, { email: two.email })
    await fail(service(), application, two.email, 10)
    const notice = await service().mailTo(two.email)
    expect(notice.subject).toBe('Log-ins to your account are paused')
    expect(notice.text).not.toContain('sptoken')
    expectStatus(await service().get(asked.body.href), 200)

    await service().update(disabled.href, { status: 'DISABLED' })
    await fail(service(), application, disabled.email, 10)
    await fail(service(), application, 'nobody-at-all@example.com', 10)
    expect(await service().mailsTo(disabled.email)).toEqual([])
    expect(await service().mailsTo('nobody-at-all@example.com')).toEqual([])
  })

  test.each([
    ['passwordResetTokens', 'email'],
    ['verificationEmails', 'login'],
  ])(
    'GOAL-G9 WEB-W58 %s are refused after three in a quarter of an hour, alike for a name that no account has',
    async (path, property) => {
      const { application, directory } = await service().newApplicationWithDirectory()
      const { email } = await service().newAccount(directory)
      const ask = (name: string) => service().post(`${application.href}/${path}`, { [property]: name })
      for (const name of [email, 'nobody@example.com']) {
        for (let i = 0; i < 3; i++) expect((await ask(name)).status).not.toBe(429)
        const refused = await ask(name.toUpperCase())
        expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '300'])
      }
      service().clock.advance(15 * MINUTE)
      expect((await ask(email)).status).not.toBe(429)
    },
  )

  test('GOAL-G9 WEB-W58 an application registers twenty from one network in an hour, and as many as it likes of its own', async () => {
    const { application } = await service().newApplicationWithDirectory()
    const register = (i: number, headers = {}) =>
      service().post(
        application.accounts.href,
        { email: `crowd-${i}-${idOf(application)}@example.com`, password: PASSWORD, givenName: 'A', surname: 'B' },
        { headers },
      )
    const from = { 'X-Latchkey-User-Address': HOME }
    for (let i = 0; i < 20; i++) expectStatus(await register(i, from), 201)
    expect((await register(20, from)).status).toBe(429)
    expectStatus(await register(20), 201)
    expectStatus(await register(21, { 'X-Latchkey-User-Address': ELSEWHERE }), 201)
  })

  test('ATTACK-D3 what an application says of its user is checked, and X-Forwarded-For is not heard', async () => {
    const { application } = await service().newApplicationWithDirectory()
    for (const headers of [
      { 'X-Latchkey-User-Address': 'not an address' },
      { 'X-Latchkey-User-Address': '192.0.2.1, 192.0.2.2' },
      { 'X-Latchkey-User-Device': 'short' },
      { 'X-Latchkey-User-Device': 'x'.repeat(129) },
    ]) {
      const body = { type: 'basic', value: Buffer.from('a:b').toString('base64') }
      expectError(await service().post(application.loginAttempts.href, body, { headers }), 400, 2002)
    }
  })

  test('REST-A9 WEB-W157 a request keeps the id it came with, a new one otherwise', async () => {
    const ask = (headers: Record<string, string>) => service().get('/nowhere', { headers })
    const given = await ask({ 'X-Request-Id': 'front-7.request_42' })
    expect(given.headers.get('x-request-id')).toBe('front-7.request_42')
    expect(given.headers.get('stormpath-request-id')).toBe('front-7.request_42')
    expect(given.body.requestId).toBe('front-7.request_42')
    const traced = await ask({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' })
    expect(traced.body.requestId).toBe('4bf92f35-77b3-4da6-a3ce-929d0e0e4736')
    for (const bad of ['short', 'x'.repeat(65), 'with blank 1234', '{"a":"bcdefgh"}', '<script>alert(1)</script>']) {
      expectError(await ask({ 'X-Request-Id': bad }), 404, 404)
    }
    expectError(await ask({ traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }), 404, 404)
  })
})

describeConformance(
  'Limits of the stormpath preset',
  (service) => {
    test('WEB-W58 TRAP-T26 there are none, as ever', async () => {
      const { application, directory } = await service().newApplicationWithDirectory()
      const { email } = await service().newAccount(directory)
      await fail(service(), application, email, 40, { address: HOME })
      expectStatus(await service().login(application, email, PASSWORD), 200)
    })
  },
  { presets: ['stormpath'] },
)

describeConformance('Limits of what is asked for', (service) => {
  const spend = async (
    limited: 'passwordReset' | 'verification' | 'registration',
    { name, application, address }: { name?: string; application: string; address?: string },
  ): Promise<number | undefined> => {
    const { limits } = service().app.engine.services
    const context: Context = {
      tenant: idOf(service().tenant),
      actor: { kind: 'system', id: 'test' },
      requestId: 'test',
      ...(address && { source: { address } }),
    }
    try {
      await limits.spend(context, limited, { application, ...(name && { name }) })
    } catch (error) {
      if (Problem.is(error, 'tooManyRequests')) return error.detail.retryAfterSeconds
      throw error
    }
    return undefined
  }

  test.each(['passwordReset', 'verification'] as const)(
    'GOAL-G9 %s: three mails to one address in a quarter of an hour, ten in a day',
    async (limited) => {
      const application = idOf(await service().newApplication())
      const ask = (name: string) => spend(limited, { application, name })
      const crowd = await Promise.all(Array.from({ length: 20 }, () => ask('ada@example.com')))
      expect(crowd.filter((wait) => wait === undefined)).toHaveLength(3)
      expect(crowd.find((wait) => wait !== undefined)).toBe(300)
      expect(await ask('bob@example.com')).toBeUndefined()
      let sent = 3
      for (let minute = 0; minute < 60; minute += 5) {
        service().clock.advance(5 * MINUTE)
        if ((await ask('ada@example.com')) === undefined) sent++
      }
      expect(sent).toBe(10)
    },
  )

  test('GOAL-G9 users of whom nobody says where they are have three thousand registrations an hour together', async () => {
    const [application, another] = [await service().newApplication(), await service().newApplication()].map(idOf)
    const register = (application: string | undefined) => spend('registration', { application: String(application) })
    const waits = await Promise.all(Array.from({ length: 3001 }, () => register(application)))
    expect(waits.filter((wait) => wait !== undefined)).toHaveLength(1)
    expect(await register(another)).toBeUndefined()
  })

  test('GOAL-G9 thirty mails from one network in an hour, and twenty registrations', async () => {
    const application = idOf(await service().newApplication())
    const count = async (limited: 'passwordReset' | 'registration', address: string) => {
      let allowed = 0
      for (let i = 0; i < 60; i++) {
        const name = `${limited}-${i}@example.com`
        if ((await spend(limited, { application, name, address })) === undefined) allowed++
      }
      return allowed
    }
    expect(await count('passwordReset', HOME)).toBe(30)
    expect(await count('registration', HOME)).toBe(20)
    expect(await count('passwordReset', '2001:db8:1:2::7')).toBe(30)
    expect(await spend('passwordReset', { application, name: 'x', address: '2001:db8:1:2:ffff::1' })).toBe(120)
    expect(await spend('passwordReset', { application, name: 'x', address: '2001:db8:1:3::7' })).toBeUndefined()
  })
})
