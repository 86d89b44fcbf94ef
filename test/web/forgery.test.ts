import { expect, test } from 'vitest'
import { describeWeb, password } from './harness.ts'

const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

describeWeb('requests from elsewhere', (stage) => {
  test('WEB-W117 a form without token, or with that of another browser, is refused', async () => {
    const { email } = await stage().account()
    const site = await stage().site
    const browser = site.browser()
    const other = site.browser()
    await browser.visit('/login')
    await other.visit('/login')
    const fields = { login: email, password }
    for (const csrf of [null, '', 'x.y', other.csrf]) {
      const page = await browser.postForm('/login', fields, { csrf })
      expect(page.status).toBe(200)
      expect(page.text).toContain('had been open for too long')
      expect(page.setCookies.some((cookie) => cookie.startsWith('access_token'))).toBe(false)
    }
    expect((await browser.postForm('/login', fields)).status).toBe(302)
  })

  test('WEB-W117 a token holds for every form of the browser', async () => {
    const browser = (await stage().site).browser()
    await browser.visit('/login')
    const { csrf } = browser
    expect((await browser.postForm('/register', { email: 'x' }, { csrf })).text).not.toContain('too long')
    expect((await browser.postForm('/logout', {}, { csrf })).status).toBe(302)
  })

  test('WEB-W117 the token of an anonymous browser holds no more once somebody is logged in', async () => {
    const { email } = await stage().account()
    const browser = (await stage().site).browser()
    await browser.visit('/login')
    const before = browser.csrf
    await browser.postForm('/login', { login: email, password })
    expect((await browser.postForm('/profile', { givenName: 'X' }, { csrf: before })).text).toContain('too long')
  })

  test('WEB-W117 JSON from another site is refused, with cookies and without', async () => {
    const browser = await stage().loggedIn()
    expect((await browser.postJson('/logout', {}, evil)).status).toBe(403)
    expect((await browser.postJson('/profile', { givenName: 'X' }, { origin: 'null' })).status).toBe(403)
    expect((await browser.postJson('/profile', { givenName: 'X' }, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
    expect((await browser.getJson('/me')).status).toBe(200)
    expect((await (await stage().site).browser().postJson('/login', {}, evil)).status).toBe(403)
  })

  test('WEB-W117 JSON of our own pages needs no token', async () => {
    const browser = await stage().loggedIn()
    const { base } = await stage().site
    const headers = { origin: base, 'sec-fetch-site': 'same-origin' }
    expect((await browser.postJson('/profile', { givenName: 'X' }, headers)).status).toBe(200)
  })

  test('WEB-W117 a trusted origin may send JSON', async () => {
    const site = await stage().make({ options: { web: { trustedOrigins: ['https://app.example'] } } })
    const headers = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }
    expect((await site.browser().postJson('/logout', {}, headers)).status).toBe(200)
  })

  test.each(['text/plain', 'multipart/form-data; boundary=x', 'application/jsonp', 'text/json'])(
    'WEB-W117 JSON in a body of %s is none',
    async (type) => {
      const { email } = await stage().account()
      const page = await (await stage().site).browser().ask('/login', {
        method: 'POST',
        accept: 'application/json',
        headers: { 'content-type': type },
        body: JSON.stringify({ login: email, password }),
      })
      expect(page.status).toBe(415)
    },
  )
})
