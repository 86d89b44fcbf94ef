import { expect, test } from 'vitest'
import {
  type Answer,
  describeConformance,
  expectError,
  expectStatus,
  idOf,
  type Json,
  link,
  PASSWORD,
} from './harness.ts'

const claimsOf = (jwt: string): Json => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
const TIMES = 64

describeConformance(
  'Grants',
  (service) => {
    const old = () => service().way.preset === 'stormpath'

    test('REST-P1 REST-E8-oauthpolicy an application has a policy from its creation, with the defaults of the preset', async () => {
      const application = await service().newApplication()
      const policy = await service().read(application.oAuthPolicy.href)
      expect(policy).toMatchObject({
        href: `${service().baseUrl}/oAuthPolicies/${idOf(application)}`,
        accessTokenTtl: old() ? 'PT1H' : 'PT15M',
        refreshTokenTtl: 'P60D',
        tokenSignature: old() ? 'API_KEY' : 'APPLICATION_KEY',
        refreshTokenRotation: old() ? 'DISABLED' : 'ENABLED',
        passwordGrant: old() ? 'ENABLED' : 'DISABLED',
        tokenEndpoint: { href: `${application.href}/oauth/token` },
        revocationEndpoint: { href: `${application.href}/oauth/revoke` },
        application: link(application),
        tenant: link(service().tenant),
      })
      expect((await service().read(`${application.href}?expand=oAuthPolicy`)).oAuthPolicy).toEqual(policy)
    })

    test('REST-P1 lifetimes come back as written, and count', async () => {
      const { application, account } = await newLogin()
      const values = { accessTokenTtl: 'PT30M', refreshTokenTtl: 'P1DT12H' }
      expect(await service().update(application.oAuthPolicy.href, values)).toMatchObject(values)
      const granted = await service().grantByPassword(application, account.username)
      expect(granted.expires_in).toBe(1800)
      const { iat, exp } = claimsOf(granted.refresh_token)
      expect(exp - iat).toBe(36 * 3600)
    })

    test.each([
      ['accessTokenTtl', 'PT0S'],
      ['accessTokenTtl', 'P11Y'],
      ['accessTokenTtl', 'PT0.5S'],
      ['accessTokenTtl', 'an hour'],
      ['refreshTokenTtl', 'P10Y1D'],
      ['refreshTokenTtl', '-P1D'],
    ])('REST-P1 %s of %s is refused', async (name, value) => {
      const { oAuthPolicy } = await service().newApplication()
      expectError(await service().post(oAuthPolicy.href, { [name]: value }), 400, 2002)
    })

    test('REST-P1 lifetimes go from a second to ten years', async () => {
      const { oAuthPolicy } = await service().newApplication()
      for (const value of ['PT1S', 'P10Y']) {
        expect((await service().update(oAuthPolicy.href, { accessTokenTtl: value })).accessTokenTtl).toBe(value)
      }
    })

    test.each(['PT0M', 'PT0S'])('REST-P9 a refresh token lifetime of %s gives none', async (refreshTokenTtl) => {
      const { application, account } = await newLogin()
      await service().update(application.oAuthPolicy.href, { refreshTokenTtl })
      const granted = await service().grantByPassword(application, account.username)
      expect(granted).not.toHaveProperty('refresh_token')
      expect(claimsOf(granted.access_token)).not.toHaveProperty('rti')
    })

    test('the password grant is refused where the policy switches it off', async () => {
      const { application, account } = await newLogin()
      await service().update(application.oAuthPolicy.href, { passwordGrant: 'DISABLED' })
      const form = { grant_type: 'password', username: account.username, password: PASSWORD }
      const answer = await service().token(application, form)
      expect(expectError(answer, 400, 400).body.error).toBe('unauthorized_client')
    })

    test('REST-P3 TRAP-T15 a store is named by its href, an organization by either name of its key', async () => {
      const { application, directory, account } = await newLogin()
      const organization = await service().newOrganization()
      await service().newOrganizationMapping(organization, directory)
      await service().newMapping(application, organization)
      const targets = [
        { accountStore: organization.href },
        { nameKey: organization.nameKey },
        { organizationNameKey: organization.nameKey },
      ]
      for (const target of targets) {
        const granted = await service().grantByPassword(application, account.username, PASSWORD, target)
        expect(claimsOf(granted.access_token).org).toBe(organization.href)
        const refreshed = await refresh(application, granted.refresh_token)
        expect(claimsOf(refreshed.access_token).org).toBe(organization.href)
      }
      const inDirectory = { accountStore: directory.href }
      const granted = await service().grantByPassword(application, account.username, PASSWORD, inDirectory)
      expect(claimsOf(granted.access_token)).not.toHaveProperty('org')
      const elsewhere = { accountStore: (await service().newDirectory()).href }
      const form = { grant_type: 'password', username: account.username, password: PASSWORD }
      expectError(await service().token(application, { ...form, ...elsewhere }), 400, 5114)
      expectError(await service().token(application, { ...form, accountStore: application.href }), 400, 2002)
    })

    test('REST-P2 parameters may stand in the query, and one given twice is refused', async () => {
      const { application, account } = await newLogin()
      const query = new URLSearchParams({ grant_type: 'password', username: account.email, password: PASSWORD })
      expectStatus(await service().post(`${application.href}/oauth/token?${query}`), 200)
      const answer = await service().token(application, { grant_type: 'password', username: 'other' }, `token?${query}`)
      expectError(answer, 400, 2102)
      expectError(await service().post(`${application.href}/oauth/token`, { grant_type: 'password' }), 415, 1101)
    })

    test.each([
      ['client_id', 'client_secret'],
      ['apiKeyId', 'apiKeySecret'],
    ])('REST-P5 TRAP-T15 an API key of an account gets an access token, alone, as %s', async (id, secret) => {
      const { application, account } = await newLogin()
      const key = await service().newApiKey(account)
      const form = { grant_type: 'client_credentials', [id]: key.id, [secret]: key.secret }
      const { body } = expectStatus(await service().token(application, form), 200)
      expect(body).not.toHaveProperty('refresh_token')
      expect(claimsOf(body.access_token)).toMatchObject({ sub: account.href, iss: application.href })
      expect(claimsOf(body.access_token)).not.toHaveProperty('rti')
    })

    test('REST-P5 a wrong pair, a disabled key and a stranger’s are 10019', async () => {
      const { application, account } = await newLogin()
      const key = await service().newApiKey(account)
      const ask = (id: string, secret: string) =>
        service().token(application, { grant_type: 'client_credentials', client_id: id, client_secret: secret })
      for (const [id, secret] of [
        [key.id, 'wrong'],
        ['UNKNOWN', key.secret],
        ["' or 1=1 --", key.secret],
      ] as const) {
        expect(expectError(await ask(id, secret), 400, 10019).body.error).toBe('invalid_client')
      }
      const outsider = await service().newApiKey(await service().newAccount(await service().newDirectory()))
      expectError(await ask(outsider.id, outsider.secret), 400, 10016)
      const { key: foreign } = await service().secondTenant()
      expectError(await ask(foreign.id, foreign.secret), 400, 10019)
      await service().update(key.href, { status: 'DISABLED' })
      expectError(await ask(key.id, key.secret), 400, 10019)
      await service().update(key.href, { status: 'ENABLED' })
      await service().update(account.href, { status: 'DISABLED' })
      expectError(await ask(key.id, key.secret), 400, 10010)
    })

    test('REST-P4 TRAP-T12 without rotation the refresh token stays the same, to the letter', async () => {
      const { application, account } = await newLogin('DISABLED')
      const granted = await service().grantByPassword(application, account.username)
      service().clock.advance(5000)
      for (let times = 0; times < 3; times++) {
        const refreshed = await refresh(application, granted.refresh_token)
        expect(refreshed.refresh_token).toBe(granted.refresh_token)
        expect(claimsOf(refreshed.access_token).rti).toBe(claimsOf(granted.access_token).rti)
      }
    })

    test('ATTACK-A2 GOAL-D3 with rotation sixty-four at once get the same successor', async () => {
      const { application, account } = await newLogin('ENABLED')
      const granted = await service().grantByPassword(application, account.username)
      const answers = await Promise.all(
        Array.from({ length: TIMES }, () => tryRefresh(application, granted.refresh_token)),
      )
      const bodies = answers.map((answer) => expectStatus(answer, 200).body)
      const successors = new Set(bodies.map(({ refresh_token }) => refresh_token))
      expect(successors.size).toBe(1)
      expect(successors.has(granted.refresh_token)).toBe(false)
      expect((await service().read(account.refreshTokens.href)).size).toBe(1)
      expect((await service().read(account.sessions.href)).size).toBe(1)
    })

    test('ATTACK-A3 an old refresh token gets its successor for twenty seconds, and ends the session afterwards', async () => {
      const { application, account } = await newLogin('ENABLED')
      const other = await service().grantByPassword(application, account.username)
      const first = await service().grantByPassword(application, account.username)
      const second = await refresh(application, first.refresh_token)
      service().clock.advance(19_999)
      const again = await refresh(application, first.refresh_token)
      expect(again.refresh_token).toBe(second.refresh_token)
      service().clock.advance(1)
      expectError(await tryRefresh(application, first.refresh_token), 400, 10013)
      for (const token of [second.refresh_token, again.refresh_token]) {
        expectError(await tryRefresh(application, token), 400, 10013)
      }
      expect(await isActive(application, second.access_token)).toBe(false)
      // the other device stays logged in
      expectStatus(await tryRefresh(application, other.refresh_token), 200)
      expect(await eventTypes()).toContain('refreshToken.reused')
    })

    test('ATTACK-A3 once the successor has been used, the old one ends the session at once', async () => {
      const { application, account } = await newLogin('ENABLED')
      const first = await service().grantByPassword(application, account.username)
      const second = await refresh(application, first.refresh_token)
      const third = await refresh(application, second.refresh_token)
      expectError(await tryRefresh(application, first.refresh_token), 400, 10013)
      expectError(await tryRefresh(application, third.refresh_token), 400, 10013)
      expect((await service().read(account.sessions.href)).size).toBe(0)
    })

    test('GOAL-D3 of renewals and a revocation at once, none survives the revocation', async () => {
      const { application, account } = await newLogin('ENABLED')
      const granted = await service().grantByPassword(application, account.username)
      const refreshes = Array.from({ length: 20 }, () => tryRefresh(application, granted.refresh_token))
      const revoked = service().token(application, { token: granted.access_token }, 'revoke')
      const answers = await Promise.all(refreshes)
      expectStatus(await revoked, 200)
      for (const { status, body } of answers) {
        if (status !== 200) continue
        expect(await isActive(application, body.access_token)).toBe(false)
        expectError(await tryRefresh(application, body.refresh_token), 400, 10013)
      }
      expect((await service().read(account.refreshTokens.href)).size).toBe(0)
    })

    test('a refresh token is not longer-lived for being renewed', async () => {
      const { application, account } = await newLogin('ENABLED')
      const granted = await service().grantByPassword(application, account.username)
      service().clock.advance(3600_000)
      const renewed = await refresh(application, granted.refresh_token)
      expect(claimsOf(renewed.refresh_token).exp).toBe(claimsOf(granted.refresh_token).exp)
    })

    test('GOAL-J2 an access token is no refresh token', async () => {
      const { application, account } = await newLogin()
      const granted = await service().grantByPassword(application, account.username)
      const answer = await tryRefresh(application, granted.access_token)
      expect(expectError(answer, 400, 10017).body.error).toBe('invalid_grant')
    })

    test('a log-in brings a ticket only when asked, good once and for thirty seconds', async () => {
      const { application, account } = await newLogin()
      expect((await service().login(application, account.email, PASSWORD)).body).toEqual({ account: link(account) })
      const { body } = await service().login(
        application,
        account.email,
        PASSWORD,
        {},
        '?loginTicket=true&expand=account',
      )
      expect(body.account.email).toBe(account.email)
      const granted = expectStatus(await redeem(application, body.loginTicket), 200).body
      expect(claimsOf(granted.access_token).sub).toBe(account.href)
      expect(expectError(await redeem(application, body.loginTicket), 400, 400).body.error).toBe('invalid_grant')
      const late = await ticket(application, account)
      service().clock.advance(30_000)
      expectError(await redeem(application, late), 400, 400)
    })

    test('GOAL-D4 of sixty-four who show a ticket at once one gets tokens', async () => {
      const { application, account } = await newLogin()
      const one = await ticket(application, account)
      const answers = await Promise.all(Array.from({ length: TIMES }, () => redeem(application, one)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 400 || status === 503)).toHaveLength(TIMES - 1)
    })

    test('ATTACK-G1 a ticket is worth nothing after a change of password or status', async () => {
      const { application, account } = await newLogin()
      const one = await ticket(application, account)
      service().clock.advance(1)
      await service().update(account.href, { password: `${PASSWORD}-new` })
      expectError(await redeem(application, one), 400, 400)
      await service().update(account.href, { password: PASSWORD })
      const two = await ticket(application, account)
      await service().update(account.href, { status: 'DISABLED' })
      expectError(await redeem(application, two), 400, 7101)
    })

    test('GOAL-D3 without rotation sixty-four at once are served too, and the refresh token stays', async () => {
      const { application, account } = await newLogin('DISABLED')
      const granted = await service().grantByPassword(application, account.username)
      const answers = await Promise.all(
        Array.from({ length: TIMES }, () => tryRefresh(application, granted.refresh_token)),
      )
      for (const answer of answers) {
        expect(expectStatus(answer, 200).body.refresh_token).toBe(granted.refresh_token)
        expect(await isActive(application, answer.body.access_token)).toBe(true)
      }
    })

    test('WEB-W60 REST-P12 a refresh token that is deleted takes its session along, and no other', async () => {
      const { application, account } = await newLogin()
      const kept = await service().grantByPassword(application, account.username)
      const granted = await service().grantByPassword(application, account.username)
      expect((await service().read(account.sessions.href)).size).toBe(2)
      await service().remove(`/refreshTokens/${claimsOf(granted.refresh_token).jti}`)
      const { items } = await service().read(account.sessions.href)
      expect(items.map(idOf)).toEqual([claimsOf(kept.access_token).sid])
      expect(await isActive(application, granted.access_token)).toBe(false)
      expect(await isActive(application, kept.access_token)).toBe(true)
      expectError(await tryRefresh(application, granted.refresh_token), 400, 10013)
    })

    test('WEB-W62 a ticket may ask for a shorter session: it ends, and no token of it lasts longer', async () => {
      const { application, account } = await newLogin()
      const one = await ticket(application, account)
      const form = { session_lifetime: '7200' }
      const granted = expectStatus(await redeem(application, one, form), 200).body
      const { iat, exp, sid } = claimsOf(granted.refresh_token)
      expect(exp - iat).toBe(7200)
      service().clock.advance(7000_000)
      const renewed = await refresh(application, granted.refresh_token)
      expect(claimsOf(renewed.refresh_token)).toMatchObject({ exp, sid })
      expect(claimsOf(renewed.access_token).exp).toBe(exp)
      service().clock.advance(201_000)
      expectError(await tryRefresh(application, renewed.refresh_token), 400, 10011)
      expect(await isActive(application, renewed.access_token)).toBe(false)
      expect((await service().read(account.sessions.href)).size).toBe(0)

      // never longer than the policy says
      await service().update(application.oAuthPolicy.href, { refreshTokenTtl: 'PT1H' })
      const long = expectStatus(await redeem(application, await ticket(application, account), form), 200).body
      expect(claimsOf(long.refresh_token).exp - claimsOf(long.refresh_token).iat).toBe(3600)
    })

    test('WEB-W62 a session that is not used ends after its idle time, one that is used does not', async () => {
      const { application, account } = await newLogin()
      const form = { session_idle: '1200' }
      let granted = expectStatus(await redeem(application, await ticket(application, account), form), 200).body
      const first = claimsOf(granted.access_token)
      expect(first.exp - first.iat).toBe(300)
      for (let times = 0; times < 5; times++) {
        service().clock.advance(1199_000)
        granted = await refresh(application, granted.refresh_token)
        expect(claimsOf(granted.access_token).sid).toBe(first.sid)
      }
      expect((await service().read(account.sessions.href)).size).toBe(1)
      service().clock.advance(1200_000)
      expect((await service().read(account.sessions.href)).size).toBe(0)
      expectError(await tryRefresh(application, granted.refresh_token), 400, 10013)
      expect(await isActive(application, granted.access_token)).toBe(false)
      expectError(await tryRefresh(application, granted.refresh_token), 400, 10013)
    })

    test.each([
      ['session_lifetime', '0'],
      ['session_idle', '-5'],
      ['session_lifetime', 'PT1H'],
      ['session_idle', '1.5'],
      ['session_lifetime', '9999999999'],
    ])('WEB-W62 %s=%s is refused, and the ticket stays good', async (name, value) => {
      const { application, account } = await newLogin()
      const one = await ticket(application, account)
      expectError(await redeem(application, one, { [name]: value }), 400, 2103)
      expectStatus(await redeem(application, one), 200)
    })

    test('sessions tell device and use, and end one by one', async () => {
      const { application, account } = await newLogin()
      const headers = { 'x-latchkey-user-agent': 'Firefox on a train' }
      const form = { grant_type: 'password', username: account.email, password: PASSWORD }
      const granted = expectStatus(await service().token(application, form, 'token', { headers }), 200).body
      const at = service().clock.now()
      service().clock.advance(1000)
      await refresh(application, granted.refresh_token)
      const { items } = await service().read(account.sessions.href)
      expect(items).toHaveLength(1)
      expect(items[0]).toMatchObject({
        userAgent: 'Firefox on a train',
        createdAt: new Date(at).toISOString(),
        lastUsedAt: new Date(at + 1000).toISOString(),
        account: link(account),
        application: link(application),
      })
      expect(claimsOf(granted.access_token).sid).toBe(idOf(items[0]))
      await service().remove(items[0].href)
      expect(await isActive(application, granted.access_token)).toBe(false)
    })

    async function newLogin(refreshTokenRotation?: string) {
      const { application, directory } = await service().newApplicationWithDirectory()
      const values = { passwordGrant: 'ENABLED', ...(refreshTokenRotation && { refreshTokenRotation }) }
      await service().update(application.oAuthPolicy.href, values)
      return { application, directory, account: await service().newAccount(directory) }
    }

    const tryRefresh = (application: Json, refresh_token: string): Promise<Answer> =>
      service().token(application, { grant_type: 'refresh_token', refresh_token })
    const refresh = async (application: Json, token: string): Promise<Json> =>
      expectStatus(await tryRefresh(application, token), 200).body
    const redeem = (application: Json, ticket: string, more: Record<string, string> = {}) =>
      service().token(application, { grant_type: 'urn:latchkey:grant:login-ticket', ticket, ...more })
    const ticket = async (application: Json, account: Json): Promise<string> =>
      (await service().login(application, account.email, PASSWORD, {}, '?loginTicket=true')).body.loginTicket
    const isActive = async (application: Json, token: string): Promise<boolean> =>
      (await service().token(application, { token }, 'introspect')).body.active

    async function eventTypes(): Promise<string[]> {
      const { store } = service().app.engine.services
      const types: string[] = []
      for (let after = 0; ; ) {
        const events = await store.events(idOf(service().tenant), after, 1000)
        const last = events.at(-1)
        if (!last) return types
        after = last.position
        types.push(...events.map(({ event }) => event.type))
      }
    }
  },
  { presets: ['modern', 'stormpath'] },
)
