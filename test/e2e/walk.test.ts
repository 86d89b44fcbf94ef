import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startChromium } from '../support/chromium.ts'
import { openShop, type Position, type Shop } from './shop.ts'

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})

afterAll(() => browser?.close())

const first = 'Seven green umbrellas'
const second = 'Eight yellow kettles'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const axeOptions = JSON.stringify({
  runOnly: { type: 'tag', values: tags },
  resultTypes: ['violations'],
  preload: false,
})
/** Pictures of every page are left here when it is set. */
const pictures = process.env.WALK_PICTURES

async function violations(tab: Tab): Promise<string[]> {
  const { violations } = await tab.evaluate<axe.AxeResults>(`axe.run(document, ${axeOptions})`)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)
}

/** Somebody with a browser, who looks at every page they pass. */
class Visitor {
  readonly tab: Tab
  readonly shop: Shop
  readonly complaints: string[] = []
  readonly passed: string[] = []
  readonly #name: string
  readonly #script: boolean

  constructor(tab: Tab, shop: Shop, name: string, script: boolean) {
    this.tab = tab
    this.shop = shop
    this.#name = name
    this.#script = script
    tab.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') this.complaints.push(`${tab.url()}: ${line.text()}`)
    })
    tab.on('pageerror', (error) => this.complaints.push(`${tab.url()}: ${error}`))
    tab.on('requestfailed', (request) => {
      this.complaints.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText}`)
    })
    tab.on('response', (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()} ${response.url()}`)
    })
  }

  /** Waits for a page by its heading and place, and looks at it closely. */
  async see(heading: string | RegExp, path: string): Promise<void> {
    const { tab } = this
    await tab.getByRole('heading', { level: 1, name: heading }).waitFor()
    const { pathname, search } = new URL(tab.url())
    // the token of a mail's link is new each time
    expect(`${pathname}${search.replace(/\?sptoken=.*/, '')}`).toBe(path)
    this.passed.push(pathname)
    if (this.#script) await tab.evaluate(axe.source)
    for (const colorScheme of ['light', 'dark'] as const) {
      await tab.emulateMedia({ colorScheme })
      if (pictures) {
        const file = `${this.#name}-${this.passed.length}-${colorScheme}.png`
        await tab.screenshot({ path: join(pictures, file), fullPage: true })
      }
      if (this.#script) expect([pathname, colorScheme, await violations(tab)]).toEqual([pathname, colorScheme, []])
    }
    if (!this.#script) return
    const wide = await tab.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    expect([pathname, wide], 'nothing needs scrolling sideways').toEqual([pathname, false])
  }

  button(name: string): Locator {
    return this.tab.getByRole('button', { name, exact: true })
  }

  async fill(fields: Record<string, string>, submit: string): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      await this.tab.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value)
    }
    await this.button(submit).click()
  }

  /** Says what the banner of a page says. */
  async isTold(text: string): Promise<void> {
    await this.tab.getByRole('status').filter({ hasText: text }).waitFor()
  }

  /** Finds somebody's newest mail in the inbox of development, opens it and follows its link. */
  async followLink(subject: RegExp, to: string): Promise<void> {
    await this.tab.goto(`${this.shop.inbox}?to=${to}`)
    await this.see('Mail', `/__dev/mail?to=${to}`)
    await this.tab.getByRole('link', { name: subject }).first().click()
    const { pathname } = new URL(this.tab.url())
    await this.see(subject, pathname)
    const link = this.tab
      .getByRole('listitem')
      .getByRole('link', { name: /sptoken/ })
      .first()
    await link.click()
  }
}

