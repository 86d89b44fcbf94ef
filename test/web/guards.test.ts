import { expect, test } from 'vitest'
import { basic } from '../conformance/client.ts'
import { describeWeb, password } from './harness.ts'

describeWeb('guards', (stage) => {
  test('WEB-W104 WEB-W77 without log-in, JSON gets a 401 with a Bearer challenge', async () => {
    const browser = (await stage().site).browser()
    for (const path of ['/dashboard', '/me', '/admin']) {
      const page = await browser.getJson(path)
      expect(page.status).toBe(401)
      expect(page.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(Object.keys(page.json).sort()).toEqual(['message', 'status'])
    }
    expect(await browser.visit('/me')).toMatchObject({ status: 302, location: '/login?next=%2Fme' })
  })

  test('WEB-W77 /me tells the account and nothing else, and nobody keeps it', async () => {
    const browser = await stage().loggedIn()
    const page = await browser.visit('/me')
    expect(Object.keys(page.json)).toEqual(['account'])
    expect(page.json.account.email).toBe(browser.account.email)
    expect(JSON.stringify(page.json).match(/"href"/g)).toHaveLength(1)
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.headers.get('cache-control')).toContain('no-cache')
    expect(page.headers.get('pragma')).toBe('no-cache')
  })

  test('WEB-W93 WEB-W105 an API guard takes a Bearer token and an API key, and no cookie', async () => {
    const browser = await stage().loggedIn()
    const token = browser.cookies.get('access_token')
    const key = await stage().api.create(`${browser.account.href}/apiKeys`)
    const client = (await stage().site).browser()
    expect((await browser.visit('/api')).status).toBe(401)
    expect((await client.getJson('/api', { authorization: `Bearer ${token}` })).json).toEqual({ scheme: 'bearer' })
    expect((await client.getJson('/api', { authorization: basic(key) })).json).toEqual({ scheme: 'basic' })
    expect((await client.getJson('/api', { authorization: basic({ id: key.id, secret: 'x' }) })).status).toBe(401)
  })

  test.each(['Bearer x', 'Bearer ', 'Bearer', 'Basic %%%', 'Basic eA==', 'Digest x', `Bearer ${'a'.repeat(7000)}`])(
    'WEB-W93 ATTACK-J14 an Authorization header decides alone, whatever it is: %.20s',
    async (authorization) => {
      const browser = await stage().loggedIn()
      expect((await browser.getJson('/dashboard', { authorization })).status).toBe(401)
      expect((await browser.getJson('/dashboard')).status).toBe(200)
    },
  )

  test('WEB-W106 an optional user may be there or not', async () => {
    const browser = await stage().loggedIn()
    expect((await browser.visit('/open')).json).toEqual({ user: browser.account.email })
    expect((await (await stage().site).browser().visit('/open')).json).toEqual({ user: null })
  })

  test('WEB-W107 WEB-W42 who lacks a group gets a 403 and no way to log in; who joins it gets in', async () => {
    const browser = await stage().loggedIn()
    const page = await browser.visit('/admin')
    expect(page.status).toBe(403)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect((await browser.getJson('/admin')).json).toMatchObject({ status: 403 })
    const { href } = await stage().application()
    const { items } = await stage().api.read(`${href}/groups?name=admins`)
    const admins = items[0] ?? (await stage().api.create(`${href}/groups`, { name: 'admins' }))
    await stage().api.create('/groupMemberships', {
      account: { href: browser.account.href },
      group: { href: admins.href },
    })
    await expect.poll(async () => (await browser.getJson('/admin')).status, { timeout: 20_000 }).toBe(200)
  })

  test('WEB-W92 a disabled account is out within the delay', async () => {
    const browser = await stage().loggedIn()
    expect((await browser.getJson('/dashboard')).status).toBe(200)
    await stage().api.update(browser.account.href, { status: 'DISABLED' })
    await expect.poll(async () => (await browser.getJson('/dashboard')).status, { timeout: 20_000 }).toBe(401)
  })

  test('WEB-W88 without access cookie the refresh cookie brings a new one', async () => {
    const browser = await stage().loggedIn()
    browser.cookies.delete('access_token')
    const page = await browser.getJson('/dashboard')
    expect(page.status).toBe(200)
    expect(page.setCookies.some((cookie) => cookie.startsWith('access_token=ey'))).toBe(true)
    expect((await browser.getJson('/dashboard')).setCookies).toEqual([])
  })

  test('WEB-W88 worthless cookies are removed', async () => {
    const browser = (await stage().site).browser()
    browser.cookies.set('access_token', 'x').set('refresh_token', 'y')
    const page = await browser.getJson('/dashboard')
    expect(page.status).toBe(401)
    expect([...browser.cookies.keys()]).toEqual([])
  })

  test('WEB-W89 fifty requests with a stale cookie are one refresh and no log-out', async () => {
    const browser = await stage().loggedIn()
    browser.cookies.delete('access_token')
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { base } = await stage().site
    const all = await Promise.all(
      Array.from({ length: 50 }, () => fetch(`${base}/dashboard`, { headers: { cookie, accept: 'application/json' } })),
    )
    expect(all.map(({ status }) => status)).toEqual(Array(50).fill(200))
    const tokens = all.map((answer) => answer.headers.getSetCookie().find((each) => each.startsWith('access_token=')))
    expect(new Set(tokens).size).toBe(1)
  })

  test('WEB-W91 a refresh token, an unsigned token and one that was tampered with are no access tokens', async () => {
    const browser = await stage().loggedIn()
    const access = browser.cookies.get('access_token') as string
    const refresh = browser.cookies.get('refresh_token') as string
    const [header = '', payload = '', signature = ''] = access.split('.')
    const none = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg: 'none' }),
    )
    const other = Buffer.from(payload, 'base64url')
      .toString()
      .replace(/"iss":"[^"]+"/, '"iss":"https://evil.example"')
    const forged = [
      refresh,
      `${none.toString('base64url')}.${payload}.`,
      `${none.toString('base64url')}.${payload}.${signature}`,
      `${header}.${Buffer.from(other).toString('base64url')}.${signature}`,
      `${header}.${payload}`,
      `${access}=`,
      access.slice(0, -1),
    ]
    const client = (await stage().site).browser()
    for (const token of forged) {
      expect((await client.getJson('/me', { authorization: `Bearer ${token}` })).status).toBe(401)
      client.cookies.clear()
      client.cookies.set('access_token', token)
      expect((await client.getJson('/me')).status).toBe(401)
    }
  })

  test('WEB-W35 WEB-W9 WEB-W33 custom data set in a handler is there on the next visit', async () => {
    const site = await stage().make({
      routes(app, auth) {
        app.get('/birthday', auth.loginRequired(), async (req, res) => {
          const user = await req.user.update({ customData: { birthday: '1990-01-01' } })
          res.json(user.customData)
        })
        app.get('/view', auth.loginRequired(), (_req, res) => void res.json(res.locals.user.customData))
      },
    })
    const browser = await stage().loggedIn(undefined, site)
    expect((await browser.getJson('/birthday')).json).toEqual({ birthday: '1990-01-01' })
    expect((await browser.getJson('/view')).json).toEqual({ birthday: '1990-01-01' })
    const elsewhere = await stage().loggedIn(
      browser.account,
      await stage().make({
        routes: (app, auth) =>
          void app.get('/view', auth.loginRequired(), (req, res) => void res.json(req.user.customData)),
      }),
    )
    expect((await elsewhere.getJson('/view')).json).toEqual({ birthday: '1990-01-01' })
  })

  test('WEB-W108 WEB-W109 own answers, and predicates', async () => {
    const site = await stage().make({
      options: {
        onUnauthenticated: (_req: unknown, res: { status(code: number): { json(body: object): void } }) =>
          res.status(401).json({ own: true }),
      },
      routes(app, auth) {
        app.get(
          '/mine/:email',
          auth.when((user, req) => user.email === req.params.email),
          (req, res) => {
            res.json({ hello: req.user.email })
          },
        )
      },
    })
    expect((await site.browser().visit('/mine/x')).json).toEqual({ own: true })
    const browser = await stage().loggedIn(undefined, site)
    expect((await browser.getJson('/mine/x')).status).toBe(403)
    expect((await browser.getJson(`/mine/${browser.account.email}`)).status).toBe(200)
  })

  test('WEB-W61 WEB-W72 a new password ends other sessions and not this one', async () => {
    const account = await stage().account()
    const here = await stage().loggedIn(account)
    const there = await stage().loggedIn(account)
    const next = 'Another horse 5 battery'
    expect((await here.postJson('/me/password', { oldPassword: 'wrong', password: next })).status).toBe(400)
    expect((await here.postJson('/me/password', { oldPassword: password, password: 'short' })).status).toBe(400)
    expect((await here.postJson('/me/password', { oldPassword: password, password: next })).status).toBe(200)
    expect((await here.getJson('/dashboard')).status).toBe(200)
    await expect.poll(async () => (await there.getJson('/dashboard')).status, { timeout: 20_000 }).toBe(401)
    const site = await stage().site
    expect((await site.browser().postJson('/login', { login: account.email, password: next })).status).toBe(200)
  })

  test('WEB-W61 sessions are listed, and ended one by one or all but this', async () => {
    const account = await stage().account()
    const [one, two, three] = [
      await stage().loggedIn(account),
      await stage().loggedIn(account),
      await stage().loggedIn(account),
    ]
    const { sessions } = (await one.getJson('/me/sessions')).json
    expect(sessions).toHaveLength(3)
    expect(sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1)
    const stranger = await stage().loggedIn()
    expect((await stranger.postJson('/me/sessions', { session: sessions[0].id })).status).toBe(404)
    expect((await one.postJson('/me/sessions', { session: 'others' })).status).toBe(200)
    for (const browser of [two, three]) {
      await expect.poll(async () => (await browser.getJson('/dashboard')).status, { timeout: 20_000 }).toBe(401)
    }
    expect((await one.getJson('/dashboard')).status).toBe(200)
  })

  test('WEB-W79 users change their profile, as page and JSON', async () => {
    const browser = await stage().loggedIn()
    const saved = await browser.submit('/profile', { givenName: 'Joanna', surname: '' })
    expect(saved).toMatchObject({ status: 302, location: '/profile?status=saved' })
    expect((await browser.getJson('/me')).json.account).toMatchObject({ givenName: 'Joanna', surname: null })
    expect((await browser.postJson('/profile', { status: 'DISABLED' })).status).toBe(400)
    expect((await browser.postJson('/profile', { surname: 'Roe' })).json.account.surname).toBe('Roe')
  })
})
