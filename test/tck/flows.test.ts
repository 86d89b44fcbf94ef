/** Rows of the old compatibility tests, under every historical default. (contract/web.md §31) */
import { expect, test } from 'vitest'
import { describeWeb, json, password } from '../web/harness.ts'

const address = () => `tck-${Math.random().toString(36).slice(2)}@example.com`
const names = { givenName: 'Joe', surname: 'Tester' }

describeWeb(
  'the old compatibility tests',
  (stage) => {
    test('WEB-W98 RequestsIT: no Accept, an empty one and */* get JSON, an unknown one neither 200 nor 500', async () => {
      const browser = (await stage().site).browser()
      for (const accept of [undefined, '', '*/*', json]) {
        const page = await browser.ask('/login', { accept })
        expect(page.headers.get('content-type')).toContain(json)
      }
      const unknown = await browser.ask('/login', { accept: 'foo/bar' })
      expect([200, 500]).not.toContain(unknown.status)
      expect((await browser.visit('/nowhere')).status).toBe(404)
    })

    test('WEB-W44 RegisterIT: the view model has the four fields of 2016 in their order, all required', async () => {
      const { form } = (await (await stage().site).browser().getJson('/register')).json
      expect(form.fields.map(({ name }: { name: string }) => name)).toEqual([
        'givenName',
        'surname',
        'email',
        'password',
      ])
      for (const field of form.fields) {
        expect(Object.keys(field).sort()).toEqual(['label', 'name', 'placeholder', 'required', 'type'])
        expect(field.required).toBe(true)
      }
    })

    test.each([
      ['givenName', 'First Name is required.'],
      ['surname', 'Last Name is required.'],
      ['email', 'Email is required.'],
      ['password', 'Password is required.'],
    ])('WEB-W49 RegisterIT: without %s, page and JSON say "%s"', async (name, text) => {
      const fields: Record<string, string> = { ...names, email: address(), password }
      delete fields[name]
      const browser = (await stage().site).browser()
      expect((await browser.postJson('/register', fields)).json).toEqual({ status: 400, message: text })
      const page = await browser.submit('/register', fields)
      expect(page.status).toBe(200)
      expect(page.text).toContain(text)
    })

    test('WEB-W45 RegisterIT: a new account leads to the log-in page, which says so; a known address is a 409', async () => {
      const browser = (await stage().site).browser()
      const fields = { ...names, email: address(), password }
      const page = await browser.submit('/register', fields)
      expect(page).toMatchObject({ status: 302, location: '/login?status=created' })
      expect((await browser.postJson('/register', fields)).status).toBe(409)
    })

    test('WEB-W87 CookieIT: the cookies have their old names and end with their tokens', async () => {
      const { email } = await stage().account()
      const page = await (await stage().site).browser().postJson('/login', { login: email, password })
      expect(page.setCookies.map((cookie) => cookie.split('=')[0])).toEqual(
        expect.arrayContaining(['access_token', 'refresh_token']),
      )
    })

    test('WEB-W88 WEB-W90 CookieIT: a missing access cookie comes back, the refresh cookie stays; bad ones are removed', async () => {
      const browser = await stage().loggedIn()
      const refresh = browser.cookies.get('refresh_token')
      browser.cookies.delete('access_token')
      const page = await browser.getJson('/me')
      expect(page.status).toBe(200)
      expect(page.setCookies.map((cookie) => cookie.split('=')[0])).toEqual(['access_token'])
      expect(browser.cookies.get('refresh_token')).toBe(refresh)
      browser.cookies.delete('access_token')
      browser.cookies.set('refresh_token', 'bad')
      expect((await browser.getJson('/me')).status).toBe(401)
      expect([...browser.cookies.keys()].filter((name) => name.endsWith('_token'))).toEqual([])
    })

    test('WEB-W91 BearerIT: a refresh token is no access token', async () => {
      const browser = await stage().loggedIn()
      const authorization = `Bearer ${browser.cookies.get('refresh_token')}`
      expect((await (await stage().site).browser().getJson('/me', { authorization })).status).toBe(401)
    })

    test('WEB-W84 Oauth2IT: password, refresh and client-credentials grants; a log-in cookie is irrelevant', async () => {
      const browser = await stage().loggedIn()
      const ask = (fields: Record<string, string>, headers = {}) =>
        browser.postForm('/oauth/token', fields, { csrf: null, headers })
      const granted = await ask({ grant_type: 'password', username: browser.account.email, password })
      expect(granted.json).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
      const renewed = await ask({ grant_type: 'refresh_token', refresh_token: granted.json.refresh_token })
      expect(renewed.json.refresh_token).toBe(granted.json.refresh_token)
      const key = await stage().api.create(`${browser.account.href}/apiKeys`)
      const authorization = `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`
      const own = await ask({ grant_type: 'client_credentials' }, { authorization })
      expect(own.json).not.toHaveProperty('refresh_token')
      expect(own.json.access_token).toEqual(expect.any(String))
      for (const page of [await ask({ grant_type: 'x' }), await ask({})]) {
        expect(page.status).toBe(400)
        expect(Object.keys(page.json).sort()).toEqual(['error', 'message'])
      }
    })

    test('WEB-W57 LoginIT: the destination does not stick; pages have the old hooks', async () => {
      const { email } = await stage().account()
      const browser = (await stage().site).browser()
      expect((await browser.visit('/me')).location).toBe('/login?next=%2Fme')
      const page = await browser.visit('/login')
      expect(page.text).toMatch(/<input[^>]* name="login"/)
      expect(page.text).toMatch(/<input[^>]* name="password"/)
      expect((await browser.submit('/login', { login: email, password })).location).toBe('/')
    })
  },
  {
    presets: ['stormpath'],
    ways: [
      { position: 'embedded', database: 'sqlite' },
      { position: 'remote', database: 'postgres' },
    ],
  },
)
