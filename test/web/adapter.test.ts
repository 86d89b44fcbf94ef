import express5, { type Express, type RequestHandler } from 'express'
import { expect, test } from 'vitest'
import type { ExpressAuth } from '../../src/frameworks/express.ts'
import { describeWeb, password, type Site } from './harness.ts'

type Mount = (app: Express, auth: ExpressAuth) => void

/** Reads the body and leaves nothing of it, as a logger may. */
const swallow: RequestHandler = (req, _res, next) => {
  req.on('data', () => {}).on('end', next)
}
const later: RequestHandler = (_req, _res, next) => void setTimeout(next, 5)

const orders: [string, Mount][] = [
  ['nothing before', (app, auth) => app.use(auth)],
  ['both parsers before', (app, auth) => app.use(express5.json(), express5.urlencoded({ extended: true }), auth)],
  ['the JSON parser alone before', (app, auth) => app.use(express5.json(), auth)],
  ['the form parser alone before', (app, auth) => app.use(express5.urlencoded({ extended: false }), auth)],
  ['parsers after', (app, auth) => app.use(auth, express5.json(), express5.urlencoded())],
  ['bodies kept as text', (app, auth) => app.use(express5.text({ type: () => true }), auth)],
  ['bodies kept as bytes', (app, auth) => app.use(express5.raw({ type: () => true }), auth)],
  ['something slow before', (app, auth) => app.use(later, auth)],
]

