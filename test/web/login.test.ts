import { expect, test } from 'vitest'
import { describeWeb, json, password } from './harness.ts'

describeWeb('logging in', (stage) => {
  test('WEB-W34 WEB-W4 WEB-W32 WEB-W36 WEB-W56 WEB-W104 an anonymous visitor logs in and comes back to where they were going', async () => {
    const { email } = await stage().account()
    const browser = (await stage().site).browser()
    const refused = await browser.visit('/dashboard?a=b&c=d')
    expect(refused).toMatchObject({ status: 302, location: '/login?next=%2Fdashboard%3Fa%3Db%26c%3Dd' })
    const wrong = await browser.submit(refused.location as string, { login: email, password: 'wrong' })
    expect(wrong.status).toBe(200)
    expect(wrong.text).toContain('Invalid username or password.')
    expect(wrong.text).toContain(`value="${email}"`)
    expect(wrong.text).not.toContain('value="wrong"')
    const next = /name="next" value="([^"]+)"/.exec(wrong.text)?.[1]?.replaceAll('&amp;', '&') as string
    const page = await browser.postForm('/login', { login: email, password, next })
    expect(page).toMatchObject({ status: 302, location: '/dashboard?a=b&c=d' })
    expect((await browser.visit(page.location as string)).json).toEqual({ hello: email })
  })

  test('WEB-W3 WEB-W54 by e-mail address or username, in any case, as JSON', async () => {
    const account = await stage().account({ username: `jo-${Math.random().toString(36).slice(2)}` })
    for (const login of [account.email, account.username, account.email.toUpperCase()]) {
      const page = await (await stage().site).browser().postJson('/login', { login, password })
      expect(page.status).toBe(200)
      expect(page.json.account).toMatchObject({ href: account.href, email: account.email, username: account.username })
    }
  })

  test('WEB-W45 WEB-W101 the account is told without links and secrets, times as ISO 8601', async () => {
    const { email } = await stage().account()
    const page = await (await stage().site).browser().postJson('/login', { login: email, password })
    expect(Object.keys(page.json)).toEqual(['account'])
    const { account } = page.json
    expect(Object.keys(account).sort()).toEqual(
      [
        'createdAt',
        'email',
        'fullName',
        'givenName',
        'href',
        'middleName',
        'modifiedAt',
        'status',
        'surname',
        'username',
      ].sort(),
    )
    expect(account.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test.each([{}, { login: '', password: '' }, { login: 'x' }, { password: 'x' }, { login: 'nobody', password: 'x' }])(
    'WEB-W101 WEB-W102 %j is refused with status and message, no more',
    async (body) => {
      const page = await (await stage().site).browser().postJson('/login', body)
      expect(page.status).toBe(400)
      expect(Object.keys(page.json).sort()).toEqual(['message', 'status'])
      expect(page.json.message).not.toContain('object')
      expect(page.setCookies).toEqual([])
    },
  )

  test.each([[{ $ne: null }], [['a']], [5], [true]])(
    'ATTACK-J1 a login that is no text is refused: %j',
    async (login) => {
      const page = await (await stage().site).browser().postJson('/login', { login, password })
      expect(page.status).toBe(400)
    },
  )

  test('WEB-W59 WEB-W60 logging out takes a POST, ends the session in the service, and leads home', async () => {
    const browser = await stage().loggedIn()
    const before = new Map(browser.cookies)
    expect((await browser.visit('/logout')).status).toBe(404)
    const profile = await browser.visit('/profile')
    expect(profile.status, profile.text.slice(0, 3000)).toBe(200)
    const page = await browser.postForm('/logout', {})
    expect(page).toMatchObject({ status: 302, location: '/' })
    expect([...browser.cookies.keys()].filter((name) => name.endsWith('_token'))).toEqual([])
    for (const [name, value] of before) browser.cookies.set(name, value)
    expect((await browser.getJson('/me')).status).toBe(401)
  })

  test('WEB-W59 logging out works without a session', async () => {
    const browser = (await stage().site).browser()
    expect(await browser.postJson('/logout', {})).toMatchObject({ status: 200, text: '' })
    await browser.visit('/login')
    expect(await browser.postForm('/logout', {})).toMatchObject({ status: 302, location: '/' })
  })

  test('WEB-W60 a Bearer token ends too', async () => {
    const owner = await stage().loggedIn()
    const authorization = `Bearer ${owner.cookies.get('access_token')}`
    const client = (await stage().site).browser()
    expect((await client.getJson('/me', { authorization })).status).toBe(200)
    expect((await client.postJson('/logout', {}, { authorization })).status).toBe(200)
    expect((await client.getJson('/me', { authorization })).status).toBe(401)
  })

  test('WEB-W87 cookies end with their tokens, are HttpOnly and Lax', async () => {
    const { email } = await stage().account()
    const page = await (await stage().site).browser().postJson('/login', { login: email, password })
    for (const name of ['access_token', 'refresh_token']) {
      const cookie = page.setCookies.find((each) => each.startsWith(`${name}=`)) as string
      const claims = JSON.parse(Buffer.from(cookie.split('.')[1] as string, 'base64url').toString())
      expect(Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] as string)).toBe(claims.exp * 1000)
      expect(cookie).toContain('; Path=/; ')
      expect(cookie).toContain('; HttpOnly')
      expect(cookie).toContain('; SameSite=Lax')
      expect(cookie).not.toContain('Secure')
    }
  })

  test('WEB-W57 the destination does not stick', async () => {
    const { email } = await stage().account()
    const browser = (await stage().site).browser()
    await browser.visit('/dashboard')
    expect(await browser.submit('/login', { login: email, password })).toMatchObject({ status: 302, location: '/' })
  })

  test('WEB-W55 the banner that ?status= names is shown, others are not', async () => {
    const browser = (await stage().site).browser()
    expect((await browser.visit('/login?status=created')).text).toContain('Your account has been created.')
    expect((await browser.visit('/login?status=<script>')).text).not.toContain('&lt;script&gt;')
  })

  test('WEB-W44 the view model has two members', async () => {
    const page = await (await stage().site).browser().getJson('/login')
    expect(page.json).toEqual({
      form: {
        fields: [
          { label: 'Username or Email', name: 'login', placeholder: 'Username or Email', required: true, type: 'text' },
          { label: 'Password', name: 'password', placeholder: 'Password', required: true, type: 'password' },
        ],
      },
      accountStores: [],
    })
  })

  test('WEB-W98 what is neither page nor JSON is left to the application', async () => {
    const browser = (await stage().site).browser()
    expect((await browser.ask('/login', { accept: 'foo/bar' })).status).toBe(404)
    expect((await browser.ask('/login', { accept: '*/*' })).headers.get('content-type')).toContain(json)
    expect((await browser.ask('/login')).headers.get('content-type')).toContain(json)
    expect((await browser.visit('/login')).headers.get('content-type')).toContain('text/html')
    expect((await browser.visit('/login')).headers.get('vary')).toContain('Accept')
  })

  test.each(['PUT', 'DELETE', 'PATCH'])('WEB-W100 %s is left to the application', async (method) => {
    const browser = (await stage().site).browser()
    for (const path of ['/login', '/logout', '/register', '/me']) {
      expect((await browser.ask(path, { method, accept: json })).status).toBe(404)
    }
  })
})
