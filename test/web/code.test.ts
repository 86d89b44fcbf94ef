import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { Json } from '../conformance/client.ts'
import { describeWeb, password, type Stage, unique } from './harness.ts'

const address = () => `${unique('code').toLowerCase()}@example.com`

/** Custom data of somebody, as another program sees them. */
async function dataOf(stage: Stage, { href }: Json): Promise<Json> {
  const { createdAt: _, modifiedAt: __, href: ___, ...data } = await stage.api.read(`${href}/customData`)
  return data
}

describeWeb('WEB-W145 users from code', (stage) => {
  test('WEB-W2 accounts are created, found, searched, changed, disabled and deleted', async () => {
    const { auth } = await stage().site
    const [application, client] = await Promise.all([auth.application, auth.client])
    const email = address()
    const account = await application.accounts.create({
      email,
      password,
      givenName: 'Ada',
      customData: { plan: 'pro' },
    })
    expect(await client.accounts.get(account.href)).toMatchObject({ email, givenName: 'Ada' })
    const found = await application.accounts.list({ email: `${email.slice(0, -8)}*` }).toArray()
    expect(found.map((each) => each.href)).toEqual([account.href])
    expect((await account.update({ givenName: 'Augusta' })).givenName).toBe('Augusta')
    await account.update({ status: 'DISABLED' })
    const browser = (await stage().site).browser()
    expect((await browser.postJson('/login', { login: email, password })).status).toBe(400)
    await account.delete()
    await expect(client.accounts.get(account.href)).rejects.toMatchObject({ status: 404 })
  })

  test('WEB-W5 the database of the app stays as it is: users are known there by their address alone', async () => {
    const database = new DatabaseSync(':memory:')
    database.exec('create table orders (user text not null, item text not null)')
    const schema = () => database.prepare('select name, sql from sqlite_schema').all()
    const before = schema()
    const site = await stage().make({
      routes(app, auth) {
        app.post('/orders', auth.loginRequired(), (req, res) => {
          database.prepare('insert into orders values (?, ?)').run(req.user.href, 'tea')
          res.end()
        })
      },
    })
    const browser = await stage().loggedIn(undefined, site)
    expect((await browser.postJson('/orders', {})).status).toBe(200)
    expect(database.prepare('select user, item from orders').all()).toEqual([
      { user: browser.account.href, item: 'tea' },
    ])
    expect(schema()).toEqual(before)
    database.close()
  })

  test('WEB-W10 custom data is any JSON of up to 10 MB, and more is refused with nothing changed', async () => {
    const site = await stage().make({
      routes(app, auth) {
        app.post('/save/:mb', auth.loginRequired(), async (req, res) => {
          const size = Number(req.params.mb) * 1024 * 1024
          try {
            await req.user.update({ customData: { deep: { list: [1, { two: null }] }, text: 'x'.repeat(size) } })
            res.json({ saved: true })
          } catch (error) {
            res.json({ refused: (error as Error & { code?: number }).code })
          }
        })
        app.get('/size', auth.loginRequired(), (req, res) => {
          const { deep, text } = req.user.customData
          res.json({ deep, size: (text as string).length })
        })
      },
    })
    const browser = await stage().loggedIn(undefined, site)
    expect((await browser.postJson('/save/9', {})).json).toEqual({ saved: true })
    expect((await browser.postJson('/save/11', {})).json).toEqual({ refused: expect.any(Number) })
    expect((await browser.getJson('/size')).json).toEqual({
      deep: { list: [1, { two: null }] },
      size: 9 * 1024 * 1024,
    })
  })

  test('WEB-W81 changes of custom data are merged: sixteen at once lose nothing', async () => {
    const names = Array.from({ length: 16 }, (_, at) => `key${at}`)
    const site = await stage().make({
      routes(app, auth) {
        app.post('/set/:name', auth.loginRequired(), async (req, res) => {
          await req.user.update({ customData: { [String(req.params.name)]: true } })
          res.end()
        })
      },
    })
    const account = await stage().account({ customData: { before: 1 } })
    const browser = await stage().loggedIn(account, site)
    const saved = await Promise.all(names.map((name) => browser.postJson(`/set/${name}`, {})))
    expect(saved.map(({ status }) => status)).toEqual(names.map(() => 200))
    const all = Object.fromEntries(names.map((name) => [name, true]))
    expect(await dataOf(stage(), account)).toEqual({ before: 1, ...all })
  })

  test('WEB-W82 groups, the application and the tenant have custom data too', async () => {
    const { auth } = await stage().site
    const [application, client] = await Promise.all([auth.application, auth.client])
    const group = await application.groups.create({ name: unique('team'), customData: { colour: 'red' } })
    const tenant = await client.tenants.get('current')
    const value = unique('value')
    for (const owner of [group, application, tenant]) {
      await owner.customData.set({ shared: value })
      expect(await owner.customData.get()).toMatchObject({ shared: value })
    }
    expect(await group.customData.get()).toMatchObject({ colour: 'red', shared: value })
  })

  test('WEB-W78 WEB-W80 /me shows custom data and groups where the app says so, and private members never', async () => {
    const account = await stage().account({ customData: { plan: 'pro', notes: 'owes us money' } })
    const { href } = await stage().application()
    const group = await stage().api.create(`${href}/groups`, { name: unique('team') })
    await stage().api.newMembership(account, group)
    const asked = async (expand: object) => {
      const site = await stage().make({
        options: { web: { me: { expand, privateData: ['notes'] } } },
        routes: (app, auth) =>
          void app.get('/notes', auth.loginRequired(), (req, res) => void res.json(req.user.customData)),
      })
      const browser = await stage().loggedIn(account, site)
      expect((await browser.getJson('/notes')).json).toMatchObject({ plan: 'pro', notes: 'owes us money' })
      return (await browser.getJson('/me')).json.account
    }
    const plain = await asked({})
    expect(plain).not.toHaveProperty('customData')
    expect(plain).not.toHaveProperty('groups')
    const withData = await asked({ customData: true })
    expect(withData.customData).toMatchObject({ plan: 'pro' })
    expect(withData.customData).not.toHaveProperty('notes')
    const withBoth = await asked({ customData: true, groups: true })
    expect(withBoth.customData).toMatchObject({ plan: 'pro' })
    expect(withBoth.customData).not.toHaveProperty('notes')
    expect(withBoth.groups).toMatchObject({ size: 1, items: [{ name: group.name }] })
  })

  test('WEB-W21 applications of one service have users of their own', async () => {
    const { application } = await stage().api.newApplicationWithDirectory()
    const other = await stage().make({
      options: { application: { href: application.href } },
      routes: (app, auth) => void app.get('/in', auth.loginRequired(), (_req, res) => void res.end()),
    })
    const email = address()
    const here = await stage().loggedIn()
    expect((await other.browser().postJson('/register', { email, password })).status).toBe(200)
    expect((await other.browser().postJson('/login', { login: email, password })).status).toBe(200)
    const { site } = stage()
    expect((await (await site).browser().postJson('/login', { login: email, password })).status).toBe(400)
    const { account } = here
    expect((await other.browser().postJson('/login', { login: account.email, password })).status).toBe(400)
    const authorization = `Bearer ${here.cookies.get('access_token')}`
    expect((await (await site).browser().getJson('/dashboard', { authorization })).status).toBe(200)
    expect((await other.browser().getJson('/in', { authorization })).status).toBe(401)
    await stage().api.remove(application.href)
  })

  test('WEB-W86 revoking a token by OAuth ends its session, cookies and all', async () => {
    const browser = await stage().loggedIn()
    const token = browser.cookies.get('refresh_token') as string
    const fields = { token, token_type_hint: 'refresh_token' }
    const answer = await (await stage().site).browser().postForm('/oauth/revoke', fields, { csrf: null })
    expect(answer.status).toBe(200)
    expect((await stage().api.read(`${browser.account.href}/sessions`)).size).toBe(0)
    await expect.poll(async () => (await browser.getJson('/dashboard')).status, { timeout: 20_000 }).toBe(401)
    const nonsense = await browser.postForm('/oauth/revoke', { token: 'nonsense' }, { csrf: null })
    expect(nonsense.status).toBe(200)
    const nothing = await browser.postForm('/oauth/revoke', {}, { csrf: null })
    expect(nothing).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
  })

  test('WEB-W111 a guard holds where the middleware is missing, or comes after', async () => {
    for (const mount of ['never', 'after'] as const) {
      const site = await stage().make({
        mount(app, auth) {
          app.get('/secret', auth.loginRequired(), (req, res) => void res.json({ hello: req.user.email }))
          if (mount === 'after') app.use(auth)
        },
      })
      expect((await site.browser().getJson('/secret')).status).toBe(401)
      const { account, cookies } = await stage().loggedIn()
      const authorization = `Bearer ${cookies.get('access_token')}`
      expect((await site.browser().getJson('/secret', { authorization })).json).toEqual({ hello: account.email })
    }
  })

  test('WEB-W112 behind a guard the user is there, elsewhere perhaps: the compiler says so', async () => {
    const site = await stage().make({
      routes(app, auth) {
        app.get('/guarded', auth.loginRequired(), (req, res) => void res.json({ hello: req.user.email }))
        app.get('/any', auth.optional(), (req, res) => {
          // @ts-expect-error: nobody may be logged in here
          const unsafe = () => req.user.email
          res.json({ user: req.user?.email ?? null, throws: throws(unsafe) })
        })
      },
    })
    expect((await site.browser().getJson('/any')).json).toEqual({ user: null, throws: true })
    const browser = await stage().loggedIn(undefined, site)
    expect((await browser.getJson('/guarded')).json).toEqual({ hello: browser.account.email })
  })
})

function throws(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch {
    return true
  }
}
