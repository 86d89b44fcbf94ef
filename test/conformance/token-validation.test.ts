import { createHmac, createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  type Answer,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  idOf,
  type Json,
  type KeyPair,
  link,
  PASSWORD,
} from './harness.ts'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part = ''): Json => JSON.parse(Buffer.from(part, 'base64url').toString())
const claimsOf = (jwt: string) => decode(jwt.split('.')[1])
const headerOf = (jwt: string) => decode(jwt.split('.')[0])

/** A JWT as an old client makes it itself. */
function mint(
  { id, secret }: KeyPair,
  claims: object,
  header: object = { kid: id, stt: 'access', alg: 'HS256' },
): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

describeConformance(
  'Validation, revocation and sessions',
  (service) => {
    const old = () => service().way.preset === 'stormpath'

    test('REST-P11 REST-P19 TRAP-T12 a token is verified locally: by the secret of the key that asked, or by the JWK set', async () => {
      const { application, granted } = await logIn()
      const jwt = granted.access_token as string
      const { kid, alg } = headerOf(jwt)
      const signed = jwt.slice(0, jwt.lastIndexOf('.'))
      const signature = jwt.slice(jwt.lastIndexOf('.') + 1)
      if (old()) {
        expect({ kid, alg }).toEqual({ kid: service().key.id, alg: 'HS256' })
        expect(createHmac('sha256', service().key.secret).update(signed).digest('base64url')).toBe(signature)
      } else {
        const answer = await service().get(`${application.href}/oauth/jwks`, { auth: null })
        expectStatus(answer, 200)
        expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/)
        const jwk = answer.body.keys.find((key: Json) => key.kid === kid)
        const key = createPublicKey({ key: jwk, format: 'jwk' })
        expect(verify(null, Buffer.from(signed), key, Buffer.from(signature, 'base64url'))).toBe(true)
        expect(answer.text).not.toContain('"d"')
      }
    })

    test('REST-P11 a key whose id the operator chose, hyphens and all, verifies what it signed', async () => {
      expect(service().key.id).toMatch(/-.*_/)
      const { application, granted } = await logIn()
      if (old()) expect(headerOf(granted.access_token).kid).toBe(service().key.id)
      expectStatus(await validate(application, granted.access_token), 302)
      expect(await refresh(application, granted.refresh_token)).toHaveProperty('access_token')
    })

    test('REST-P13 a token that holds leads to its resource, with the query', async () => {
      const { application, granted } = await logIn()
      const answer = await validate(application, granted.access_token, '?expand=account')
      expectStatus(answer, 302)
      expect(answer.headers.get('location')).toBe(`${granted.stormpath_access_token_href}?expand=account`)
    })

    test('TRAP-T13 a refresh token leads to its own resource', async () => {
      const { application, granted } = await logIn()
      const answer = expectStatus(await validate(application, granted.refresh_token), 302)
      const { jti } = claimsOf(granted.refresh_token)
      expect(answer.headers.get('location')).toBe(`${service().baseUrl}/refreshTokens/${jti}`)
    })

    test('REST-P13 TRAP-T13 a changed token is 10017, another application’s 10014, an ended one 10011', async () => {
      const { application, granted } = await logIn()
      const [header, claims, signature = ''] = granted.access_token.split('.')
      const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
      for (const bad of [`${header}.${claims}.${flipped}`, 'no.jwt.atall', 'x', `${header}.${claims}.`]) {
        expectError(await validate(application, bad), 400, 10017)
      }
      const other = await logIn()
      expectError(await validate(other.application, granted.access_token), 400, 10014)
      service().clock.advance((old() ? 3600 : 900) * 1000)
      expectError(await validate(application, granted.access_token), 400, 10011)
      expectNotFound(await service().get(granted.stormpath_access_token_href))
    })

    test('REST-P13 TRAP-T31 a token of the future is 10012, within a minute it is a difference of clocks', async () => {
      const { application, account } = await logIn()
      const claims = (iat: number) => ({
        jti: 'nothing',
        iat: service().clock.now() / 1000 + iat,
        iss: application.href,
        sub: account.href,
        exp: service().clock.now() / 1000 + 3600,
      })
      expectError(await validate(application, mint(service().key, claims(120))), 400, 10012)
      expectError(await validate(application, mint(service().key, claims(30.5))), 400, 10013)
    })

    test('REST-P13 REST-P15 a deleted access token is 10013, and its refresh token stays', async () => {
      const { application, granted } = await logIn()
      await service().remove(granted.stormpath_access_token_href)
      expectError(await validate(application, granted.access_token), 400, 10013, {
        developerMessage: expect.stringMatching(/^Token does not exist\./),
      })
      expectStatus(await validate(application, granted.refresh_token), 302)
      await refresh(application, granted.refresh_token)
    })

    test('REST-P12 WEB-W60 a deleted refresh token is 10013, and its access token with it: the session is over', async () => {
      const { application, account, granted } = await logIn()
      const [token] = (await service().read(account.refreshTokens.href)).items
      await service().remove(token.href)
      expectError(await tryRefresh(application, granted.refresh_token), 400, 10013)
      expectError(await validate(application, granted.access_token), 400, 10013)
    })

    test('REST-P12 the tokens of an account are listed by application', async () => {
      const { application, directory, account } = await logIn()
      const second = await service().newApplication()
      await service().update(second.oAuthPolicy.href, { passwordGrant: 'ENABLED' })
      await service().newMapping(second, directory)
      await service().grantByPassword(second, account.username)
      for (const name of ['accessTokens', 'refreshTokens', 'sessions']) {
        expect((await service().read(account[name].href)).size).toBe(2)
        const { items } = await service().read(`${account[name].href}?application.href=${application.href}`)
        expect(items.map((item: Json) => item.application)).toEqual([link(application)])
      }
      expectError(await service().get(`${account.accessTokens.href}?application.href=nothing`), 400, 2103)
    })

    test('REST-P14 GOAL-K7 a token ends with its account, its application, and the way between them, and comes back with it', async () => {
      const { application, directory, account, granted, mapping } = await logIn()
      const status = (status: string) => ({ status })
      const cases: [href: string, code: number][] = [
        [account.href, 10010],
        [application.href, 10015],
        [directory.href, 10016],
      ]
      for (const [href, code] of cases) {
        await service().update(href, status('DISABLED'))
        expectError(await validate(application, granted.access_token), 400, code)
        expectError(await tryRefresh(application, granted.refresh_token), 400, code)
        expect((await introspect(application, granted.access_token)).active).toBe(false)
        await service().update(href, status('ENABLED'))
        expectStatus(await validate(application, granted.access_token), 302)
      }
      await service().remove(mapping.href)
      expectError(await validate(application, granted.access_token), 400, 10016)
    })

    test('REST-P14 ATTACK-G7 a new password ends all sessions', async () => {
      const { application, account, granted } = await logIn()
      await service().update(account.href, { givenName: 'Grace' })
      expectStatus(await validate(application, granted.access_token), 302)
      await service().update(account.href, { password: `${PASSWORD}-new` })
      expectError(await validate(application, granted.access_token), 400, 10013)
      expectError(await tryRefresh(application, granted.refresh_token), 400, 10013)
      expect((await service().read(account.sessions.href)).size).toBe(0)
    })

    test('ATTACK-G2 REST-K13 tokens end with a deleted account and a deleted application', async () => {
      const one = await logIn()
      await service().remove(one.account.href)
      expectError(await validate(one.application, one.granted.access_token), 400, 10013)
      const two = await logIn()
      await service().remove(two.application.href)
      expectNotFound(await service().get(two.granted.stormpath_access_token_href))
      expect((await service().read(two.account.sessions.href)).size).toBe(0)
    })

    test.each(['refresh_token', 'access_token'])(
      'REST-P16 TRAP-T14 revoking the %s ends its whole family and no other',
      async (kind) => {
        const { application, account, granted } = await logIn()
        const other = await service().grantByPassword(application, account.username)
        const renewed = await refresh(application, granted.refresh_token)
        const answer = expectStatus(await revoke(application, { token: renewed[kind] }), 200)
        expect(answer.text).toBe('')
        for (const token of [granted.access_token, renewed.access_token, renewed.refresh_token]) {
          expectError(await validate(application, token), 400, 10013)
        }
        expectNotFound(await service().get(renewed.stormpath_access_token_href))
        expectStatus(await validate(application, other.access_token), 302)
        expectStatus(await validate(application, other.refresh_token), 302)
        expectStatus(await revoke(application, { token: renewed[kind] }), 200)
      },
    )

    test('REST-P16 an access token without a refresh token is revoked alone', async () => {
      const { application, account } = await newLogin()
      const key = await service().newApiKey(account)
      const form = { grant_type: 'client_credentials', client_id: key.id, client_secret: key.secret }
      const one = expectStatus(await service().token(application, form), 200).body
      const two = expectStatus(await service().token(application, form), 200).body
      expectStatus(await revoke(application, { token: one.access_token, token_type_hint: 'access_token' }), 200)
      expectError(await validate(application, one.access_token), 400, 10013)
      expectStatus(await validate(application, two.access_token), 302)
    })

    test('REST-P17 garbage is passed over, and a JWT of no known kind needs a hint', async () => {
      const { application, account } = await logIn()
      const other = await logIn()
      for (const token of ['garbage', 'a.b.c', `${other.granted.access_token}x`]) {
        expectStatus(await revoke(application, { token }), 200)
      }
      expectStatus(await revoke(application, { token: other.granted.access_token }), 200)
      expectStatus(await validate(other.application, other.granted.access_token), 302)
      const claims = { jti: 'x', iat: 1, iss: application.href, sub: account.href, exp: 9e9 }
      const untyped = mint(service().key, claims, { kid: service().key.id, alg: 'HS256' })
      const answer = await revoke(application, { token: untyped })
      expect(expectError(answer, 400, 10024).body.error).toBe('unsupported_token_type')
      expectStatus(await revoke(application, { token: untyped, token_type_hint: 'refresh_token' }), 200)
      expectError(await revoke(application, { token: untyped, token_type_hint: 'other' }), 400, 2003)
      expectError(await revoke(application, {}), 400, 2000)
    })

    test('REST-P19 any administrator’s key validates, an ordinary one’s signs nothing', async () => {
      const { application, account, granted } = await logIn()
      const administrators = (await service().read('/directories?name=Stormpath%20Administrators')).items[0]
      const second = await service().newApiKey(await service().newAccount(administrators))
      const answer = await service().as(second).get(`${application.href}/authTokens/${granted.access_token}`)
      expectStatus(answer, 302)
      const ordinary = await service().newApiKey(account)
      expectError(await validate(application, mint(ordinary, claimsOf(granted.access_token))), 400, 10017)
      const resigned = mint(second, claimsOf(granted.access_token))
      const own = await validate(application, resigned)
      // What an application's own key signed is signed by no other.
      if (old()) expectStatus(own, 302)
      else expectError(own, 400, 10013)
    })

    test('a token is examined: its claims while it holds, nothing but that it does not otherwise', async () => {
      const { application, account, granted } = await logIn()
      const claims = claimsOf(granted.access_token)
      expect(await introspect(application, granted.access_token)).toEqual({
        active: true,
        token_type: 'Bearer',
        token_use: 'access',
        client_id: idOf(application),
        ...claims,
      })
      expect(await introspect(application, granted.refresh_token)).toMatchObject({ active: true, sub: account.href })
      await revoke(application, { token: granted.access_token })
      expect(await introspect(application, granted.access_token)).toEqual({ active: false })
      expect(await introspect(application, 'garbage')).toEqual({ active: false })
    })

    test('GOAL-J9 signing keys rotate: the next one is published a day before it signs, the old one stays while it must', async () => {
      const { application, account, granted } = await logIn()
      const kids = async () =>
        (await service().get(`${application.href}/oauth/jwks`, { auth: null })).body.keys.map(({ kid }: Json) => kid)
      const { engine } = service().app
      const day = 86_400_000
      const moved = 92 * day
      try {
        const before = await kids()
        expect(before).toHaveLength(1)
        service().clock.advance(89 * day)
        expect(await engine.tokens.rotateSigningKeys()).toBeGreaterThan(0)
        expect(await engine.tokens.rotateSigningKeys()).toBe(0)
        service().clock.advance(60_000)
        const published = await kids()
        expect(published).toHaveLength(2)
        const signs = async () =>
          headerOf((await service().grantByPassword(application, account.username)).access_token).kid
        if (!old()) expect(await signs()).toBe(before[0])
        service().clock.advance(3 * day - 60_000)
        if (!old()) expect(await signs()).toBe(published[1])
        await engine.services.store.removeExpired(service().clock.now(), 1000)
        // one token of the old key is left
        expect(await kids()).toHaveLength(2)
        await service().delete(`${account.sessions.href}`)
        await engine.tokens.rotateSigningKeys()
        service().clock.advance(60_000)
        expect(await kids()).toEqual([published[1]])
        expectError(await validate(application, granted.access_token), 400, old() ? 10011 : 10017)
      } finally {
        service().clock.advance(-moved - 60_000)
      }
    })

    test('signing keys are withdrawn at once with every token they signed', async () => {
      const { application, granted } = await logIn()
      const { kid } = headerOf(granted.access_token)
      expectStatus(await service().delete(`${application.href}/oauth/jwks`), 204)
      const { body } = await service().get(`${application.href}/oauth/jwks`, { auth: null })
      expect(body.keys).toHaveLength(1)
      if (old()) return
      expect(body.keys[0].kid).not.toBe(kid)
      expectError(await validate(application, granted.access_token), 400, 10017)
    })

    test('what has ended is taken away in the background, a bounded number at a time', async () => {
      const { application, account } = await logIn()
      for (let times = 0; times < 3; times++) await service().grantByPassword(application, account.username)
      const { store } = service().app.engine.services
      const day = 86_400_000
      try {
        service().clock.advance(61 * day)
        for (const name of ['accessTokens', 'refreshTokens', 'sessions']) {
          expect((await service().read(account[name].href)).size).toBe(0)
        }
        let rounds = 0
        while ((await store.removeExpired(service().clock.now(), 2)) > 0) rounds++
        expect(rounds).toBeGreaterThan(1)
        const { size } = await store.list({
          resource: 'session',
          tenant: idOf(service().tenant),
          scope: { by: 'account', id: idOf(account) },
          offset: 0,
          limit: 1,
        })
        expect(size).toBe(0)
      } finally {
        service().clock.advance(-61 * day)
      }
    })

    test('ATTACK-F9 the endpoints of an application do not exist for another tenant, and ask for credentials', async () => {
      const { application, granted } = await logIn()
      const stranger = await service().secondTenant()
      const calls: ((client: typeof stranger, auth?: null) => Promise<Answer>)[] = [
        'token',
        'revoke',
        'introspect',
      ].map(
        (endpoint) => (client, auth) =>
          client.token(
            application,
            { grant_type: 'refresh_token', refresh_token: granted.refresh_token, token: granted.access_token },
            endpoint,
            auth === null ? { auth } : {},
          ),
      )
      const paths = [`/oauth/feed`, `/authTokens/${granted.access_token}`]
      for (const path of paths) {
        calls.push((client, auth) => client.get(application.href + path, auth === null ? { auth } : {}))
      }
      for (const call of calls) {
        expectNotFound(await call(stranger))
        expectError(await call(stranger, null), 401, 401)
      }
      expectStatus(await validate(application, granted.access_token), 302)
    })

    async function newLogin() {
      const directory = await service().newDirectory()
      const { href } = await service().newApplication()
      const mapping = await service().newMapping({ href }, directory)
      const application = await service().read(href)
      await service().update(application.oAuthPolicy.href, { passwordGrant: 'ENABLED' })
      return { application, directory, mapping, account: await service().newAccount(directory) }
    }

    async function logIn() {
      const made = await newLogin()
      return { ...made, granted: await service().grantByPassword(made.application, made.account.username) }
    }

    const validate = (application: Json, jwt: string, query = '') =>
      service().get(`${application.href}/authTokens/${jwt}${query}`)
    const tryRefresh = (application: Json, refresh_token: string) =>
      service().token(application, { grant_type: 'refresh_token', refresh_token })
    const refresh = async (application: Json, token: string): Promise<Json> =>
      expectStatus(await tryRefresh(application, token), 200).body
    const revoke = (application: Json, form: Record<string, string>) => service().token(application, form, 'revoke')
    const introspect = async (application: Json, token: string): Promise<Json> =>
      expectStatus(await service().token(application, { token }, 'introspect'), 200).body
  },
  { presets: ['modern', 'stormpath'] },
)
