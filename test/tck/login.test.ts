import { expect, test } from 'vitest'
import {
  claimsOf,
  cookieOf,
  describeTck,
  expectAccount,
  expectError,
  expectNotHandled,
  inputsOf,
  newAccount,
  password,
  textOfDiv,
} from './suite.ts'

describeTck('LoginIT', (stage) => {
  const browser = async () => (await stage().site).browser()

  test.each(['PUT', 'DELETE'])('WEB-W100 %s is not handled', async (method) => {
    expectNotHandled(await (await browser()).ask('/login', { method }))
  })

  test('WEB-W44 the view model has two members, and the fields in their order', async () => {
    const page = await (await browser()).getJson('/login')
    expect(page).toMatchObject({ status: 200, headers: expect.anything() })
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

  test('WEB-W54 WEB-W45 JSON: by e-mail address or by username, the account without links and with ISO dates comes back', async () => {
    const account = await newAccount(stage())
    for (const login of [account.email, account.username]) {
      expectAccount(await (await browser()).postJson('/login', { login, password }), account)
    }
  })

  test('WEB-W54 JSON: an account without username of its own logs in by its address, and that is its username', async () => {
    const account = await stage().account()
    const page = await (await browser()).postJson('/login', { login: account.email, password })
    expectAccount(page, { ...account, username: account.email })
  })

  test.each([
    ['an empty login', { login: '', password: 'foo' }],
    ['an empty password', { login: 'foo@foo.bar', password: '' }],
    ['no login', { password: 'foo' }],
    ['no password', { login: 'foo@foo.bar' }],
    ['credentials of nobody', { login: 'foo@foo.bar', password: 'pwn4g3!!1' }],
  ])('WEB-W101 WEB-W36 JSON: %s is 400 with status and message only', async (_, body) => {
    const page = await (await browser()).postJson('/login', body)
    expectError(page, 400)
    expect(page.setCookies.join()).not.toContain('access_token')
  })

  test('WEB-W87 JSON: a log-in sets both cookies', async () => {
    const account = await newAccount(stage())
    const page = await (await browser()).postJson('/login', { login: account.email, password })
    expect(claimsOf(cookieOf(page, 'access_token').value).sub).toBe(account.href)
    expect(claimsOf(cookieOf(page, 'refresh_token').value).sub).toBe(account.href)
  })

  test('WEB-W44 WEB-W36 HTML: a form that is posted, the fields in their order', async () => {
    const page = await (await browser()).visit('/login')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.text).toMatch(/<form method="post" action="\/login">/)
    expect(inputsOf(page)).toMatchObject([
      { name: 'login', placeholder: 'Username or Email', type: 'text' },
      { name: 'password', placeholder: 'Password', type: 'password' },
    ])
  })

  test.each([
    ['nothing that is needed', { foo: 'bar' }],
    ['credentials of nobody', { login: 'blah', password: 'foobar!' }],
    ['no password', { login: 'blah', password: '' }],
  ])('WEB-W36 HTML: %s shows the form again with the error', async (_, fields) => {
    const page = await (await browser()).submit('/login', fields)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(textOfDiv(page, 'bad-login')).toMatch(/\w/)
  })

  test('WEB-W36 HTML: the form that comes again keeps the login and not the password', async () => {
    const page = await (await browser()).submit('/login', { login: 'blah', password: '1' })
    const [login, secret] = inputsOf(page)
    expect(login).toMatchObject({ name: 'login', value: 'blah' })
    expect(secret).toMatchObject({ name: 'password' })
    expect(secret?.value ?? '').toBe('')
  })

  test('WEB-W54 WEB-W87 HTML: by e-mail address or by username, on to nextUri with both cookies', async () => {
    const account = await newAccount(stage())
    for (const login of [account.email, account.username] as string[]) {
      const page = await (await browser()).submit('/login', { login, password })
      expect(page).toMatchObject({ status: 302, location: '/' })
      expect(claimsOf(cookieOf(page, 'access_token').value).sub).toBe(account.href)
      expect(claimsOf(cookieOf(page, 'refresh_token').value).sub).toBe(account.href)
    }
  })

  test('WEB-W55 every known status says something of its own above the form, an unknown one nothing', async () => {
    const header = async (path: string) => {
      const page = await (await browser()).visit(path)
      expect(page.status).toBe(200)
      return textOfDiv(page, 'header') ?? ''
    }
    const usual = await header('/login')
    expect(usual).toMatch(/\w/)
    expect(await header('/login?status=foobar')).toBe(usual)
    const known = ['unverified', 'verified', 'created', 'forgot', 'reset']
    const said = await Promise.all(known.map((status) => header(`/login?status=${status}`)))
    for (const text of said) expect(text.length).toBeGreaterThan(usual.length)
    expect(new Set(said).size).toBe(known.length)
  })

  test('WEB-W57 WEB-W56 the destination does not stick once the visitor walks away', async () => {
    const account = await newAccount(stage())
    const visitor = await browser()
    expect(await visitor.visit('/me')).toMatchObject({ status: 302, location: '/login?next=%2Fme' })
    expect((await visitor.visit('/login?next=%2Fme')).status).toBe(200)
    expect((await visitor.visit('/')).status).toBe(200)
    expect(await visitor.submit('/login', { login: account.email as string, password })).toMatchObject({
      status: 302,
      location: '/',
    })
  })
})
