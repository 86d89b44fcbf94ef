import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createBrand } from '../../src/web/pages/brand.ts'
import type { Page } from '../../src/web/pages/model.ts'
import { startChromium } from '../support/chromium.ts'
import { context, gallery, loginForm, providers } from './gallery.ts'
import { type Site, startSite } from './site.ts'

// a browser on a busy machine takes its time
vi.setConfig({ testTimeout: 120_000 })

let browser: Browser
let site: Site

const arabic = { ar: { 'login.submit': 'تسجيل الدخول', 'login.heading': 'تسجيل الدخول إلى {app}' } }

const shown = new Map<string, Page>([
  ...gallery,
  ['rtl', { ...context, locale: 'ar', page: 'login', form: loginForm(), providers }],
  ...['#ffe600', '#111', '#e11d48'].map((color): [string, Page] => [
    `brand-${color.slice(1)}`,
    { ...context, brand: createBrand({ name: 'Branded', color }), page: 'login', form: loginForm(), providers },
  ]),
  [
    'long',
    {
      ...context,
      page: 'login',
      brand: createBrand({ name: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft' }),
      form: loginForm([`No-${'very-'.repeat(20)}long word without a blank: ${'x'.repeat(200)}`], 'x'.repeat(200)),
      providers: [{ providerId: 'saml', name: 'y'.repeat(100), href: '/authorize' }],
    },
  ],
])

beforeAll(async () => {
  browser = await startChromium()
  site = await startSite(shown, { texts: arabic })
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

/** A tab that collects what it complains about. */
async function open(
  options: BrowserContextOptions = {},
): Promise<{ tab: Tab; complaints: string[]; close(): Promise<void> }> {
  const browsing = await browser.newContext(options)
  const tab = await browsing.newPage()
  const complaints: string[] = []
  tab.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  tab.on('pageerror', (error) => complaints.push(String(error)))
  tab.on('request', (request) => {
    if (!request.url().startsWith(site.url)) complaints.push(`asked for ${request.url()}`)
  })
  return { tab, complaints, close: () => browsing.close() }
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const options = JSON.stringify({ runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], preload: false })

async function violations(tab: Tab): Promise<string[]> {
  const { violations: found } = await tab.evaluate<axe.AxeResults>(`axe.run(document, ${options})`)
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)}`)
}

const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 780 }

describe('WEB-W113 axe finds nothing in light and dark, on a desktop and a phone, and the policy is never broken', () => {
  test.each([...shown.keys()])('%s', async (name) => {
    const { tab, complaints, close } = await open()
    await tab.goto(`${site.url}/${name}`)
    await tab.evaluate(axe.source)
    for (const viewport of [desktop, phone]) {
      await tab.setViewportSize(viewport)
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        expect([viewport.width, colorScheme, await violations(tab)]).toEqual([viewport.width, colorScheme, []])
      }
    }
    expect(complaints).toEqual([])
    await close()
  })

  test('and would find what is planted', async () => {
    const { tab, complaints, close } = await open({ reducedMotion: 'reduce' })
    await tab.goto(`${site.url}/login`)
    await tab.evaluate(axe.source)
    await tab.evaluate(`document.querySelector('label').remove()
      document.querySelector('h1').style.color = '#ddd'
      document.querySelector('main').append(Object.assign(document.createElement('img'), { alt: '', src: 'http://127.0.0.1:9/' }))`)
    const found = await violations(tab)
    expect(found).toEqual([expect.stringMatching(/^color-contrast: <h1/), expect.stringMatching(/^label: <input/)])
    expect(complaints.join()).toContain('Content Security Policy')
    await close()
  })
})

describe('WEB-W113 pages flow', () => {
  const wide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

  test('at 320 px, which is 400 % of 1280, nothing needs scrolling sideways', async () => {
    const { tab, close } = await open({ viewport: { width: 320, height: 640 } })
    for (const name of shown.keys()) {
      await tab.goto(`${site.url}/${name}`)
      expect([name, await tab.evaluate(wide)]).toEqual([name, false])
    }
    await close()
  })

  test('at twice the text size nothing needs scrolling sideways', async () => {
    const { tab, close } = await open({ viewport: { width: 640, height: 800 } })
    for (const name of shown.keys()) {
      await tab.goto(`${site.url}/${name}`)
      await tab.evaluate("document.documentElement.style.fontSize = '200%'")
      expect([name, await tab.evaluate(wide)]).toEqual([name, false])
    }
    await close()
  })

  test('from right to left, labels begin at the right', async () => {
    const { tab, close } = await open({ viewport: { width: 390, height: 780 } })
    await tab.goto(`${site.url}/rtl`)
    const right = (selector: string) =>
      tab.evaluate<number>(`document.querySelector('${selector}').getBoundingClientRect().right`)
    expect(await right('label[for=field-password]')).toBe(await right('#field-password'))
    await close()
  })

  test('where the system forces colours, buttons and the card keep an edge', async () => {
    const { tab, close } = await open({ forcedColors: 'active' })
    await tab.goto(`${site.url}/login-wrong`)
    const edges = await tab.evaluate(`['.primary', '.quiet', '.alert', '.frame', '#field-login'].map(
      (selector) => getComputedStyle(document.querySelector(selector)).borderTopWidth)`)
    expect(edges).toEqual(['1px', '1px', '1px', '1px', '1px'])
    await close()
  })
})

/** What has the focus, in words. */
const focused = `(({ activeElement: it }) =>
  it.getAttribute('name') ?? it.getAttribute('href') ?? it.textContent.trim())(document)`

describe('WEB-W113 by keyboard alone', () => {
  test('one logs in, through everything in a sensible order, each with a visible focus', async () => {
    const { tab, complaints, close } = await open()
    await tab.goto(`${site.url}/login-providers`)
    // The browser sets it with the first frame, which may come after the page is loaded.
    await expect.poll(() => tab.evaluate(focused), { message: 'where one types first' }).toBe('login')
    await tab.keyboard.type('ada')
    await tab.keyboard.press('Tab')
    await tab.keyboard.type('a long password')
    const order: string[] = []
    for (let i = 0; i < 4; i++) {
      await tab.keyboard.press('Tab')
      order.push(await tab.evaluate(focused))
      const outline = await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle')
      expect([order.at(-1), outline]).toEqual([order.at(-1), 'solid'])
    }
    expect(order).toEqual(['', '/forgot', 'Log In', '/register'])
    await tab.keyboard.press('Shift+Tab')
    await tab.keyboard.press('Enter')
    await tab.waitForURL(`${site.url}/posted`)
    expect(site.posts.at(-1)).toEqual({
      path: '/login',
      // what the check against foreign forms goes by
      origin: site.url,
      // the address of the page, which may hold a token, is told to nobody
      referer: `${site.url}/`,
      fields: { _csrf: 'csrf-token', login: 'ada', password: 'a long password' },
    })
    expect(complaints).toEqual([])
    await close()
  })

  test('WEB-W49 after a mistake one begins at what is wrong, and goes from there to the field', async () => {
    const { tab, close } = await open()
    await tab.goto(`${site.url}/register-wrong`)
    await expect.poll(() => tab.evaluate('document.activeElement.className')).toContain('alert-danger')
    expect(await tab.title()).toBe('Error: Create an account · Harbour Books')
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('Enter')
    expect(await tab.evaluate(focused)).toBe('surname')
    await close()
  })

  test('a session is ended', async () => {
    const { tab, close } = await open()
    await tab.goto(`${site.url}/profile`)
    await tab.getByRole('button', { name: 'Log out of Firefox on Android' }).focus()
    await tab.keyboard.press('Enter')
    await tab.waitForURL(`${site.url}/posted`)
    expect(site.posts.at(-1)).toMatchObject({ path: '/sessions', fields: { _csrf: 'csrf-token', session: 's2' } })
    await close()
  })
})

describe('WEB-W113 without script', () => {
  test('every form is posted, and nothing is shown that would not work', async () => {
    const { tab, close } = await open({ javaScriptEnabled: false })
    const values: Record<string, string> = { email: 'ada@harbour.example' }
    for (const name of ['login', 'register', 'forgot', 'change', 'verify', 'confirm', 'password', 'profile']) {
      await tab.goto(`${site.url}/${name}`)
      expect(await tab.locator('.reveal:visible').count()).toBe(0)
      for (const input of await tab.locator('main form').first().locator('input:visible').all()) {
        await input.fill(values[(await input.getAttribute('name')) ?? ''] ?? 'a long enough value')
      }
      await tab.locator('main form').first().locator('button[type=submit]').click()
      await tab.waitForURL(`${site.url}/posted`)
      expect([name, site.posts.at(-1)?.fields._csrf]).toEqual([name, 'csrf-token'])
    }
    await close()
  })
})

describe('the script', () => {
  test('shows a password and hides it again before it is sent', async () => {
    const { tab, close } = await open()
    await tab.goto(`${site.url}/login`)
    const password = tab.locator('#field-password')
    const reveal = tab.getByRole('button', { name: 'Show password' })
    await reveal.click()
    expect([await password.getAttribute('type'), await reveal.getAttribute('aria-pressed')]).toEqual(['text', 'true'])
    await tab.evaluate("document.forms[0].addEventListener('submit', (event) => event.preventDefault())")
    await tab.locator('#field-login').fill('ada')
    await password.fill('secret')
    await tab.keyboard.press('Enter')
    expect([await password.getAttribute('type'), await reveal.getAttribute('aria-pressed')]).toEqual([
      'password',
      'false',
    ])
    await close()
  })

  test('sends a form once, however often its button is pressed', async () => {
    const { tab, close } = await open()
    await tab.goto(`${site.url}/confirm`)
    const before = site.posts.length
    await tab.evaluate("for (let i = 0; i < 5; i++) document.querySelector('button[type=submit]').click()")
    await tab.waitForURL(`${site.url}/posted`)
    expect(site.posts.length - before).toBe(1)
    await close()
  })

  test('tells how far a new password is from its least length', async () => {
    const { tab, close } = await open()
    await tab.goto(`${site.url}/register`)
    await tab.locator('#field-password').pressSequentially('12345')
    expect(await tab.evaluate("document.querySelector('.meter > span').style.transform")).toBe('scaleX(0.5)')
    await close()
  })
})
