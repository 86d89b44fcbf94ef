import { expect, test } from 'vitest'
import { basic } from '../conformance/client.ts'
import type { Page } from '../web/browser.ts'
import { claimsOf, describeTck, expectOAuthError, newAccount, password } from './suite.ts'

describeTck('Oauth2IT', (stage) => {
  const browser = async () => (await stage().site).browser()

  const post = async (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    (await browser()).postForm('/oauth/token', fields, { csrf: null, headers, accept: '*/*' })

  /** Both tokens, for an account. */
  function expectTokens(page: Page, href: string | undefined): { access: string; refresh: string } {
    expect(page.status, page.text).toBe(200)
    expect(page.json).toEqual({
      access_token: expect.stringMatching(/./),
      refresh_token: expect.stringMatching(/./),
      token_type: 'Bearer',
      expires_in: 3600,
    })
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.headers.get('pragma')).toBe('no-cache')
    expect(claimsOf(page.json.access_token).sub).toBe(href)
    return { access: page.json.access_token, refresh: page.json.refresh_token }
  }

  test('WEB-W84 a grant that nobody knows', async () => {
    expectOAuthError(await post({ grant_type: 'foobar_grant' }), 400, 'unsupported_grant_type')
  })

  test('WEB-W84 no grant', async () => {
    expectOAuthError(await post({ grant_type: '' }), 400, 'invalid_request')
  })

  test('WEB-W85 JSON is no form', async () => {
    const page = await (await browser()).postJson('/oauth/token', { hello: 'world' })
    expectOAuthError(page, 400, 'invalid_request')
  })

  test('WEB-W85 nothing is no form', async () => {
    expectOAuthError(await (await browser()).ask('/oauth/token', { method: 'POST' }), 400, 'invalid_request')
  })

  test('WEB-W85 GET is 405', async () => {
    expect((await (await browser()).ask('/oauth/token')).status).toBe(405)
  })

  test('WEB-W84 a password, by username or e-mail address', async () => {
    const { href, username = '', email = '' } = await newAccount(stage())
    for (const each of [username, email]) {
      expectTokens(await post({ grant_type: 'password', username: each, password }), href)
    }
  })

  test('WEB-W84 a password, whoever the cookies say is logged in', async () => {
    const { href, username = '' } = await newAccount(stage())
    const other = await stage().loggedIn()
    const fields = { grant_type: 'password', username, password }
    expectTokens(await other.postForm('/oauth/token', fields, { csrf: null, accept: '*/*' }), href)
  })

  test('WEB-W84 a refresh token', async () => {
    const { href, email = '' } = await newAccount(stage())
    const first = expectTokens(await post({ grant_type: 'password', username: email, password }), href)
    const second = expectTokens(await post({ grant_type: 'refresh_token', refresh_token: first.refresh }), href)
    expect(second.access).not.toBe(first.access)
    expect(second.refresh).toBe(first.refresh)
  })

  test('WEB-W84 a refresh token that is none', async () => {
    expectOAuthError(await post({ grant_type: 'refresh_token', refresh_token: 'GARBAGE' }), 400, 'invalid_grant')
  })

  test('WEB-W84 WEB-W101 credentials of nobody: error and message only', async () => {
    const page = await post({ grant_type: 'password', username: 'foobar', password: 'nopenopenope!' })
    expectOAuthError(page, 400, 'invalid_grant')
  })

  test('WEB-W84 client credentials give an access token and no refresh token', async () => {
    const { href } = await newAccount(stage())
    const key = await stage().api.create(`${href}/apiKeys`)
    const page = await post({ grant_type: 'client_credentials' }, { authorization: basic(key) })
    expect(page.status).toBe(200)
    expect(page.json).toEqual({ access_token: expect.stringMatching(/./), token_type: 'Bearer', expires_in: 3600 })
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.headers.get('pragma')).toBe('no-cache')
    expect(claimsOf(page.json.access_token).sub).toBe(href)
  })

  test('WEB-W84 client credentials without the secret', async () => {
    const { href } = await newAccount(stage())
    const { id } = await stage().api.create(`${href}/apiKeys`)
    const authorization = basic({ id, secret: 'NOT_A_VALID_API_SECRET' })
    expectOAuthError(await post({ grant_type: 'client_credentials' }, { authorization }), 401, 'invalid_client')
    expectOAuthError(await post({ grant_type: 'client_credentials' }), 401, 'invalid_client')
  })
})
