import { expect, test } from 'vitest'
import {
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  idOf,
  type Json,
  link,
  PASSWORD,
  type Service,
} from './harness.ts'

/** Then as much may be asked for a name again as at first. */
const AFTER_LIMITS = 15 * 60_000

const NEW_PASSWORD = 'Walnut-Harbour-2983'
const HOUR = 60 * 60 * 1000
const UNKNOWN_REQUEST = 'This password reset request does not exist. Please request a new password reset.'

describeConformance('Password reset', (service) => {
  test('REST-M6 a request answers with the token, the address and the account, and mails a link', async () => {
    const { application, account } = await world(service())
    const { status, body } = await request(application, account)
    expect(status).toBe(200)
    expect(body).toEqual({
      href: expect.stringMatching(new RegExp(`^${application.passwordResetTokens.href}/[\\w-]+\\.[\\w-]+\\.[\\w-]+$`)),
      email: account.email,
      account: link(account),
    })
    const mail = await service().mailTo(account.email)
    expect(mail).toMatchObject({ subject: 'Reset your password', from: { name: application.name } })
    const origin = service().baseUrl.slice(0, -'/v1'.length)
    expect(mail.links).toEqual([`${origin}/passwordReset?sptoken=${idOf(body)}`])
    for (const part of [mail.text, mail.html]) expect(part).toContain(idOf(body))
    expect(mail.text).toContain('within 24 hours')
  })

  test('REST-M6 a username finds the account too, and an unknown address is told', async () => {
    const { application, account } = await world(service())
    expect((await request(application, { email: account.username })).body.account).toEqual(link(account))
    expectError(await request(application, { email: 'nobody@example.com' }), 400, 2016, {
      developerMessage: 'The email property value does not match a known resource.',
    })
    expectError(await service().post(application.passwordResetTokens.href, {}), 400, 2000, {
      developerMessage: 'email property is required; it cannot be null, empty, or blank.',
    })
  })

  test('REST-M7 a token can be looked at without being used up, and expands the account', async () => {
    const { application, account } = await world(service())
    const token = (await request(application, account)).body
    for (let i = 0; i < 3; i++) expect(await service().read(token.href)).toEqual(token)
    expect((await service().read(`${token.href}?expand=account`)).account).toEqual(await service().read(account.href))
    expectStatus(await service().post(token.href, { password: NEW_PASSWORD }), 200)
  })

  test('WEB-W50 the use of a reset link brings a ticket when asked, and a refused password none', async () => {
    const { application, account } = await world(service())
    const { href } = (await request(application, account)).body
    const query = '?loginTicket=true'
    expect((await service().post(`${href}${query}`, { password: 'short' })).body).not.toHaveProperty('loginTicket')
    const { body } = expectStatus(await service().post(`${href}${query}`, { password: NEW_PASSWORD }), 200)
    expect(body).toEqual({ href, account: link(account), loginTicket: expect.stringMatching(/^[\w-]{43}$/) })
    const form = { grant_type: 'urn:latchkey:grant:login-ticket', ticket: body.loginTicket }
    const other = await service().newApplication()
    expectError(await service().token(other, form), 400, 400)
    const again = (await request(application, account)).body
    const done = expectStatus(
      await service().post(`${again.href}${query}`, { password: `${NEW_PASSWORD}-1` }),
      200,
    ).body
    const granted = expectStatus(await service().token(application, { ...form, ticket: done.loginTicket }), 200).body
    expect(granted.access_token).toEqual(expect.any(String))
  })

  test('REST-M7 an unknown or used token does not exist', async () => {
    const { application, account } = await world(service())
    const { href } = (await request(application, account)).body
    expectStatus(await service().post(href, { password: NEW_PASSWORD }), 200)
    const wrong = href.slice(0, -1) + (href.endsWith('A') ? 'B' : 'A')
    for (const token of [href, wrong, `${application.passwordResetTokens.href}/nonsense`]) {
      const text = { message: UNKNOWN_REQUEST, developerMessage: UNKNOWN_REQUEST }
      expectError(await service().get(token), 404, 404, text)
      expectError(await service().post(token, { password: PASSWORD }), 404, 404, text)
    }
  })

  test('REST-M8 the new password is set, the address is verified, and a mail confirms it', async () => {
    const { application, account } = await world(service())
    const { href } = (await request(application, account)).body
    const answer = expectStatus(await service().post(`${href}?expand=account`, { password: NEW_PASSWORD }), 200)
    expect(answer.body.account).toMatchObject({ href: account.href, emailVerificationStatus: 'VERIFIED' })
    expectError(await service().login(application, account.email, PASSWORD), 400, 7100)
    expectStatus(await service().login(application, account.email, NEW_PASSWORD), 200)
    const mail = await service().mailTo(account.email)
    expect(mail).toMatchObject({ subject: 'Your password has been changed', links: [] })
  })

  test('REST-M8 without expansion the answer links to the account, and without its policy no mail confirms', async () => {
    const { application, directory, account } = await world(service())
    await service().update(directory.passwordPolicy.href, { resetSuccessEmailStatus: 'DISABLED' })
    const { href } = (await request(application, account)).body
    const answer = expectStatus(await service().post(href, { password: NEW_PASSWORD }), 200)
    expect(answer.body.account).toEqual(link(account))
    expect(await service().mailsTo(account.email)).toHaveLength(1)
  })

  test('REST-M8 a password that the rules refuse leaves the token as it is', async () => {
    const { application, account } = await world(service())
    const { href } = (await request(application, account)).body
    expectError(await service().post(href, { password: 'short' }), 400, 2007)
    expectError(await service().post(href, {}), 400, 2000)
    expectStatus(await service().post(href, { password: NEW_PASSWORD }), 200)
  })

  test('REST-M9 a token is good for as many hours as the policy says', async () => {
    const { application, directory, account } = await world(service())
    await service().update(directory.passwordPolicy.href, { resetTokenTtl: 2 })
    const { href } = (await request(application, account)).body
    service().clock.advance(2 * HOUR - 1)
    expectStatus(await service().get(href), 200)
    service().clock.advance(1)
    expectError(await service().get(href), 404, 404)
    expectError(await service().post(href, { password: NEW_PASSWORD }), 404, 404)
  })

  test('REST-M10 an account store bounds the look-up, by href or by the nameKey of an organization', async () => {
    const { application, directory, account } = await world(service())
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory)
    await service().newMapping(application, organization)
    const other = await service().newDirectory()
    await service().newMapping(application, other)
    for (const accountStore of [link(directory), link(organization), { nameKey: organization.nameKey }]) {
      expect((await request(application, account, { accountStore })).body.account).toEqual(link(account))
    }
    service().clock.advance(AFTER_LIMITS)
    expectError(await request(application, account, { accountStore: link(other) }), 400, 2016)
    const unmapped = await service().newDirectory()
    expectError(await request(application, account, { accountStore: link(unmapped) }), 400, 5114)
  })

  test('REST-M11 where resets are off there is no token and no mail', async () => {
    const { application, directory, account } = await world(service())
    await service().update(directory.passwordPolicy.href, { resetEmailStatus: 'DISABLED' })
    expectError(await request(application, account), 400, 400)
    expect(await service().mailsTo(account.email)).toEqual([])
  })

  test('GOAL-K7 what is disabled gets no token, and one that it has is worth nothing', async () => {
    const { application, directory, account } = await world(service())
    for (const resource of [account, directory, application]) {
      service().clock.advance(AFTER_LIMITS)
      const { href } = (await request(application, account)).body
      await service().update(resource.href, { status: 'DISABLED' })
      expectError(await request(application, account), 400, 2016)
      expectError(await service().get(href), 404, 404)
      expectError(await service().post(href, { password: NEW_PASSWORD }), 404, 404)
      await service().update(resource.href, { status: 'ENABLED' })
    }
  })

  test('GOAL-I9 ATTACK-E6 the newest link alone works, and none after the address or the password changed', async () => {
    const { application, account } = await world(service())
    const first = (await request(application, account)).body.href
    const second = (await request(application, account)).body.href
    expectError(await service().get(first), 404, 404)
    expectStatus(await service().get(second), 200)
    await service().update(account.href, { password: NEW_PASSWORD })
    expectError(await service().post(second, { password: PASSWORD }), 404, 404)
    const third = (await request(application, account)).body.href
    await service().update(account.href, { email: `new-${account.email}` })
    expectError(await service().post(third, { password: PASSWORD }), 404, 404)
  })

  test('REST-A10 a token is of one application and one tenant', async () => {
    const { application, directory, account } = await world(service())
    const { href } = (await request(application, account)).body
    const other = await service().newApplication()
    await service().newMapping(other, directory)
    const elsewhere = `${other.passwordResetTokens.href}/${idOf({ href })}`
    expectError(await service().post(elsewhere, { password: NEW_PASSWORD }), 404, 404)
    const stranger = await service().secondTenant()
    expectNotFound(await stranger.get(href))
    expectNotFound(await stranger.post(href, { password: NEW_PASSWORD }))
    const theirs = await stranger.newApplication()
    expectError(await stranger.get(`${theirs.passwordResetTokens.href}/${idOf({ href })}`), 404, 404)
    expectStatus(await service().get(href), 200)
  })

  test('REST-M8 an account that waited for verification is enabled: its owner has followed a mailed link', async () => {
    const { application, directory } = await world(service())
    await service().update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
    const account = await service().newAccount(directory)
    const { href } = (await request(application, account)).body
    await service().post(href, { password: NEW_PASSWORD })
    expect(await service().read(account.href)).toMatchObject({ status: 'ENABLED', emailVerificationToken: null })
  })

  const request = (application: Json, { email }: { email: string }, more = {}) =>
    service().post(application.passwordResetTokens.href, { email, ...more })
})

async function world(service: Service): Promise<{ application: Json; directory: Json; account: Json }> {
  const { application, directory } = await service.newApplicationWithDirectory()
  return { application, directory, account: await service.newAccount(directory) }
}
