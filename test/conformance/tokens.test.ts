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

const partsOf = (jwt: string) => {
  const [header = '', claims = ''] = jwt.split('.')
  return { header: read(header), claims: read(claims) }
}
const read = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString())

/** By both names, so that what reads one of them need not know where an answer is from. */
const expectRequestIds = ({ headers }: Answer) => {
  expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  expect(headers.get('x-request-id')).toBe(headers.get('stormpath-request-id'))
}

describeConformance(
  'Tokens',
  (service) => {
    test('REST-P2 REST-P10 a password gets an access and a refresh token', async () => {
      const { application, account } = await newLogin()
      for (const name of [account.username, account.email.toUpperCase()]) {
        const answer = await service().token(application, {
          grant_type: 'password',
          username: name,
          password: PASSWORD,
        })
        expectStatus(answer, 200)
        const { access_token, refresh_token, stormpath_access_token_href } = answer.body
        const ttl = service().way.preset === 'modern' ? 900 : 3600
        expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: ttl })
        const access = partsOf(access_token)
        const refresh = partsOf(refresh_token)
        expect(access.header).toMatchObject({ stt: 'access', kid: expect.any(String) })
        expect(refresh.header).toMatchObject({ stt: 'refresh', kid: access.header.kid, alg: access.header.alg })
        const iat = Math.floor(service().clock.now() / 1000)
        expect(access.claims).toMatchObject({
          jti: idOf({ href: stormpath_access_token_href }),
          iat,
          exp: iat + ttl,
          iss: application.href,
          sub: account.href,
          rti: refresh.claims.jti,
        })
        expect(refresh.claims).toMatchObject({ iss: application.href, sub: account.href, exp: iat + 60 * 86400 })
        expect(refresh.claims).not.toHaveProperty('rti')
      }
    })

    test('REST-P18 token answers and refusals are not kept by anything, and refusals carry error', async () => {
      const { application, account } = await newLogin()
      const right = await service().token(application, {
        grant_type: 'password',
        username: account.email,
        password: PASSWORD,
      })
      expect(right.headers.get('cache-control')).toBe('no-store')
      expectRequestIds(right)
      const wrong = await service().token(application, {
        grant_type: 'password',
        username: account.email,
        password: 'x',
      })
      expectRequestIds(wrong)
      expectRequestIds(await service().get(`${application.href}/oauth/jwks`, { auth: null }))
      expectError(wrong, 400, 7100, { message: 'Invalid username or password.' })
      expect(wrong.body.error).toBe('invalid_grant')
      expect(wrong.headers.get('cache-control')).toBe('no-store')
      const unknown = await service().token(application, { grant_type: 'password', username: 'nobody', password: 'x' })
      expect(expectError(unknown, 400, 7104).body.error).toBe('invalid_grant')
      const missing = await service().token(application, {})
      expect(expectError(missing, 400, 2000).body.error).toBe('invalid_request')
      const other = await service().token(application, { grant_type: 'urn:nobody:knows:it' })
      expect(expectError(other, 400, 400).body.error).toBe('unsupported_grant_type')
      const nobody = await service().token(application, { grant_type: 'password' }, 'token', { auth: null })
      expect(expectError(nobody, 401, 401).body.error).toBe('invalid_client')
    })

    test('REST-P4 REST-P12 a refresh token gets a new access token, and tokens are resources', async () => {
      const { application, account, granted } = await logIn()
      const refreshed = await refresh(application, granted.refresh_token)
      expect(refreshed.access_token).not.toBe(granted.access_token)
      const access = partsOf(refreshed.access_token)
      const current = partsOf(refreshed.refresh_token)
      expect(access.claims.rti).toBe(current.claims.jti)
      expect(current.claims.exp).toBe(partsOf(granted.refresh_token).claims.exp)
      const shown = await service().read(refreshed.stormpath_access_token_href)
      expect(shown).toMatchObject({
        jwt: refreshed.access_token,
        expandedJwt: { ...access, signature: refreshed.access_token.split('.')[2] },
        account: link(account),
        application: link(application),
        tenant: link(service().tenant),
      })
      const { items, size } = await service().read(account.refreshTokens.href)
      expect(size).toBe(1)
      expect(items[0].jwt).toBe(refreshed.refresh_token)
      expect((await service().read(account.accessTokens.href)).size).toBe(2)
    })

    async function newLogin() {
      const { application, directory } = await service().newApplicationWithDirectory()
      await service().update(application.oAuthPolicy.href, { passwordGrant: 'ENABLED' })
      return { application, directory, account: await service().newAccount(directory) }
    }

    async function logIn() {
      const { application, directory, account } = await newLogin()
      return {
        application,
        directory,
        account,
        granted: await service().grantByPassword(application, account.username),
      }
    }

    async function refresh(application: Json, refresh_token: string): Promise<Json> {
      return expectStatus(await service().token(application, { grant_type: 'refresh_token', refresh_token }), 200).body
    }
  },
  { presets: ['modern', 'stormpath'] },
)
