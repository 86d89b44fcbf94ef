import { expect, test } from 'vitest'
import type { ExpressAuth } from '../../src/frameworks/express.ts'
import { basic } from '../conformance/client.ts'
import { type Browser, describeWeb, type Json, password, type Site } from './harness.ts'

/** Far more than any test lasts. */
const never = 3600

describeWeb('local and remote validation', (stage) => {
  /** A site with a route of each kind. */
  const make = (web: { revocationDelay: number; validation?: 'local' | 'remote' }): Promise<Site> =>
    stage().make({
      options: { web },
      routes(app, auth) {
        app.get('/usual', auth.loginRequired(), (req, res) => void res.json(req.user.email))
        app.get('/remote', auth.loginRequired({ remote: true }), (req, res) => void res.json(req.user.email))
        app.get('/local', auth.loginRequired({ remote: false }), (req, res) => void res.json(req.user.email))
        app.get('/api', auth.apiRequired({ remote: true }), (req, res) => void res.json(req.user.email))
        app.get('/maybe', auth.optional({ remote: true }), (req, res) => void res.json(req.user?.email ?? null))
      },
    })

  /** A browser whose session has ended in the service. */
  async function ended(site: Site): Promise<Browser & { account: Json }> {
    const browser = await stage().loggedIn(undefined, site)
    for (const path of ['/usual', '/remote', '/local']) expect((await browser.getJson(path)).status).toBe(200)
    const { items } = await stage().api.read(browser.account.sessions.href)
    for (const { href } of items) await stage().api.remove(href)
    return browser
  }

  test('WEB-W92 per route: where the service is asked a revocation holds for the next request, elsewhere once it is heard of', async () => {
    const browser = await ended(await make({ revocationDelay: never }))
    const keep = new Map(browser.cookies)
    expect((await browser.getJson('/usual')).status).toBe(200)
    expect((await browser.getJson('/local')).status).toBe(200)
    expect((await browser.getJson('/remote')).status).toBe(401)
    browser.cookies.clear()
    for (const [name, value] of keep) browser.cookies.set(name, value)
    const authorization = `Bearer ${keep.get('access_token')}`
    expect((await browser.getJson('/api', { authorization })).status).toBe(401)
    expect((await browser.getJson('/maybe', { authorization })).text).toBe('null')
  })

  test('WEB-W92 per app: the service is asked everywhere but where a route says no', async () => {
    const browser = await ended(await make({ revocationDelay: never, validation: 'remote' }))
    const keep = new Map(browser.cookies)
    for (const path of ['/usual', '/remote', '/me']) {
      browser.cookies.clear()
      for (const [name, value] of keep) browser.cookies.set(name, value)
      expect((await browser.getJson(path)).status, path).toBe(401)
    }
    for (const [name, value] of keep) browser.cookies.set(name, value)
    expect((await browser.getJson('/local')).status).toBe(200)
  })

  test('WEB-W92 local, with no delay at all: the next request', async () => {
    const browser = await ended(await make({ revocationDelay: 0 }))
    expect((await browser.getJson('/usual')).status).toBe(401)
  })

  test('WEB-W92 local, within the delay that was set', async () => {
    const browser = await ended(await make({ revocationDelay: 0.2 }))
    await expect.poll(async () => (await browser.getJson('/local')).status, { timeout: 20_000 }).toBe(401)
  })

  test('WEB-W92 WEB-W93 an API key that is disabled is out: at once where the service is asked, else within the delay', async () => {
    const site = await stage().make({
      options: { web: { revocationDelay: 0.2 } },
      routes(app, auth) {
        app.get('/local', auth.apiRequired(), (_req, res) => void res.send('in'))
        app.get('/remote', auth.apiRequired({ remote: true }), (_req, res) => void res.send('in'))
      },
    })
    const { href } = await stage().account()
    const key = await stage().api.create(`${href}/apiKeys`)
    const ask = async (path: string) => (await site.browser().getJson(path, { authorization: basic(key) })).status
    expect([await ask('/local'), await ask('/remote')]).toEqual([200, 200])
    await stage().api.update(key.href, { status: 'DISABLED' })
    expect(await ask('/remote')).toBe(401)
    await expect.poll(() => ask('/local'), { timeout: 20_000 }).toBe(401)
  })

  test('WEB-W90 with fixed refresh tokens a renewal leaves the refresh cookie as it is, however often', async () => {
    const { oAuthPolicy } = await stage().application()
    const before = (await stage().api.read(oAuthPolicy.href)).refreshTokenRotation
    await stage().api.update(oAuthPolicy.href, { refreshTokenRotation: 'DISABLED' })
    try {
      const browser = await stage().loggedIn()
      const refresh = browser.cookies.get('refresh_token')
      for (let i = 0; i < 3; i++) {
        stage().clock.advance(60_000)
        browser.cookies.delete('access_token')
        const page = await browser.getJson('/me')
        expect(page.status).toBe(200)
        expect(page.setCookies.map((each) => each.split('=')[0])).toEqual(['access_token'])
      }
      expect(browser.cookies.get('refresh_token')).toBe(refresh)
    } finally {
      await stage().api.update(oAuthPolicy.href, { refreshTokenRotation: before })
    }
  })

  test('WEB-W90 with rotation an old refresh cookie serves for a moment, and ends the session when it comes back later', async () => {
    const browser = await stage().loggedIn()
    const old = browser.cookies.get('refresh_token') as string
    browser.cookies.delete('access_token')
    expect((await browser.getJson('/me')).status).toBe(200)
    expect(browser.cookies.get('refresh_token')).not.toBe(old)
    // of another process, which did not keep the answer
    const late = (await stage().make()).browser()
    late.cookies.set('refresh_token', old)
    expect((await late.getJson('/me')).status).toBe(200)
    stage().clock.advance(21_000)
    const thief = (await stage().make()).browser()
    thief.cookies.set('refresh_token', old)
    expect((await thief.getJson('/me')).status).toBe(401)
    expect([...thief.cookies.keys()]).toEqual([])
    await expect.poll(async () => (await browser.getJson('/me')).status, { timeout: 20_000 }).toBe(401)
  })

  const mistakes: [string, (auth: Record<keyof ExpressAuth, (...given: unknown[]) => unknown>) => unknown][] = [
    ['unknown option remot of auth.loginRequired()', (auth) => auth.loginRequired({ remot: true })],
    ['unknown option validation of auth.apiRequired()', (auth) => auth.apiRequired({ validation: 'remote' })],
    ['remote of auth.optional() is "yes", but must be true or false', (auth) => auth.optional({ remote: 'yes' })],
    ['all of auth.groupsRequired() is 0', (auth) => auth.groupsRequired(['a'], { all: 0 })],
    ['auth.groupsRequired() takes names', (auth) => auth.groupsRequired([])],
    ['auth.groupsRequired() takes names', (auth) => auth.groupsRequired({ all: true })],
    ['auth.loginRequired() takes an object', (auth) => auth.loginRequired('remote')],
    ['auth.when() takes a function', (auth) => auth.when({ remote: true })],
    ['unknown option remot of auth.when()', (auth) => auth.when(() => true, { remot: true })],
  ]
  test.each(mistakes)(
    'WEB-W92 WEB-W141 a guard with a mistake is refused where it is made: %s',
    async (message, make) => {
      const { auth } = await stage().site
      expect(() => make(auth as never)).toThrow(message)
    },
  )

  test('answers behind a guard are kept for one user alone, and what the application says of keeping holds', async () => {
    const site = await stage().make({
      mount(app, auth) {
        app.use((_req, res, next) => {
          res.vary('Origin')
          next()
        })
        app.use(auth)
        app.get('/open', auth.optional(), (_req, res) => void res.send('x'))
        app.get('/own', auth.loginRequired(), (_req, res) => void res.send('x'))
        app.get('/static', auth.loginRequired(), (_req, res) => {
          res.set('Cache-Control', 'private, max-age=60').send('x')
        })
      },
    })
    const varies = (headers: Headers) => (headers.get('vary') ?? '').split(', ').sort()
    const anonymous = await site.browser().visit('/open')
    expect(varies(anonymous.headers)).toEqual(['Authorization', 'Cookie', 'Origin'])
    const refused = await site.browser().visit('/own')
    expect(varies(refused.headers)).toEqual(['Accept', 'Authorization', 'Cookie', 'Origin'])
    expect(refused.headers.get('cache-control')).toBe('no-store')
    const browser = await stage().loggedIn(undefined, site)
    const own = await browser.visit('/own')
    expect(varies(own.headers)).toEqual(['Authorization', 'Cookie', 'Origin'])
    expect(own.headers.get('cache-control')).toBe('private, no-cache')
    expect((await browser.visit('/static')).headers.get('cache-control')).toBe('private, max-age=60')
    expect(varies((await browser.visit('/login')).headers)).toContain('Origin')
  })

  test('WEB-W120 ATTACK-N5 a postLogin that fails in the password grant leaves no session', async () => {
    const account = await stage().account()
    for (const fail of [
      () => Promise.reject(new Error('out of order')),
      () => ({ status: 418, headers: {}, body: 'no' }),
    ]) {
      const flows: string[] = []
      const site = await stage().make({
        options: {
          web: { oauth2: { password: { enabled: true } } },
          hooks: {
            postLogin({ flow }) {
              flows.push(flow)
              return fail()
            },
          },
        },
      })
      const form = { grant_type: 'password', username: account.email, password }
      const answer = await site.browser().postForm('/oauth/token', form, { csrf: null })
      expect([500, 418]).toContain(answer.status)
      expect(answer.text).not.toContain('access_token')
      expect(flows).toEqual(['token'])
      expect((await stage().api.read(account.sessions.href)).size).toBe(0)
    }
  })
})
