import { expect, test } from 'vitest'
import { claimsOf, cookieOf, describeTck, expectCookiesDeleted, newAccount, password } from './suite.ts'

describeTck('CookieIT', (stage) => {
  const browser = async () => (await stage().site).browser()

  async function tokens() {
    const user = await stage().loggedIn()
    return {
      access: user.cookies.get('access_token') as string,
      refresh: user.cookies.get('refresh_token') as string,
    }
  }

  test.each(['', 'access_token=not_a_valid_access_token_at_all; '])(
    'WEB-W88 WEB-W90 the refresh cookie renews an access cookie that is missing or bad, and stays the same: %s',
    async (broken) => {
      const { access, refresh } = await tokens()
      const visitor = await browser()
      const page = await visitor.ask('/me', { headers: { cookie: `${broken}refresh_token=${refresh}` } })
      expect(page.status).toBe(200)
      const renewed = cookieOf(page, 'access_token').value
      expect(renewed).not.toBe(access)
      expect(claimsOf(renewed).sub).toBe(claimsOf(access).sub)
      expect(visitor.cookies.get('refresh_token') ?? refresh).toBe(refresh)
    },
  )

  test('WEB-W88 a bad refresh cookie is 401 and both cookies are deleted', async () => {
    const cookie = 'access_token=not_a_valid_access_token_at_all; refresh_token=not_a_valid_refresh_token_at_all'
    const page = await (await browser()).ask('/me', { headers: { cookie } })
    expect(page.status).toBe(401)
    expectCookiesDeleted(page)
  })

  test('WEB-W104 WEB-W56 a browser without cookies is led to the log-in page, the query of its destination kept', async () => {
    expect(await (await browser()).visit('/me?foo=bar')).toMatchObject({
      status: 302,
      location: '/login?next=%2Fme%3Ffoo%3Dbar',
    })
  })

  test('WEB-W87 cookies end when their tokens do, and are for HTTP only', async () => {
    const account = await newAccount(stage())
    const page = await (await browser()).postJson('/login', { login: account.email, password })
    for (const name of ['access_token', 'refresh_token']) {
      const { value, expires } = cookieOf(page, name)
      expect(expires).toBe(claimsOf(value).exp * 1000)
      expect(page.setCookies.find((each) => each.startsWith(name))).toMatch(/; HttpOnly(;|$)/)
    }
  })

  test('WEB-W91 a refresh token is no access cookie', async () => {
    const { refresh } = await tokens()
    expect((await (await browser()).ask('/me', { headers: { cookie: `access_token=${refresh}` } })).status).toBe(401)
  })
})
