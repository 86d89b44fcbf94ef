import express, { type RequestHandler } from 'express'
import {
  describeSiteAttacks,
  fromEvil,
  hearNews,
  html,
  json,
  PASSWORD,
  type Page,
  type SiteTarget,
  whoIs,
} from './site.ts'

const address = () => `h${Math.random().toString(36).slice(2)}@example.com`
const cookiesOf = (page: Page, name: string) => page.setCookies.filter((cookie) => cookie.includes(`${name}=`))
/** `Domain` and `Path`, by which a browser tells cookies of one name apart. */
const placeOf = (cookie: string) => cookie.split('; ').filter((part) => /^(?:domain|path)=/i.test(part))

async function unverified(target: SiteTarget, more: object = {}): Promise<{ email: string; token: string }> {
  const email = address()
  await (await target.site).browser().postJson('/register', { email, password: PASSWORD, ...more })
  const mail = await target.service.inbox?.latest({ to: email })
  return { email, token: /sptoken=([\w.~-]+)/.exec(mail?.text ?? '')?.[1] ?? '' }
}

const canLogIn = async (target: SiteTarget, email: string) =>
  (await (await target.site).browser().postJson('/login', { login: email, password: PASSWORD })).status === 200

describeSiteAttacks('Hazards of old integrations', [
  {
    id: 'WEB-W117 ATTACK-G15',
    title: 'logging somebody in as the attacker, by a form on another site (hazard 2)',
    guard: 'the token of forms and the look at where a request comes from',
    edits: [
      {
        file: 'web/exchange.ts',
        find: 'if (!parts.csrf.isFor(holder, given)) throw',
        replace: 'if (!holder && !given && !parts) throw',
      },
      {
        file: 'web/exchange.ts',
        find: 'if (this.isForeign) throw',
        replace: 'if (this.isForeign && !request) throw',
      },
    ],
    async run(target) {
      const { email } = await target.account()
      const browser = (await target.site).browser()
      await browser.postForm('/login', { login: email, password: PASSWORD }, { csrf: null, headers: fromEvil })
      return (await whoIs(browser)) && 'the visitor is logged in as somebody else'
    },
  },
  {
    id: 'WEB-W117',
    title: 'changing a profile by a form that says not where it comes from (hazard 2)',
    guard: 'the token of forms',
    edits: [
      {
        file: 'web/exchange.ts',
        find: 'if (!parts.csrf.isFor(holder, given)) throw',
        replace: 'if (!holder && !given && !parts) throw',
      },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      const page = await browser.postForm('/profile', { givenName: 'Owned' }, { csrf: null })
      return page.status === 302 ? 'the profile is changed' : undefined
    },
  },
  {
    id: 'WEB-W117 ATTACK-G14 ATTACK-R2',
    title: 'a form without token from a browser without session: nothing equals nothing (hazard 2)',
    guard: 'a token that is there, for a holder that is there',
    edits: [
      {
        file: 'web/csrf.ts',
        find: "const [nonce, tag, ...more] = token?.split('.') ?? []",
        replace: "if (!token && !holder) return true\n      const [nonce, tag, ...more] = token?.split('.') ?? []",
      },
    ],
    async run(target) {
      const { email } = await target.account()
      const browser = (await target.site).browser()
      const page = await browser.postForm('/login', { login: email, password: PASSWORD }, { csrf: null })
      return page.status === 302 ? 'the visitor is logged in' : undefined
    },
  },
  {
    id: 'WEB-W117 ATTACK-R3',
    title: 'the token of a form in an address, where logs and referrers keep it (hazard 2)',
    guard: 'taking the token from a body or header alone',
    edits: [
      {
        file: 'web/exchange.ts',
        find: "typeof token === 'string' ? token : request.header(csrfHeader)",
        replace: "typeof token === 'string' ? token : (request.header(csrfHeader) ?? queryOf(request, '_csrf'))",
      },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      await browser.visit('/profile')
      const path = `/profile?_csrf=${encodeURIComponent(browser.csrf)}`
      const page = await browser.postForm(path, { givenName: 'X' }, { csrf: null })
      return page.status === 302 ? 'the token in the address counts' : undefined
    },
  },
  {
    id: 'WEB-W117 ATTACK-G6',
    title: "planting one's own cookie and token in the browser of somebody who is logged in (hazard 2)",
    guard: 'tokens of the session, once there is one',
    edits: [{ file: 'web/exchange.ts', find: 'return session ?? this.#browser', replace: 'return this.#browser' }],
    async run(target) {
      const attacker = (await target.site).browser()
      await attacker.visit('/login')
      const victim = await target.loggedIn()
      victim.cookies.set('latchkey_browser', attacker.cookies.get('latchkey_browser') as string)
      const page = await victim.postForm('/profile', { givenName: 'Owned' }, { csrf: attacker.csrf })
      return page.status === 302 ? 'the profile is changed' : undefined
    },
  },
  {
    id: 'WEB-W117 ATTACK-G13',
    title: 'JSON in a form of plain text, which every site may send (hazard 2)',
    guard: 'reading JSON of its own type alone',
    edits: [
      {
        file: 'web/input.ts',
        find: 'const jsonType = /^\\s*application\\/',
        replace: 'const jsonType = /^\\s*(?:text|application)\\/(?:plain)?',
      },
      {
        file: 'web/input.ts',
        find: '(?:[\\w.-]+\\+)?json\\s*(?:;|$)/i',
        replace: '(?:[\\w.-]+\\+)?(?:json)?\\s*(?:;|$)/i',
      },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      const headers = { 'content-type': 'text/plain' }
      const body = JSON.stringify({ givenName: 'Owned' })
      const page = await browser.ask('/profile', { method: 'POST', accept: json, headers, body })
      return page.status === 200 ? 'the profile is changed' : undefined
    },
  },
  {
    id: 'WEB-W48 ATTACK-F2',
    title: 'registering as enabled, to skip verification (hazard 3)',
    guard: 'refusing every field that no form has',
    edits: [
      {
        file: 'web/flows/registration.ts',
        find: "if (!enabled.has(name) || (where === 'customData' && isOwn)) {",
        replace: "if (where === 'customData' && isOwn) {",
      },
      {
        file: 'web/own-fields.ts',
        find: "= ['username',",
        replace: "= ['status', 'username',",
      },
      {
        file: 'web/flows/registration.ts',
        find: 'enabled.get(name) as FieldSettings',
        replace: "(enabled.get(name) ?? { name, label: '' }) as FieldSettings",
      },
    ],
    async run(target) {
      const browser = (await target.site).browser()
      for (const status of ['ENABLED', 'DISABLED']) {
        const page = await browser.postJson('/register', { email: address(), password: PASSWORD, status })
        if (page.status === 200) return `an account that asked to be ${status} is made`
      }
      return undefined
    },
  },
  {
    id: 'WEB-W93 WEB-W88',
    title: 'a broken Bearer token beside a good cookie (hazard 6)',
    guard: 'letting the header decide alone',
    edits: [
      {
        file: 'web/sessions/sessions.ts',
        find: 'if (header !== undefined) return byHeader(header, remote)',
        replace: 'if (header !== undefined && !remote) header.trim()',
      },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      browser.cookies.delete('access_token')
      const page = await browser.getJson('/dashboard', { authorization: 'Bearer broken' })
      return page.status === 200 ? 'the request is let in' : undefined
    },
  },
  {
    id: 'ATTACK-M2',
    title: 'an API key that asks for scopes at the token endpoint (hazard 7)',
    guard: 'passing on no scope',
    edits: [
      {
        file: 'web/sessions/access-token.ts',
        find: "typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []",
        replace: "typeof scope === 'string' ? scope.split(' ').filter(Boolean) : ['admin']",
      },
    ],
    async run(target) {
      const site = await target.make({
        routes: (app, auth) =>
          void app.get('/scopes', auth.apiRequired(), (req, res) => void res.json(req.auth.scopes)),
      })
      const account = await target.account()
      const key = await target.api.create(`${account.href}/apiKeys`)
      const fields = { grant_type: 'client_credentials', client_id: key.id, client_secret: key.secret, scope: 'admin' }
      const browser = site.browser()
      const { json: granted } = await browser.postForm('/oauth/token', fields, { csrf: null })
      if (granted?.scope) return `the answer grants ${granted.scope}`
      const page = await browser.getJson('/scopes', { authorization: `Bearer ${granted?.access_token}` })
      if (page.status !== 200) return undefined
      return page.json.includes('admin') ? 'the scope is granted' : undefined
    },
  },
  {
    id: 'WEB-W54',
    title: 'naming the store to log in to (hazard 8)',
    guard: 'passing on named members alone',
    edits: [
      {
        file: 'web/service/over-client.ts',
        find: ': attempt({ login: given.login, password: given.password, ...storeOf(given.organization) }))',
        replace: ': attempt({ ...given, ...storeOf(given.organization) }))',
      },
      {
        file: 'web/flows/log-in.ts',
        find: 'logInNow(exchange, { login, password, organization }, remembered)',
        replace:
          'logInNow(exchange, { login, password, organization, ...(input.fields.accountStore ? { accountStore: input.fields.accountStore } : {}) } as never)',
      },
    ],
    async run(target) {
      const other = await target.api.newDirectory()
      await target.api.newMapping(await target.application(), other)
      const { email } = await target.account()
      const password = 'Another horse 5 battery'
      await target.api.newAccount(other, { email, password })
      const browser = (await target.site).browser()
      const body = { login: email, accountStore: { href: other.href } }
      const [named, unnamed] = [
        await browser.postJson('/login', { ...body, password: PASSWORD }),
        await browser.postJson('/login', { login: email, password: PASSWORD }),
      ]
      return named.status === unnamed.status ? undefined : `the store that is named decides: ${named.status}`
    },
  },
  {
    id: 'WEB-W87 ATTACK-R11',
    title: 'reading a cookie on plain HTTP, where a proxy ends TLS (hazard 11)',
    guard: 'a base URL that says how browsers come',
    edits: [
      {
        file: 'web/request.ts',
        find: "return request.secure || baseUrl?.startsWith('https:') === true",
        replace: 'return request.secure || baseUrl === undefined',
      },
    ],
    async run(target) {
      const site = await target.make({ options: { baseUrl: 'https://shop.example' } })
      const { email } = await target.account()
      const page = await site.browser().postJson('/login', { login: email, password: PASSWORD })
      const cookies = cookiesOf(page, '_token')
      if (cookies.length !== 2) return `no cookies: ${page.status} ${page.text}`
      return cookies.every((cookie) => /; Secure/i.test(cookie)) ? undefined : 'a cookie goes over plain HTTP'
    },
  },
  {
    id: 'WEB-W99 ATTACK-F17',
    title: 'registering where the environment says false (hazard 12)',
    guard: 'reading false as false',
    edits: [
      {
        file: 'web/options/language.ts',
        find: "given === false || given === 'false' ? false : undefined",
        replace: 'Boolean(given)',
      },
    ],
    async run(target) {
      const open = target.create(async () => ({ ...target.service, close: async () => {} }))
      const auth = open(
        { logger: () => {}, baseUrl: 'http://localhost' },
        { environment: { LATCHKEY_WEB__REGISTER__ENABLED: 'false' }, clock: target.clock },
      )
      const site = await target.make({ auth })
      const page = await site.browser().postJson('/register', { email: address(), password: PASSWORD })
      return page.status === 404 ? undefined : `registering is answered ${page.status}`
    },
  },
  {
    id: 'WEB-W89',
    title: 'a stampede of requests with a stale cookie (hazard 13)',
    guard: 'one refresh for all',
    edits: [
      {
        file: 'web/sessions/refresher.ts',
        find: 'if (known) return known.tokens',
        replace: 'if (known && known.until < 0) return known.tokens',
      },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      browser.cookies.delete('access_token')
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const { base } = await target.site
      const before = target.calls.length
      await Promise.all(
        Array.from({ length: 30 }, () => fetch(`${base}/dashboard`, { headers: { cookie, accept: json } })),
      )
      const refreshes = target.calls.slice(before).filter((call) => /^POST .*\/oauth\/token$/.test(call)).length
      if (refreshes === 0) return 'nothing was refreshed'
      return refreshes > 1 ? `the service is asked ${refreshes} times` : undefined
    },
  },
  {
    id: 'WEB-W92',
    title: 'reading account and groups from the service for each request (hazard 14)',
    guard: 'keeping what was read',
    edits: [
      {
        file: 'web/sessions/users.ts',
        find: 'const known = snapshots.get(href)',
        replace: 'const known = expand.length > 99 ? snapshots.get(href) : undefined',
      },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      await browser.getJson('/dashboard')
      const before = target.calls.length
      for (let i = 0; i < 20; i++) await browser.getJson('/dashboard')
      const reads = target.calls.slice(before).filter((call) => /^GET .*\/accounts\//.test(call)).length
      return reads > 0 ? `the service is asked ${reads} times` : undefined
    },
  },
  {
    id: 'WEB-W107 ATTACK-G4',
    title: 'going on in a group after having left it (hazard 14)',
    guard: 'forgetting users of whom the feed has news',
    edits: [
      {
        file: 'web/web.ts',
        find: 'else if (accounts.length > 0) snapshots.forget(accounts)',
        replace: 'else if (accounts.length > 1e9) snapshots.forget(accounts)',
      },
      { file: 'web/web.ts', find: "snapshots.forget('everybody')", replace: 'void everything' },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      const { href } = await target.application()
      const admins =
        (await target.api.read(`${href}/groups?name=admins`)).items[0] ??
        (await target.api.create(`${href}/groups`, { name: 'admins' }))
      const link = { account: { href: browser.account.href }, group: { href: admins.href } }
      const membership = await target.api.create('/groupMemberships', link)
      if ((await browser.getJson('/admin')).status !== 200) return 'the member is not let in'
      await target.api.remove(membership.href)
      await hearNews(target)
      return (await browser.getJson('/admin')).status === 200 ? 'the guard still lets them in' : undefined
    },
  },
  {
    id: 'WEB-W60 ATTACK-R9 ATTACK-G3',
    title: 'using a stolen access token after its owner has logged out elsewhere (hazard 16)',
    guard: 'hearing of what has ended',
    edits: [{ file: 'web/web.ts', find: 'revocations.add(ended)', replace: 'void ended' }],
    async run(target) {
      const browser = await target.loggedIn()
      const authorization = `Bearer ${browser.cookies.get('access_token')}`
      const other = await target.make()
      const thief = (await target.site).browser()
      if ((await thief.getJson('/me', { authorization })).status !== 200) return 'the token is worth nothing before'
      const there = other.browser()
      for (const [name, value] of browser.cookies) there.cookies.set(name, value)
      await there.postJson('/logout', {})
      await hearNews(target)
      return (await thief.getJson('/me', { authorization })).status === 200 ? 'the token still holds' : undefined
    },
  },
  {
    id: 'WEB-W102 ATTACK-J1',
    title: 'members that are no texts, shown as [object Object] (hazard 17)',
    guard: 'refusing what is no text',
    edits: [
      {
        file: 'web/input.ts',
        find: "if (typeof value !== 'string' || !isWellFormedText(value)) {",
        replace: 'if (isWellFormedText(String(value))) return String(value)\n  {',
      },
    ],
    async run(target) {
      const site = await target.make({
        mount: (app, auth) => app.use(express.json(), express.urlencoded({ extended: true }), auth),
      })
      const browser = site.browser()
      const answers = []
      for (const path of ['/login', '/register', '/forgot'])
        for (const value of [{ a: 1 }, ['a'], 5]) {
          answers.push(await browser.postJson(path, { login: value, email: value, password: PASSWORD }))
        }
      await browser.visit('/login')
      answers.push(await browser.postForm('/login', { 'login[a]': '1', password: 'x' }))
      const odd = answers.find(
        ({ text, status }) =>
          status >= 500 ||
          text.includes('[object') ||
          (status === 400 && text.includes('Invalid username or password')),
      )
      return odd && `${odd.status} ${odd.text.slice(0, 200)}`
    },
  },
  {
    id: 'WEB-W142',
    title: 'asking for what is guarded before the service in this process is there (hazard 18)',
    guard: 'waiting for it',
    edits: [
      {
        file: 'frameworks/express.ts',
        find: 'else started.ready().then((web) => run(web, req, res, next), next)',
        replace: 'else next()',
      },
    ],
    async run(target) {
      const gate = Promise.withResolvers<void>()
      const auth = target.create(async () => {
        await gate.promise
        return { ...target.service, close: async () => {} }
      })({ logger: () => {} }, { environment: {}, clock: target.clock })
      const site = await target.make({
        mount: (app, auth) => app.get('/secret', auth.loginRequired(), (_req, res) => void res.send('secret')),
        auth,
      })
      const asked = site.browser().getJson('/secret')
      setTimeout(gate.resolve, 200)
      const { status, text } = await asked
      return status === 401 ? undefined : `${status} ${text}`
    },
  },
  {
    id: 'WEB-W103',
    title: 'a body that another middleware has read (hazard 19)',
    guard: 'never reading a body that is gone',
    edits: [
      { file: 'frameworks/express-request.ts', find: 'return isRead ? {} : undefined', replace: 'return undefined' },
    ],
    async run(target) {
      const swallow: RequestHandler = (req, _res, next) => void req.on('data', () => {}).on('end', next)
      const site = await target.make({ mount: (app, auth) => app.use(swallow, auth) })
      const { status, text } = await site.browser().postJson('/login', { login: 'x', password: 'y' })
      return status === 400 ? undefined : `${status} ${text}`
    },
  },
  {
    id: 'WEB-W67 ATTACK-A9',
    title: 'a scanner of mails that opens every link (hazard 20)',
    guard: 'a button between looking and verifying',
    edits: [
      {
        file: 'web/flows/verify.ts',
        find: 'return token ? confirm(exchange, token) : resend(exchange)',
        replace: 'return token ? verified(exchange, await use(exchange, token)) : resend(exchange)',
      },
    ],
    made: { mail: true },
    async run(target) {
      const { email, token } = await unverified(target)
      const scanner = (await target.site).browser()
      for (const method of ['HEAD', 'GET'])
        for (const accept of [html, '*/*', undefined]) {
          await scanner.ask(`/verify?sptoken=${token}`, { method, accept })
          if (await canLogIn(target, email)) return `${method} with Accept ${accept} verifies the address`
        }
      await scanner.ask(`/verify?sptoken=${token}`, { method: 'HEAD', accept: json })
      if (await canLogIn(target, email)) return 'HEAD verifies the address'
      await scanner.submit(`/verify?sptoken=${token}`, {})
      return (await canLogIn(target, email)) ? undefined : 'the button does not verify the address'
    },
  },
  {
    id: 'ATTACK-D10',
    title: 'two apps in one process that share what they are told (hazard 21)',
    guard: 'settings of their own',
    edits: [
      {
        file: 'web/start.ts',
        find: 'const settings = resolveSettings(options, environment)',
        replace:
          'const settings = ((globalThis as { shared?: ReturnType<typeof resolveSettings> }).shared ??= resolveSettings(options, environment))',
      },
    ],
    async run(target) {
      const freeze = (value: object): object => {
        for (const each of Object.values(value)) if (typeof each === 'object') freeze(each)
        return Object.freeze(value)
      }
      const options = (nextUri: string) => ({ web: freeze({ login: { nextUri } }) as { login: { nextUri: string } } })
      const sites = [await target.make({ options: options('/one') }), await target.make({ options: options('/two') })]
      const { email } = await target.account()
      const seen = await Promise.all(
        sites.map(
          async (site) => (await site.browser().submit('/login', { login: email, password: PASSWORD })).location,
        ),
      )
      return `${seen}` === '/one,/two' ? undefined : `they lead to ${seen}`
    },
  },
  {
    id: 'WEB-W59',
    title: 'a browser that is left with its cookies where a domain is set (hazard 22)',
    guard: 'removing cookies where they were set',
    edits: [
      {
        file: 'web/cookies.ts',
        find: "clear: (request) => write(request, '', 0)",
        replace:
          "clear: (request) => writeCookie(nameFor(isSecureFor(request)), '', { path: '/', domain: undefined, expires: 0, httpOnly, secure: isSecureFor(request), sameSite })",
      },
    ],
    async run(target) {
      const own = { domain: 'example.com', path: '/app' }
      const site = await target.make({ options: { web: { accessTokenCookie: own, refreshTokenCookie: own } } })
      const browser = site.browser()
      const { email } = await target.account()
      const set = cookiesOf(await browser.postJson('/login', { login: email, password: PASSWORD }), '_token')
      const cleared = cookiesOf(await browser.postJson('/logout', {}), '_token')
      if (set.length !== 2 || cleared.length !== 2) return `${set.length} cookies are set, ${cleared.length} removed`
      const places = new Set([...set, ...cleared].map((cookie) => placeOf(cookie).join()))
      return places.size === 1 ? undefined : `cookies are at ${[...places].join(' and ')}`
    },
  },
  {
    id: 'WEB-W119 ATTACK-N5',
    title: 'getting tokens past a hook that refuses log-ins (hazard 23)',
    guard: 'running hooks in the token endpoint too',
    edits: [
      {
        file: 'web/flows/oauth.ts',
        find: "await exchange.hook('preLogin', { login: username, fields: { username } }, 'token')",
        replace: 'void username',
      },
    ],
    async run(target) {
      const { email } = await target.account()
      const site = await target.make({
        options: {
          web: { oauth2: { password: { enabled: true } } },
          hooks: { preLogin: () => ({ status: 403, headers: {}, body: 'nobody today' }) },
        },
      })
      const fields = { grant_type: 'password', username: email, password: PASSWORD }
      const page = await site.browser().postForm('/oauth/token', fields, { csrf: null })
      return page.status === 403 ? undefined : `tokens are granted: ${page.status}`
    },
  },
  {
    id: 'WEB-W42 WEB-W107',
    title: 'a member of no group, sent to log in again and again (hazard 24)',
    guard: 'a 403 for who is logged in',
    edits: [{ file: 'web/guards.ts', find: ': await forbid(exchange)', replace: ': challenge(exchange)' }],
    async run(target) {
      const browser = await target.loggedIn()
      const page = await browser.visit('/admin')
      return page.status === 403 ? undefined : `${page.status} to ${page.location}`
    },
  },
  {
    id: 'ATTACK-G12',
    title: 'an image that logs people out',
    guard: 'logging out by POST alone',
    edits: [
      {
        file: 'web/flows/log-out.ts',
        find: '  async POST(exchange) {',
        replace:
          '  GET: (exchange) => (logOut.POST as NonNullable<Verbs["POST"]>)(exchange),\n  async POST(exchange) {',
      },
      { file: 'web/flows/log-out.ts', find: '    await exchange.input()\n', replace: '' },
    ],
    async run(target) {
      const browser = await target.loggedIn()
      await browser.ask('/logout', { accept: 'image/*,*/*', headers: { 'sec-fetch-site': 'cross-site' } })
      return (await whoIs(browser)) ? undefined : 'the user is logged out'
    },
  },
])
