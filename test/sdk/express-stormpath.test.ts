/** npm's express-stormpath@3.2.0, unmodified, serves a site on a service of its own with the historical preset. */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, readKey, startService } from '../support/service.ts'
import { type Site, startSite } from './express-site.ts'
import { call, openClient, type Sdk } from './stormpath.ts'
import { createVisitor, type Visitor } from './visitor.ts'

const PASSWORD = 'Copper-Kettle-4471'

let service: RunningService
let client: Sdk
let application: Sdk
let site: Site
let serial = 0

const uniqueEmail = () => `ada-${++serial}@example.com`
const visitor = (): Visitor => createVisitor(site.url)

const registration = (email: string) => ({ givenName: 'Ada', surname: 'Lovelace', email, password: PASSWORD })

async function registered(): Promise<{ email: string; account: Sdk }> {
  const email = uniqueEmail()
  const account = await call(application, 'createAccount', registration(email))
  return { email, account }
}

async function loggedIn(): Promise<{ email: string; account: Sdk; who: Visitor }> {
  const one = await registered()
  const who = visitor()
  await who.post('/login', { login: one.email, password: PASSWORD })
  return { ...one, who }
}

/** The site keeps cookies of its own beside them. */
const tokensOf = ({ cookies }: Visitor) => [...cookies.keys()].filter((name) => name.endsWith('_token')).sort()

const settings = async (application: Sdk, web: object = {}) => ({
  client: { apiKey: await readKey(join(service.data, 'apiKey.properties')), baseUrl: `${service.url}/v1` },
  application: { href: application.href },
  cacheOptions: { ttl: 0 },
  web,
})

/** The token of the newest mail to somebody, as the link in it carries it. */
async function mailedToken(to: string): Promise<string> {
  let found: string | undefined
  const look = async () => {
    const answer = await fetch(`${service.url}/__dev/mail/latest.json?to=${encodeURIComponent(to)}`)
    found = answer.ok ? /sptoken=([\w.-]+)/.exec(JSON.stringify(await answer.json()))?.[1] : undefined
    return found
  }
  await expect.poll(look, { timeout: 20_000 }).toBeTruthy()
  return found as unknown as string
}

const token = async (fields: Record<string, string>, headers?: Record<string, string>) => {
  const response = await visitor().post('/oauth/token', fields, { accept: 'application/json', ...headers })
  return { status: response.status, body: (await response.json()) as Sdk }
}

beforeAll(async () => {
  service = await startService({ args: ['--preset', 'stormpath'] })
  client = await openClient(`${service.url}/v1`, await readKey(join(service.data, 'apiKey.properties')))
  application = await call(client, 'createApplication', { name: 'Site' }, { createDirectory: true })
  site = await startSite(await settings(application))
})

afterAll(async () => {
  await site?.close()
  await service?.kill()
})