describeWeb(
  'the Express adapter',
  (stage) => {
    test.each(orders)('WEB-W103 WEB-W26 a form and JSON are read with %s', async (_, mount) => {
      const site = await stage().make({ mount })
      const { email } = await stage().account()
      const browser = site.browser()
      expect((await browser.postJson('/login', { login: email, password })).status).toBe(200)
      const other = site.browser()
      expect((await other.submit('/login', { login: email, password })).status).toBe(302)
    })

    test('WEB-W103 a body that somebody swallowed is an empty one: nothing hangs', async () => {
      const site = await stage().make({ mount: (app, auth) => app.use(swallow, auth) })
      const page = await site.browser().postJson('/login', { login: 'x', password: 'y' })
      expect(page.status).toBe(400)
    })

    test('WEB-W103 a body that is too long is refused, JSON that is none too', async () => {
      const browser = (await stage().site).browser()
      expect((await browser.postJson('/login', { login: 'x'.repeat(300_000), password })).status).toBe(413)
      for (const body of ['{', '[]', '"x"', 'null', `${'['.repeat(200)}${']'.repeat(200)}`]) {
        const headers = { 'content-type': 'application/json' }
        expect(
          (await browser.ask('/login', { method: 'POST', accept: 'application/json', headers, body })).status,
        ).toBe(400)
      }
    })

    test('mounted below a path, forms and redirects stay there', async () => {
      const { email } = await stage().account()
      const site = await stage().make({ mount: (app, auth) => app.use('/users', auth) })
      const browser = site.browser()
      const page = await browser.visit('/users/login')
      expect(page.text).toContain('action="/users/login"')
      expect(await browser.postForm('/users/login', { login: email, password })).toMatchObject({
        status: 302,
        location: '/users/',
      })
      expect((await browser.visit('/login')).status).toBe(404)
    })

    test('WEB-W87 ATTACK-R11 ATTACK-D1 behind a trusted proxy with TLS cookies are secure and bound to the host; untrusted, nothing is believed', async () => {
      const { email } = await stage().account()
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example' }
      const options = { baseUrl: 'http://localhost' }
      const trusting = await stage().make({
        options,
        mount(app, auth) {
          app.set('trust proxy', true)
          app.use(auth)
        },
      })
      const page = await trusting.browser().postJson('/login', { login: email, password }, headers)
      const cookie = page.setCookies.find((each) => each.includes('access_token=')) as string
      expect(cookie).toContain('; Secure')
      expect(cookie).toMatch(/^__Host-access_token=/)
      const wary = await stage().make({ options })
      const plain = await wary.browser().postJson('/login', { login: email, password }, headers)
      expect(plain.setCookies.join()).not.toContain('Secure')
    })

    test('WEB-W87 a base URL of https makes cookies secure whatever the proxy says', async () => {
      const { email } = await stage().account()
      const site = await stage().make({ options: { web: { baseUrl: 'https://shop.example' } } })
      const page = await site.browser().postJson('/login', { login: email, password })
      expect(
        page.setCookies.filter((each) => each.includes('_token=')).every((each) => each.includes('; Secure')),
      ).toBe(true)
    })

    test('cookies of other middleware are kept', async () => {
      const { email } = await stage().account()
      const other: RequestHandler = (_req, res, next) => {
        res.cookie('theirs', '1')
        next()
      }
      const site = await stage().make({ mount: (app, auth) => app.use(other, auth) })
      const page = await site.browser().postJson('/login', { login: email, password })
      expect(page.setCookies.map((each) => each.split('=')[0])).toEqual(
        expect.arrayContaining(['theirs', 'access_token', 'refresh_token']),
      )
    })

    test('ATTACK-D8 no header and no field makes another method of a request', async () => {
      const browser = (await stage().site).browser()
      const page = await browser.ask('/logout?_method=POST', {
        accept: 'text/html',
        headers: { 'x-http-method-override': 'POST' },
      })
      expect(page.status).toBe(404)
    })

    test('WEB-W100 WEB-W99 routes that are off and types that are not produced are left to the application', async () => {
      const site = await stage().make({
        options: { web: { register: { enabled: false }, produces: ['application/json'] } },
        routes: (app) => void app.get('/register', (_req, res) => void res.send('my own')),
      })
      expect((await site.browser().visit('/register')).text).toBe('my own')
      expect((await site.browser().ask('/login', { accept: 'text/html' })).status).toBe(404)
      expect((await site.browser().getJson('/login')).status).toBe(200)
    })

    test('routes move, all of them below a base path', async () => {
      const { email } = await stage().account()
      const site = await stage().make({
        options: { web: { basePath: '/auth', me: { uri: '/whoami' } } },
        routes: (app, auth) => void app.get('/x', auth.loginRequired(), (req, res) => void res.json(req.user.email)),
      })
      const browser = site.browser()
      expect(await browser.visit('/x')).toMatchObject({ status: 302, location: '/auth/login?next=%2Fx' })
      expect(await browser.submit('/auth/login?next=%2Fx', { login: email, password })).toMatchObject({
        location: '/x',
      })
      expect((await browser.getJson('/whoami')).status).toBe(200)
    })

    test('WEB-W84 WEB-W85 tokens for who keeps them: grants, errors, and nothing for JSON', async () => {
      const { email } = await stage().account()
      const site = await stage().make({ options: { web: { oauth2: { password: { enabled: true } } } } })
      const client = site.browser()
      const ask = (fields: Record<string, string>, headers = {}) =>
        client.postForm('/oauth/token', fields, { csrf: null, headers })
      const granted = await ask({ grant_type: 'password', username: email, password })
      expect(granted.json).toMatchObject({ token_type: 'Bearer', expires_in: 900 })
      expect(granted.headers.get('cache-control')).toContain('no-store')
      expect(granted.setCookies).toEqual([])
      const authorization = `Bearer ${granted.json.access_token}`
      expect((await client.getJson('/me', { authorization })).status).toBe(200)
      const renewed = await ask({ grant_type: 'refresh_token', refresh_token: granted.json.refresh_token })
      expect(renewed.json.access_token).toEqual(expect.any(String))
      expect((await ask({ grant_type: 'refresh_token', refresh_token: 'x' })).json).toMatchObject({
        error: 'invalid_grant',
      })
      expect((await ask({ grant_type: 'password', username: email, password: 'x' })).json).toEqual({
        error: 'invalid_grant',
        message: 'Invalid username or password.',
      })
      expect((await ask({ grant_type: 'x' })).json).toMatchObject({ error: 'unsupported_grant_type' })
      expect((await ask({ grant_type: 'client_credentials' })).json).toMatchObject({ error: 'invalid_client' })
      expect((await ask({})).json).toMatchObject({ error: 'invalid_request' })
      expect((await client.postJson('/oauth/token', { grant_type: 'password' })).json).toMatchObject({
        error: 'invalid_request',
      })
      expect((await client.getJson('/oauth/token')).status).toBe(405)
      expect(
        (await client.postForm('/oauth/revoke', { token: renewed.json.access_token }, { csrf: null })).status,
      ).toBe(200)
      const revoked = { authorization: `Bearer ${renewed.json.access_token}` }
      await expect.poll(async () => (await client.getJson('/me', revoked)).status, { timeout: 20_000 }).toBe(401)
    })

    test('WEB-W114 WEB-W37 a page of the developer replaces ours', async () => {
      const site = await stage().make({
        options: {
          pages: { views: { login: (page, { text }) => `<h1>own ${text(page.form.fields[0]?.label ?? '')}</h1>` } },
        },
      })
      expect((await site.browser().visit('/login')).text).toBe('<h1>own Username or Email</h1>')
    })

    test('WEB-W59 a ready-made button logs out', async () => {
      const site: Site = await stage().make({
        routes: (app, auth) =>
          void app.get(
            '/own',
            auth.loginRequired(),
            async (req, res) => void res.send(await auth.logoutButton(req, res)),
          ),
      })
      const browser = await stage().loggedIn(undefined, site)
      await browser.visit('/own')
      expect(await browser.postForm('/logout', {})).toMatchObject({ status: 302, location: '/' })
      expect((await browser.getJson('/me')).status).toBe(401)
    })
  },
  {
    ways: [
      { position: 'embedded', database: 'sqlite' },
      { position: 'remote', database: 'sqlite' },
    ],
  },
)
