import type { ErrorRequestHandler } from 'express'
import { expect, test } from 'vitest'
import { reject } from '../../src/web/rejection.ts'
import { describeWeb, password, unique } from './harness.ts'

const email = () => `${unique('new').toLowerCase()}-${Math.random().toString(36).slice(2)}@example.com`

describeWeb('registering', (stage) => {
  test('WEB-W29 WEB-W40 WEB-W45 home, register, log in, dashboard, log out', async () => {
    const browser = (await stage().site).browser()
    const address = email()
    expect((await browser.visit('/')).text).toBe('home')
    const refused = await browser.visit('/dashboard')
    const created = await browser.submit('/register?next=%2Fdashboard', {
      givenName: 'Jo',
      surname: 'Doe',
      email: address,
      password,
    })
    expect(created).toMatchObject({ status: 302, location: '/login?next=%2Fdashboard&status=created' })
    expect(refused.location).toBe('/login?next=%2Fdashboard')
    const loggedIn = await browser.submit(created.location as string, { login: address, password })
    expect(loggedIn).toMatchObject({ status: 302, location: '/dashboard' })
    expect((await browser.visit('/dashboard')).json).toEqual({ hello: address })
  })

  test('WEB-W30 WEB-W50 with auto-login the new user is logged in and goes on', async () => {
    const site = await stage().make({ options: { web: { register: { autoLogin: true, nextUri: '/welcome' } } } })
    const browser = site.browser()
    const address = email()
    expect(await browser.submit('/register', { email: address, password })).toMatchObject({
      status: 302,
      location: '/welcome',
    })
    expect((await browser.getJson('/me')).json.account.email).toBe(address)
  })

  test.each([
    ['status', { status: 'ENABLED' }],
    ['groups', { groups: [] }],
    ['middleName, which is off', { middleName: 'X' }],
    ['an unknown one', { unknown: 'x' }],
    ['an unknown one in custom data', { customData: { unknown: 'x' } }],
    ['a reserved one in custom data', { customData: { status: 'DISABLED' } }],
    ['__proto__', JSON.parse('{"__proto__": {"admin": true}}')],
  ])('WEB-W48 a field that may not be set turns the whole request down: %s', async (_, more) => {
    const address = email()
    const body = `{"email":"${address}","password":"${password}",${JSON.stringify(more).slice(1)}`
    const browser = (await stage().site).browser()
    const page = await browser.ask('/register', {
      method: 'POST',
      accept: 'application/json',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(page.status).toBe(400)
    expect((await browser.postJson('/login', { login: address, password })).status).toBe(400)
  })

  test('WEB-W49 a refused form keeps what was typed but the password, and names the field', async () => {
    const browser = (await stage().site).browser()
    const address = email()
    const page = await browser.submit('/register', { givenName: 'Jo"><b>', email: address, password: 'short' })
    expect(page.status).toBe(200)
    expect(page.text).toContain(`value="${address}"`)
    expect(page.text).toContain('Jo&quot;&gt;&lt;b&gt;')
    expect(page.text).not.toContain('value="short"')
    expect(page.text).toMatch(/id="[^"]*password[^"]*"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="password"/)
  })

  test('WEB-W53 names may be left out, and stay empty', async () => {
    const page = await (await stage().site).browser().postJson('/register', { email: email(), password })
    expect(page.json.account).toMatchObject({ givenName: null, surname: null })
  })

  test('WEB-W46 WEB-W47 fields are set by configuration alone; own ones end in custom data', async () => {
    const site = await stage().make({
      options: {
        web: {
          register: {
            form: {
              fields: {
                color: { label: 'Favourite colour', required: true },
                plan: { visible: false },
                surname: { enabled: false },
                confirmPassword: { enabled: true },
              },
              fieldOrder: ['email', 'color'],
            },
          },
        },
      },
    })
    const browser = site.browser()
    const { fields } = (await browser.getJson('/register')).json.form
    expect(fields.map(({ name }: { name: string }) => name)).toEqual([
      'email',
      'color',
      'givenName',
      'password',
      'confirmPassword',
    ])
    expect(fields[1]).toMatchObject({ label: 'Favourite colour', required: true })
    const address = email()
    const draft = { email: address, password, confirmPassword: password }
    expect((await browser.postJson('/register', draft)).json.message).toBe('Favourite colour is required.')
    expect((await browser.postJson('/register', { ...draft, color: 'red', confirmPassword: 'x' })).status).toBe(400)
    const page = await browser.postJson('/register', { ...draft, color: 'red', customData: { plan: 'pro' } })
    expect(page.status).toBe(200)
    const stored = await stage().api.read(`${page.json.account.href}/customData`)
    expect(stored).toMatchObject({ color: 'red', plan: 'pro' })
    expect(stored).not.toHaveProperty('confirmPassword')
  })

  test('WEB-W10 custom data comes along where a field of the developer’s own is on, as much of it as the settings say', async () => {
    const color = { register: { form: { fields: { color: { label: 'Colour' } } } } }
    const statusOf = async (web: object, bytes: number) => {
      const browser = (await stage().make({ options: { web } })).browser()
      return (await browser.postJson('/register', { email: email(), password, color: 'x'.repeat(bytes) })).status
    }
    expect(await statusOf({}, 40_000)).toBe(413)
    expect(await statusOf(color, 40_000)).toBe(200)
    expect(await statusOf(color, 300_000)).toBe(413)
    expect(await statusOf({ ...color, customDataLimit: 1_000_000 }, 300_000)).toBe(200)
  })

  test('WEB-W119 WEB-W120 hooks change data, reject with a message at a field, and answer themselves', async () => {
    const seen: string[] = []
    const site = await stage().make({
      options: {
        hooks: {
          preRegister({ fields, flow }) {
            seen.push(`preRegister ${flow}`)
            if (fields.email === 'no@example.com') reject('Not you.', { field: 'email' })
            fields.givenName = 'Changed'
          },
          postRegister: ({ account }) => void seen.push(`postRegister ${typeof account.href}`),
          preLogin({ login, flow }) {
            seen.push(`preLogin ${flow}`)
            if (login === 'out') return { status: 418, headers: {}, body: 'teapot' }
            return undefined
          },
          postLogin: ({ account, flow }) => void seen.push(`postLogin ${flow} ${typeof account.email}`),
          postLogout: ({ user }) => void seen.push(`postLogout ${typeof user?.email}`),
        },
      },
    })
    const browser = site.browser()
    expect((await browser.postJson('/register', { email: 'no@example.com', password })).json).toEqual({
      status: 400,
      message: 'Not you.',
    })
    const page = await browser.submit('/register', { email: 'no@example.com', password })
    expect(page.text).toContain('Not you.')
    const address = email()
    expect((await browser.postJson('/register', { email: address, password })).json.account.givenName).toBe('Changed')
    expect((await browser.postJson('/login', { login: 'out', password })).status).toBe(418)
    await browser.postJson('/login', { login: address, password })
    await browser.postJson('/logout', {})
    expect(seen).toEqual([
      'preRegister json',
      'preRegister form',
      'preRegister json',
      'postRegister string',
      'preLogin json',
      'preLogin json',
      'postLogin json string',
      'postLogout string',
    ])
  })

  test('WEB-W120 postLogin runs in every way to log in: form, JSON, token, and after a registration with auto-login', async () => {
    const seen: string[] = []
    const site = await stage().make({
      options: {
        hooks: { postLogin: ({ account, flow }) => void seen.push(`${account.email} ${flow}`) },
        web: { register: { autoLogin: true }, oauth2: { password: { enabled: true } } },
      },
    })
    const account = await stage().account()
    await site.browser().submit('/login', { login: account.email, password })
    await site.browser().postJson('/login', { login: account.email, password })
    const grant = { grant_type: 'password', username: account.email, password }
    await site.browser().postForm('/oauth/token', grant, { csrf: null })
    const [form, json] = [email(), email()]
    await site.browser().submit('/register', { email: form, password })
    await site.browser().postJson('/register', { email: json, password })
    expect(seen).toEqual([
      `${account.email} form`,
      `${account.email} json`,
      `${account.email} token`,
      `${form} form`,
      `${json} json`,
    ])
    // nobody logged in who only failed, renewed or logged out
    const browser = await stage().loggedIn(account, site)
    browser.cookies.delete('access_token')
    await browser.getJson('/me')
    await site.browser().postJson('/login', { login: account.email, password: 'wrong' })
    await browser.postJson('/logout', {})
    expect(seen).toHaveLength(6)
  })

  test('ATTACK-N5 a hook that breaks refuses the log-in', async () => {
    const site = await stage().make({
      options: {
        hooks: {
          postLogin() {
            throw new Error('out of order')
          },
        },
      },
      mount(app, auth) {
        app.use(auth)
        const onError: ErrorRequestHandler = (error, _req, res, _next) =>
          void res.status(error.status).send(error.message)
        app.use(onError)
      },
    })
    const { email } = await stage().account()
    const page = await site.browser().postJson('/login', { login: email, password })
    expect(page).toMatchObject({ status: 500, text: 'Something went wrong.', setCookies: [] })
  })
})
