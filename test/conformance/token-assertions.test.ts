import { expect, test } from 'vitest'
import { mint } from '../support/assertion.ts'
import { describeConformance, expectError, expectStatus, type Json, type Service } from './harness.ts'

const GRANTS = ['stormpath_token', 'id_site_token']

async function site(service: Service) {
  const { application, directory } = await service.newApplicationWithDirectory()
  return { application, directory, account: await service.newAccount(directory) }
}

/** What an application says of somebody who logged in with it, as Node and Ruby applications do. */
const claimsOf = (service: Service, application: Json, account: Json, more: object = {}) => ({
  sub: account.href,
  iat: service.clock.now() / 1000,
  iss: application.href,
  status: 'AUTHENTICATED',
  aud: service.key.id,
  ...more,
})

describeConformance('The assertion grant', (service) => {
  const grant = (application: Json, token: string, more: Record<string, string> = {}) =>
    service().token(application, { grant_type: 'stormpath_token', token, ...more })
  const minted = (application: Json, account: Json, more: object = {}) =>
    mint(claimsOf(service(), application, account, more), service().key.secret)

  test.each(GRANTS)('REST-P6 TRAP-T15 TRAP-T31 %s takes what an application signed itself', async (grant_type) => {
    const { application, account } = await site(service())
    for (const status of ['AUTHENTICATED', 'REGISTERED']) {
      const token = minted(application, account, { status })
      const { body } = expectStatus(await service().token(application, { grant_type, token }), 200)
      expect(body).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) })
      expect((await service().read(body.stormpath_access_token_href)).account.href).toBe(account.href)
    }
  })

  test('REST-P6 an assertion is good once, whatever of jti and exp it has', async () => {
    const { application, account } = await site(service())
    const seconds = service().clock.now() / 1000
    for (const more of [{ jti: 'once', exp: seconds + 60 }, {}]) {
      const token = minted(application, account, { ...more, iat: seconds - 1 })
      expectStatus(await grant(application, token), 200)
      expectError(await grant(application, token), 400, 10017)
    }
  })

  test('REST-P6 one of 64 that come at once gets tokens', async () => {
    const { application, account } = await site(service())
    const token = minted(application, account, { jti: 'at once' })
    const answers = await Promise.all(Array.from({ length: 64 }, () => grant(application, token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('REST-P6 its refusals have their codes', async () => {
    const { application, account } = await site(service())
    const other = await service().newApplication()
    const seconds = service().clock.now() / 1000
    const code = async (expected: number, more: object) =>
      expect(expectError(await grant(application, minted(application, account, more)), 400, expected).body.error).toBe(
        'invalid_grant',
      )
    await code(12002, { status: 'LOGOUT' })
    await code(12002, { status: undefined })
    await code(10011, { exp: seconds - 1 })
    await code(10011, { iat: seconds - 301 })
    await code(10012, { iat: seconds + 120 })
    await code(10014, { iss: other.href })
    await code(10017, { aud: 'ANOTHERKEY' })
    await code(10017, { sub: application.href })
    const wrong = mint(claimsOf(service(), application, account), 'another secret')
    expectError(await grant(application, wrong), 400, 10017)
    expectError(await grant(application, 'no.jwt.atall'), 400, 10017)
    expectError(await service().token(application, { grant_type: 'stormpath_token' }), 400, 2000, {
      developerMessage: expect.stringContaining('token parameter is required'),
    })
  })

  test('REST-P6 whoever may not log in gets none', async () => {
    const { application, directory, account } = await site(service())
    await service().update(account.href, { status: 'DISABLED' })
    expectError(await grant(application, minted(application, account)), 400, 10010)
    await service().update(account.href, { status: 'ENABLED' })
    const outside = await service().newAccount(await service().newDirectory())
    expectError(await grant(application, minted(application, outside)), 400, 10016)
    await service().update(directory.href, { status: 'DISABLED' })
    expectError(await grant(application, minted(application, account)), 400, 10016)
  })

  test('REST-P6 a named organization is in the token', async () => {
    const { application, directory, account } = await site(service())
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory)
    await service().newMapping(application, organization)
    const more = { organizationNameKey: organization.nameKey }
    const { body } = expectStatus(await grant(application, minted(application, account), more), 200)
    expect((await service().read(body.stormpath_access_token_href)).expandedJwt.claims.org).toBe(organization.href)
  })
})
