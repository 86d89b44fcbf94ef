import { type Browser, describeSiteAttacks, destination, getRaw, PASSWORD, type Page, type SiteTarget } from './site.ts'

const noCheck = {
  file: 'web/redirects.ts',
  find: "  if (value === undefined || value === '' ||",
  replace: "  if (value !== undefined) return value\n  if (value === undefined || value === '' ||",
}

/** Ways to name another site, or to make a browser, a proxy or a framework think of one. */
const destinations = [
  '//evil.example',
  '///evil.example',
  '////evil.example/a',
  '//evil.example:443/%2e%2e',
  '//evil.example?/',
  '//evil.example#/',
  '//evil%E3%80%82example',
  '//user@evil.example',
  '//user:pass@evil.example/x',
  '//[::1]/x',
  '//0x7f000001/',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '\t//evil.example',
  '\n//evil.example',
  ' //evil.example',
  '\u00a0//evil.example',
  '\ufeff//evil.example',
  '\u2028//evil.example',
  '/\u0000/evil.example',
  '/\u0085/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  './/evil.example',
  '..//evil.example',
  '/%2e/%2fevil.example',
  '/%2fevil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  '/%09/evil.example',
  '/%0a/evil.example',
  '/%252fevil.example',
  '/%25255cevil.example',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:\\\\evil.example',
  'https:////evil.example',
  'HTTPS://EVIL.EXAMPLE',
  'http://evil.example/me',
  'http:evil.example',
  'ftp://evil.example',
  'ws://evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://evil.example/x',
  'file:///etc/passwd',
  'mailto:a@evil.example',
  'view-source:https://evil.example',
  'http://[',
  'http://127.0.0.1:1/',
  'http://127.0.0.1@evil.example/',
  '/x\r\nLocation: https://evil.example',
  '/x\r\nSet-Cookie: access_token=x',
  '/%',
  '/%ff',
  '/\ud800',
  `/${'a'.repeat(3_000)}`,
] as const

/** Flows that need mails; with mails, new accounts cannot log in at once. */
const byMail = /mail|link/

type Step = (browser: Browser, next: string, site: SiteTarget) => Promise<Page[]>

const at = (path: string, next: string) => `${path}?next=${encodeURIComponent(next.toWellFormed())}`
const address = () => `n${Math.random().toString(36).slice(2)}@example.com`

/** What a browser that is shown this page goes on to, and one more step where it is a page of ours. */
async function follow(browser: Browser, page: Page, fields?: Record<string, string>): Promise<Page[]> {
  const { location } = page
  if (!fields || !location?.startsWith('/login')) return [page]
  return [page, await browser.submit(location, fields)]
}

const flows: Record<string, Step> = {
  async 'the log-in, named in its address'(browser, next, site) {
    const { email } = await site.account()
    return [await browser.submit(at('/login', next), { login: email, password: PASSWORD })]
  },
  async 'the log-in, named in its form'(browser, next, site) {
    const { email } = await site.account()
    await browser.visit('/login')
    return [await browser.postForm('/login', { login: email, password: PASSWORD, next })]
  },
  async 'the log-in and registration of somebody who is logged in'(browser, next, site) {
    const { email } = await site.account()
    await browser.postJson('/login', { login: email, password: PASSWORD })
    return [await browser.visit(at('/login', next)), await browser.visit(at('/register', next))]
  },
  async 'the registration, and the log-in after it'(browser, next) {
    const email = address()
    const page = await browser.submit(at('/register', next), { email, password: PASSWORD })
    return follow(browser, page, { login: email, password: PASSWORD })
  },
  async 'logging out'(browser, next, site) {
    const { email } = await site.account()
    await browser.postJson('/login', { login: email, password: PASSWORD })
    await browser.visit('/profile')
    const first = await browser.postForm(at('/logout', next), {})
    await browser.visit('/login')
    return [first, await browser.postForm('/logout', { next })]
  },
  async 'asking for a mail again, and the log-in after it'(browser, next, site) {
    const { email } = await site.account()
    await browser.visit('/login')
    const page = await browser.postForm(at('/verify', next), { email })
    return follow(browser, page, { login: email, password: PASSWORD })
  },
  async 'a link that verifies, and the log-in after it'(browser, next, site) {
    const email = address()
    await browser.postJson('/register', { email, password: PASSWORD })
    const mail = await site.service.inbox?.latest({ to: email })
    const token = /sptoken=([\w.~-]+)/.exec(mail?.text ?? '')?.[1]
    if (!token) throw new Error(`no token in ${mail?.text}`)
    const query = `sptoken=${token}&next=${encodeURIComponent(next.toWellFormed())}`
    const page = await browser.submit(`/verify?${query}`, {})
    return follow(browser, page, { login: email, password: PASSWORD })
  },
  async 'a forgotten password, and the log-in after it'(browser, next, site) {
    const { email } = await site.account()
    await browser.visit('/login')
    const page = await browser.postForm(at('/forgot', next), { email: 'nobody@example.com' })
    return follow(browser, page, { login: email, password: PASSWORD })
  },
}