describe('A site by express-stormpath', () => {
  test('registers, by its page', async () => {
    const who = visitor()
    expect(await (await who.get('/register')).text()).toContain('name="surname"')
    const email = uniqueEmail()
    const answer = await who.post('/register', registration(email))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/login?status=created'])
    const again = await who.post('/register', registration(email))
    expect(again.status).toBe(200)
    expect(await again.text()).toContain('alert-danger')
  })

  test('logs in, shows who it is, logs out', async () => {
    const { email } = await registered()
    const who = visitor()
    const refused = await who.post('/login', { login: email, password: 'wrong' })
    expect([refused.status, tokensOf(who)]).toEqual([200, []])
    expect(await refused.text()).toContain('bad-login')
    const answer = await who.post('/login', { login: email, password: PASSWORD })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/'])
    expect(tokensOf(who)).toEqual(['access_token', 'refresh_token'])
    expect(await (await who.get('/members')).json()).toEqual({ hello: email })
    const { account } = (await (await who.get('/me', 'application/json')).json()) as Sdk
    expect(account).toMatchObject({ email, givenName: 'Ada', status: 'ENABLED' })
    expect((await who.post('/logout')).status).toBe(302)
    expect(tokensOf(who)).toEqual([])
    expect((await who.get('/me', 'application/json')).status).toBe(401)
  })

  test('sends strangers to the log-in page and back', async () => {
    const { email } = await registered()
    const who = visitor()
    const sent = await who.get('/members')
    expect([sent.status, sent.headers.get('location')]).toEqual([302, '/login?next=%2Fmembers'])
    const answer = await who.post('/login?next=%2Fmembers', { login: email, password: PASSWORD })
    expect(answer.headers.get('location')).toBe('/members')
  })

  test('renews what has ended by the refresh token', async () => {
    const { email, who } = await loggedIn()
    const first = who.cookies.get('refresh_token')
    who.cookies.delete('access_token')
    expect(await (await who.get('/members')).json()).toEqual({ hello: email })
    expect(who.cookies.get('access_token')).toBeTruthy()
    expect(who.cookies.get('refresh_token')).toBe(first)
  })

  test('lets in by group', async () => {
    const { email, account, who } = await loggedIn()
    expect((await who.get('/admins', 'application/json')).status).toBe(403)
    const directory = await call(client, 'getDirectory', account.directory.href)
    const admins = await call(directory, 'createGroup', { name: `admins` }).catch(async () => {
      const { items } = await call(directory, 'getGroups', { name: 'admins' })
      return items[0]
    })
    await call(account, 'addToGroup', admins)
    expect(await (await who.get('/admins', 'application/json')).json()).toEqual({ hello: email })
  })

  test('REST-P2 REST-P4 gives tokens for a password and for a refresh token', async () => {
    const { email } = await registered()
    const wrong = await token({ grant_type: 'password', username: email, password: 'wrong' })
    expect(wrong.status).toBe(400)
    const { status, body } = await token({ grant_type: 'password', username: email, password: PASSWORD })
    expect([status, body.token_type, body.expires_in]).toEqual([200, 'Bearer', 3600])
    const headers = { accept: 'application/json', authorization: `Bearer ${body.access_token}` }
    expect(await (await fetch(`${site.url}/api`, { headers })).json()).toEqual({ hello: email })
    const renewed = await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })
    expect([renewed.status, renewed.body.refresh_token]).toEqual([200, body.refresh_token])
    expect(renewed.body.access_token).not.toBe(body.access_token)
  })

  test('REST-P5 gives tokens to a machine by its API key, and takes the key itself', async () => {
    const { email, account } = await registered()
    const key = await call(account, 'createApiKey')
    const basic = { authorization: `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}` }
    const { status, body } = await token({ grant_type: 'client_credentials' }, basic)
    expect([status, body.token_type.toLowerCase(), body.refresh_token]).toEqual([200, 'bearer', undefined])
    for (const authorization of [basic.authorization, `Bearer ${body.access_token}`]) {
      const answer = await fetch(`${site.url}/api`, { headers: { accept: 'application/json', authorization } })
      expect(await answer.json()).toEqual({ hello: email })
    }
    expect((await fetch(`${site.url}/api`, { headers: { authorization: 'Basic eDp5' } })).status).toBe(401)
  })

  test('REST-P16 a log-out revokes what was given', async () => {
    const { who } = await loggedIn()
    const refresh = who.cookies.get('refresh_token') as string
    await who.post('/logout')
    // It answers before it has revoked.
    const renewal = async () => {
      const { status, body } = await token({ grant_type: 'refresh_token', refresh_token: refresh })
      return [status, body.error]
    }
    await expect.poll(renewal, { timeout: 20_000 }).toEqual([400, 'invalid_grant'])
  })

  test('REST-M6 REST-M7 REST-M8 TRAP-T3 changes a forgotten password by the mailed link, once', async () => {
    const { email } = await registered()
    const who = visitor()
    for (const address of [email, uniqueEmail()]) {
      const answer = await who.post('/forgot', { email: address })
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/login?status=forgot'])
    }
    const sptoken = await mailedToken(email)
    const page = await who.get(`/change?sptoken=${sptoken}`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('type="password"')])
    const password = 'Silver-Teapot-9035'
    const changed = await who.post(`/change?sptoken=${sptoken}`, { password, passwordAgain: password })
    expect([changed.status, changed.headers.get('location')]).toEqual([302, '/login?status=reset'])
    const again = await who.get(`/change?sptoken=${sptoken}`)
    expect(again.headers.get('location')).toBe('/forgot?status=invalid_sptoken')
    await who.post('/login', { login: email, password: PASSWORD })
    expect(tokensOf(who)).toEqual([])
    await who.post('/login', { login: email, password })
    expect(tokensOf(who)).toEqual(['access_token', 'refresh_token'])
  })
})

describe('A site whose directory verifies addresses', () => {
  let verifying: Site

  beforeAll(async () => {
    const application = await call(client, 'createApplication', { name: 'Verifying' }, { createDirectory: true })
    const { accountStore } = await call(application, 'getDefaultAccountStore', { expand: 'accountStore' })
    const directory = await call(client, 'getDirectory', accountStore.href)
    const policy = await call(directory, 'getAccountCreationPolicy')
    policy.verificationEmailStatus = 'ENABLED'
    await call(policy, 'save')
    verifying = await startSite(await settings(application))
  })

  afterAll(() => verifying?.close())

  test('REST-M1 REST-M2 REST-M5 lets nobody in before the address is verified', async () => {
    const email = uniqueEmail()
    const who = createVisitor(verifying.url)
    const answer = await who.post('/register', registration(email))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/login?status=unverified'])
    const sptoken = await mailedToken(email)
    await who.post('/login', { login: email, password: PASSWORD })
    expect(tokensOf(who)).toEqual([])
    const resent = await who.post('/verify', { email })
    expect(resent.headers.get('location')).toBe('/login?status=unverified')
    const newest = () => mailedToken(email)
    await expect.poll(newest, { timeout: 20_000 }).not.toBe(sptoken)
    const verified = await who.get(`/verify?sptoken=${await newest()}`)
    expect([verified.status, verified.headers.get('location')]).toEqual([302, '/login?status=verified'])
    await who.post('/login', { login: email, password: PASSWORD })
    expect(tokensOf(who)).toEqual(['access_token', 'refresh_token'])
  })
})
