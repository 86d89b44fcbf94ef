import { expect, test } from 'vitest'
import type { WebOptions } from '../../src/web/options/options.ts'
import { type Browser, describeWeb, password } from './harness.ts'

const HOUR = 60 * 60_000
const choice = { login: { form: { fields: { rememberMe: { enabled: true } } } } }
const ofSession = (setCookies: readonly string[]) => setCookies.filter((each) => /^(access|refresh)_token=e/.test(each))

/** What is left when a browser is closed: cookies that say when they end. */
function close(browser: Browser, seen: readonly string[]): void {
  for (const cookie of seen) {
    if (!cookie.includes('Expires=')) browser.cookies.delete(cookie.slice(0, cookie.indexOf('=')))
  }
}

describeWeb('how long sessions last', (stage) => {
  const site = (web: WebOptions['web']) => stage().make({ options: { web: { revocationDelay: 0, ...web } } })

  test('WEB-W38 WEB-W62 without a choice people stay logged in when they close the browser', async () => {
    const { email } = await stage().account()
    const browser = (await stage().site).browser()
    const page = await browser.submit('/login', { login: email, password })
    expect(ofSession(page.setCookies)).toHaveLength(2)
    close(browser, page.setCookies)
    expect((await browser.getJson('/me')).status).toBe(200)
    expect((await browser.visit('/login')).text).not.toContain('rememberMe')
    expect(browser.cookies.has('latchkey_brief')).toBe(false)
  })

  test('WEB-W38 WEB-W62 with the choice who ticks the box stays, who does not is out; by form and JSON', async () => {
    const { email } = await stage().account()
    const { browser: open } = await site(choice)
    expect((await open().visit('/login')).text).toMatch(
      /<input[^>]+name="rememberMe"[^>]+type="checkbox"|type="checkbox"[^>]+name="rememberMe"/,
    )
    const { fields } = (await open().getJson('/login')).json.form
    expect(fields.at(-1)).toEqual({
      label: 'Remember me',
      name: 'rememberMe',
      placeholder: 'Remember me',
      required: false,
      type: 'checkbox',
    })
    const ways: [boolean, (browser: Browser) => Promise<{ setCookies: string[] }>][] = [
      [true, (browser) => browser.submit('/login', { login: email, password, rememberMe: 'true' })],
      [true, (browser) => browser.postJson('/login', { login: email, password, rememberMe: true })],
      [false, (browser) => browser.submit('/login', { login: email, password })],
      [false, (browser) => browser.postJson('/login', { login: email, password, rememberMe: false })],
      [false, (browser) => browser.postJson('/login', { login: email, password })],
    ]
    for (const [stays, logIn] of ways) {
      const browser = open()
      const { setCookies } = await logIn(browser)
      expect(ofSession(setCookies)).toHaveLength(2)
      // a renewal is of the same kind
      browser.cookies.delete('access_token')
      const renewed = await browser.getJson('/me')
      expect(renewed.status).toBe(200)
      expect(ofSession(renewed.setCookies).every((each) => each.includes('Expires=') === stays)).toBe(true)
      close(browser, [...setCookies, ...renewed.setCookies])
      expect((await browser.getJson('/me')).status).toBe(stays ? 200 : 401)
    }
    expect((await open().postJson('/login', { login: email, password, rememberMe: 'perhaps' })).status).toBe(400)
  })

  test('WEB-W62 a new choice replaces the old one, a log-out forgets it, a new password keeps it', async () => {
    const account = await stage().account()
    const { browser: open } = await site(choice)
    const browser = open()
    const logIn = (rememberMe: boolean) => browser.postJson('/login', { login: account.email, password, rememberMe })
    await logIn(false)
    expect(browser.cookies.has('latchkey_brief')).toBe(true)
    const body = { oldPassword: password, password: 'Another horse 5 battery' }
    const changed = await browser.postJson('/me/password', body)
    expect(ofSession(changed.setCookies).join()).not.toContain('Expires=')
    await browser.postJson('/logout', {})
    expect(browser.cookies.has('latchkey_brief')).toBe(false)
    await stage().api.update(account.href, { password })
    await logIn(false)
    const remembered = await logIn(true)
    expect(browser.cookies.has('latchkey_brief')).toBe(false)
    close(browser, remembered.setCookies)
    expect((await browser.getJson('/me')).status).toBe(200)
  })

  test('WEB-W62 each choice has its own lifetime, kept by the service', async () => {
    const { email } = await stage().account()
    const { browser: open } = await site({ ...choice, session: { lifetime: 'PT8H', remembered: { lifetime: 'P30D' } } })
    const logIn = async (rememberMe: boolean) => {
      const browser = open()
      await browser.postJson('/login', { login: email, password, rememberMe })
      return browser
    }
    const [brief, long] = [await logIn(false), await logIn(true)]
    stage().clock.advance(7 * HOUR)
    for (const browser of [brief, long]) expect((await browser.getJson('/me')).status).toBe(200)
    stage().clock.advance(HOUR + 1000)
    expect((await brief.getJson('/me')).status).toBe(401)
    expect((await long.getJson('/me')).status).toBe(200)
    stage().clock.advance(30 * 24 * HOUR)
    expect((await long.getJson('/me')).status).toBe(401)
  })

  test('WEB-W62 who is not remembered and never closes the browser is out after a day', async () => {
    const { email } = await stage().account()
    const browser = (await site(choice)).browser()
    await browser.postJson('/login', { login: email, password })
    stage().clock.advance(23 * HOUR)
    expect((await browser.getJson('/me')).status).toBe(200)
    stage().clock.advance(HOUR + 1000)
    expect((await browser.getJson('/me')).status).toBe(401)
  })

  test('WEB-W62 idle sessions end, whatever cookies are shown; those in use do not', async () => {
    const { email } = await stage().account()
    const browser = (await site({ session: { idle: 'PT1H' } })).browser()
    await browser.postJson('/login', { login: email, password })
    for (let i = 0; i < 6; i++) {
      stage().clock.advance(HOUR / 2)
      expect((await browser.getJson('/me')).status).toBe(200)
    }
    stage().clock.advance(HOUR + 1000)
    expect((await browser.getJson('/me')).status).toBe(401)
    expect([...browser.cookies.keys()].filter((name) => name.endsWith('_token'))).toEqual([])
  })

  test.each<[string, WebOptions['web']]>([
    ['web.session.idle', { session: { idle: 5 } }],
    ['web.session.lifetime', { session: { lifetime: 'PT0S' } }],
    ['web.session.remembered.idle', { ...choice, session: { remembered: { idle: 59 } } }],
    ['web.session.remembered', { session: { remembered: { lifetime: 'P30D' } } }],
  ])('WEB-W62 WEB-W141 a mistake in %s is said at the start', (name, web) => {
    expect(() => stage().latchkey({ web })).toThrow(name)
  })
})