describeSiteAttacks('Destinations', [
  ...Object.entries(flows).map(([flow, run]) => ({
    id: 'WEB-W56 ATTACK-C7 ATTACK-C8 ATTACK-R1',
    title: `leading people away by ${destinations.length} forms of next: ${flow} (hazard 1)`,
    guard: 'the check of destinations',
    edits: [noCheck],
    made: byMail.test(flow) ? { mail: true as const } : {},
    async run(target: SiteTarget) {
      const { base } = await target.site
      for (const next of destinations) {
        for (const page of await run((await target.site).browser(), next, target)) {
          const shown = JSON.stringify(next)
          if (page.status !== 302) return `${shown} is answered ${page.status} ${page.text.slice(0, 200)}`
          const url = destination(base, '/login', page)
          if (url?.origin !== base) return `${shown} leads to ${url}`
          if (/^\/\s*[/\\]/.test(decodeURIComponent(url.pathname))) return `${shown} stays as ${url}`
        }
      }
      return undefined
    },
  })),
  {
    id: 'WEB-W56 ATTACK-C7',
    title: 'a guarded page below an address that reads like another site (hazard 1)',
    guard: 'the check of destinations',
    edits: [noCheck],
    async run(target) {
      const site = await target.make({ mount: (app, auth) => app.use(auth, auth.loginRequired()) })
      const { email } = await target.account()
      const { headers } = await getRaw(site.base, '//evil.example/', { accept: 'text/html' })
      const page = await site.browser().submit(headers.location ?? '', { login: email, password: PASSWORD })
      const url = destination(site.base, '/login', page)
      return url?.origin === site.base ? undefined : `it leads to ${url}`
    },
  },
  {
    id: 'WEB-W56 ATTACK-C7',
    title: 'an app below a pattern that takes an address that reads like another site (hazard 1)',
    guard: 'telling the mount with one slash at its start',
    edits: [{ file: 'frameworks/express-request.ts', find: ".replace(/^[/\\\\]+/, '/')", replace: '' }],
    async run(target) {
      const site = await target.make({ mount: (app, auth) => app.use(/^.*\/users/, auth) })
      const browser = site.browser()
      const { email } = await target.account()
      await browser.postJson('/users/login', { login: email, password: PASSWORD })
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      for (const [path, headers] of [
        ['//evil.example/users/login', { cookie }],
        ['/\\evil.example/users/login', { cookie }],
        ['//evil.example/users/profile', {}],
      ] as const) {
        const answer = await getRaw(site.base, path, { accept: 'text/html', ...headers })
        const { location } = answer.headers
        if (location === undefined) return `${path} is answered ${answer.statusCode}`
        if (new URL(location, site.base).origin !== site.base) return `${path} leads to ${location}`
      }
      return undefined
    },
  },
  {
    id: 'WEB-W65 ATTACK-D1 ATTACK-R8',
    title: 'naming another host in a request, so that it stands in an address of ours (hazard 10)',
    guard: 'addresses without a host',
    edits: [
      {
        file: 'web/exchange.ts',
        find: 'headers: { location,',
        replace:
          "headers: { location: new URL(location, originOf(this.request, this.parts.settings.baseUrl) ?? '').href,",
      },
    ],
    // in this process a foreign host is refused before anything is answered
    made: { remote: true },
    async run(target) {
      const { base } = await target.site
      for (const lie of [
        { host: 'evil.example' },
        { 'x-forwarded-host': 'evil.example' },
        { forwarded: 'host=evil.example' },
      ]) {
        for (const path of ['/dashboard', '/me', '/profile']) {
          const { location } = (await getRaw(base, path, { accept: 'text/html', ...lie })).headers
          if (location === undefined || /evil/.test(location)) return `it leads to ${location}`
        }
      }
      return undefined
    },
  },
])