/** The whole way of somebody new. */
async function walk(shop: Shop, options: BrowserContextOptions, name: string): Promise<void> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
  // everybody walks at once, on a busy machine
  context.setDefaultTimeout(60_000)
  const visitor = new Visitor(await context.newPage(), shop, name, options.javaScriptEnabled !== false)
  const { tab } = visitor
  const email = `${name}@example.com`

  await tab.goto(shop.url)
  await visitor.see('Welcome to the shop', '/')
  await tab.getByRole('link', { name: 'Your dashboard' }).click()
  await visitor.see('Log in to My Application', '/login?next=%2Fdashboard')

  await tab.getByRole('link', { name: 'Create an account' }).click()
  await visitor.see('Create your account', '/register?next=%2Fdashboard')
  await visitor.fill({ 'First Name': 'Ada', 'Last Name': 'Byron', Email: email, Password: first }, 'Create Account')
  await visitor.see('Log in to My Application', '/login?next=%2Fdashboard&status=unverified')
  await visitor.isTold('Check your inbox')

  await visitor.followLink(/verif/i, email)
  await visitor.see('One last step', '/verify')
  await visitor.button('Confirm Email Address').click()
  await visitor.see('Log in to My Application', '/login?next=%2Fdashboard&status=verified')
  await visitor.isTold('Your email address is verified')
  await visitor.fill({ 'Username or Email': email, Password: first }, 'Log In')
  await visitor.see('Hello, Ada', '/dashboard')

  await visitor.fill({ Tea: 'Assam' }, 'Keep')
  await tab.getByText('Favourite tea: Assam').waitFor()
  await visitor.see('Hello, Ada', '/dashboard')
  await visitor.button('Log Out').click()
  await visitor.see('Welcome to the shop', '/')

  await tab.getByRole('link', { name: 'Log in' }).click()
  await visitor.see('Log in to My Application', '/login')
  await visitor.fill({ 'Username or Email': email, Password: second }, 'Log In')
  await tab.getByText('Invalid username or password.').waitFor()
  await visitor.fill({ 'Username or Email': email, Password: first }, 'Log In')
  await visitor.see('Welcome to the shop', '/')
  await visitor.button('Log Out').click()

  await tab.getByRole('link', { name: 'Log in' }).click()
  await tab.getByRole('link', { name: 'Forgot your password?' }).click()
  await visitor.see('Forgot your password?', '/forgot')
  await visitor.fill({ Email: email }, 'Send Link')
  await visitor.see('Log in to My Application', '/login?status=forgot')
  await visitor.isTold('If there is an account with that address')
  await visitor.followLink(/password/i, email)
  await visitor.see('Choose a new password', '/change')
  await visitor.fill({ 'New Password': second, 'Confirm Password': second }, 'Set New Password')
  await visitor.see('Log in to My Application', '/login?status=reset')
  await visitor.isTold('Your password has been changed')
  await visitor.fill({ 'Username or Email': email, Password: second }, 'Log In')
  await visitor.see('Welcome to the shop', '/')
  await tab.getByRole('link', { name: 'Your dashboard' }).click()
  await tab.getByText('Favourite tea: Assam').waitFor()

  expect(visitor.complaints).toEqual([])
  await context.close()
}

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const proved =
  'WEB-W1 WEB-W3 WEB-W11 WEB-W29 WEB-W30 WEB-W31 WEB-W32 WEB-W33 WEB-W34 WEB-W35 WEB-W36 WEB-W39 WEB-W40 WEB-W56 WEB-W65 WEB-W68 WEB-W76'

describe.concurrent.each<Position>(['embedded', 'remote'])('[%s]', (position) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(position)
  })
  afterAll(() => shop?.[Symbol.asyncDispose]())

  test(`${proved} the walk of somebody new at a desk, in light and dark`, async () => {
    await walk(shop, { viewport: desktop }, `${position}-desktop`)
  })

  test(`${proved} the walk of somebody new with a phone, in light and dark`, async () => {
    await walk(shop, { viewport: phone, isMobile: true, hasTouch: true }, `${position}-phone`)
  })

  test('WEB-W40 WEB-W113 the same walk without JavaScript', async () => {
    await walk(shop, { viewport: desktop, javaScriptEnabled: false }, `${position}-plain`)
  })
})
