import { expect, test } from 'vitest'
import { basic } from '../conformance/client.ts'
import { bareGet, describeTck, expectAccount, html, json, newAccount, password } from './suite.ts'

describeTck('MeIT', (stage) => {
  const browser = async () => (await stage().site).browser()

  async function user() {
    const account = await newAccount(stage())
    const fields = { grant_type: 'password', username: account.username as string, password }
    const page = await (await browser()).postForm('/oauth/token', fields, { csrf: null })
    expect(page.status, page.text).toBe(200)
    return { account, accessToken: page.json.access_token as string }
  }

  test('WEB-W77 nobody is 401', async () => {
    expect((await bareGet(`${(await stage().site).base}/me`, {})).status).toBe(401)
    expect((await (await browser()).getJson('/me')).status).toBe(401)
  })

  test('WEB-W104 nobody with a browser is led to the log-in page and back', async () => {
    expect(await (await browser()).visit('/me')).toMatchObject({ status: 302, location: '/login?next=%2Fme' })
  })

  test.each([html, 'text/html', json, '*/*', ''])(
    'WEB-W77 WEB-W93 by cookie the account is JSON, for Accept: %s',
    async (accept) => {
      const { account, accessToken } = await user()
      const page = await (await browser()).ask('/me', { accept, headers: { cookie: `access_token=${accessToken}` } })
      expectAccount(page, account)
    },
  )

  test.each([
    ['by cookie', (token: string) => ({ cookie: `access_token=${token}` })],
    ['as Bearer', (token: string) => ({ authorization: `Bearer ${token}` })],
  ])('WEB-W77 WEB-W93 %s the account comes without links and is kept by no cache', async (_, headers) => {
    const { account, accessToken } = await user()
    const page = await (await browser()).ask('/me', { headers: headers(accessToken) })
    expectAccount(page, account)
    expect(page.headers.get('cache-control')).toContain('no-cache')
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.headers.get('pragma')).toBe('no-cache')
  })

  test('WEB-W93 the API key of an account is taken as Basic', async () => {
    const account = await newAccount(stage())
    const key = await stage().api.create(`${account.href}/apiKeys`)
    const page = await (await browser()).ask('/me', { headers: { authorization: basic(key) } })
    expectAccount(page, account)
  })

  test('WEB-W93 WEB-W84 the access token of client credentials is taken', async () => {
    const account = await newAccount(stage())
    const key = await stage().api.create(`${account.href}/apiKeys`)
    const headers = { authorization: basic(key) }
    const fields = { grant_type: 'client_credentials' }
    const { json } = await (await browser()).postForm('/oauth/token', fields, { csrf: null, headers })
    const page = await (await browser()).getJson('/me', { authorization: `Bearer ${json.access_token}` })
    expectAccount(page, account)
  })

  test('WEB-W91 an access token whose algorithm is none is 401', async () => {
    const { accessToken } = await user()
    const [header = '', payload = ''] = accessToken.split('.')
    const known = JSON.parse(Buffer.from(header, 'base64url').toString())
    const unsigned = Buffer.from(JSON.stringify({ ...known, alg: 'none' })).toString('base64url')
    const forged = `${unsigned}.${payload}.`
    expect((await (await browser()).getJson('/me', { authorization: `Bearer ${accessToken}` })).status).toBe(200)
    expect((await (await browser()).getJson('/me', { authorization: `Bearer ${forged}` })).status).toBe(401)
    expect((await (await browser()).getJson('/me', { cookie: `access_token=${forged}` })).status).toBe(401)
  })
})
