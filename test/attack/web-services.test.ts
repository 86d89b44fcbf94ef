import { connect } from 'node:net'
import { describeSiteAttacks, PASSWORD, type SiteTarget } from './site.ts'

const random = () => Math.random().toString(36).slice(2)

/** The first line of what is answered to these bytes. */
function rawStatus(base: string, request: string): Promise<string> {
  const { port } = new URL(base)
  return new Promise((resolve, reject) => {
    let text = ''
    connect(Number(port), '127.0.0.1', function (this: import('node:net').Socket) {
      this.write(request)
    })
      .on('data', (chunk) => {
        text += chunk
      })
      .on('end', () => resolve(text.split('\r\n')[0] ?? ''))
      .on('error', reject)
  })
}

/** A victim who is logged in, in a store that log-ins come to after the default one. */
async function inSecondStore(target: SiteTarget) {
  const application = await target.application()
  const directory = await target.api.create('/directories', { name: `second ${random()}` })
  await target.api.newMapping(application, directory)
  const account = await target.api.create(`${directory.href}/accounts?registrationWorkflowEnabled=false`, {
    email: `victim-${random()}@example.com`,
    password: PASSWORD,
  })
  return target.loggedIn(account)
}

describeSiteAttacks('Sites and their service', [
  {
    id: 'WEB-W72 ATTACK-R9',
    title: 'taking over a session for good, by the password of an account of one’s own with the same address',
    guard: 'verifying the password of the very account',
    edits: [
      {
        file: 'web/service/attempt-as.ts',
        find: 'await attempt({ login, password, accountStore }).catch',
        replace: 'await attempt({ login, password, ...(accountStore && {}) }).catch',
      },
      {
        file: 'web/service/attempt-as.ts',
        find: 'if (foundHref === href) return found',
        replace: 'if (foundHref) return found',
      },
    ],
    async run(target) {
      const browser = await inSecondStore(target)
      const oldPassword = 'Attacker pass 77 words'
      await target.account({ email: browser.account.email, password: oldPassword })
      const page = await browser.postJson('/me/password', { oldPassword, password: 'Brand new 88 passphrase' })
      return page.status === 400 ? undefined : `the password is changed: ${page.status}`
    },
  },
  {
    id: 'ATTACK-D1',
    title: 'reaching an app in development mode through a proxy that says nothing of itself',
    guard: 'refusing HTTP/1.0, which proxies speak',
    edits: [
      {
        file: 'std/own-machine.ts',
        find: "if (request.httpVersion === '1.0') return",
        replace: "if (request.httpVersion === '0.8') return",
      },
    ],
    async run(target) {
      const { base } = await target.site
      const { host } = new URL(base)
      const here = await rawStatus(base, `GET /login HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      if (!here.includes('200')) return `this machine is answered ${here}`
      const proxied = await rawStatus(base, `GET /login HTTP/1.0\r\nHost: ${host}\r\n\r\n`)
      return proxied.includes('400') ? undefined : `a proxy is answered ${proxied}`
    },
  },
  {
    id: 'ATTACK-D1',
    title: 'reaching an app in development mode through a proxy that names itself',
    guard: 'looking for a Via header',
    edits: [{ file: 'std/own-machine.ts', find: "'forwarded', 'via',", replace: "'forwarded'," }],
    async run(target) {
      const page = await (await target.site).browser().getJson('/login', { via: '1.1 proxy.example' })
      return page.status === 400 ? undefined : `it is answered ${page.status}`
    },
  },
  {
    id: 'ATTACK-D3 GOAL-I3',
    title: 'locking out everybody behind a proxy that the framework was not told of',
    guard: 'naming no address to the service where it would be the proxy’s',
    edits: [
      {
        file: 'frameworks/express-request.ts',
        find: 'return this.unheardProxy === undefined ? this.#req.ip : undefined',
        replace: 'return this.#req.ip',
      },
    ],
    async run(target) {
      const site = await target.make({ options: { baseUrl: 'http://shop.example' } })
      const { email } = await target.account()
      const [attacker, user] = [site.browser(), site.browser()]
      // Both are seen at the address of the proxy.
      user.address = attacker.address
      for (let i = 0; i < 110; i++) {
        const guess = { login: `${random()}@example.com`, password: 'Wrong horse 9 battery' }
        await attacker.postJson('/login', guess, { 'x-forwarded-for': '198.51.100.66' })
      }
      const right = { login: email, password: PASSWORD }
      const page = await user.postJson('/login', right, { 'x-forwarded-for': '203.0.113.5' })
      return page.status === 200 ? undefined : `somebody else is answered ${page.status}`
    },
  },
  {
    id: 'ATTACK-J1',
    title: 'links whose token leads up the path of the API',
    guard: 'looking at the shape of tokens',
    edits: [
      {
        file: 'web/service/over-client.ts',
        find: 'if (/^[\\w~-]+(?:\\.[\\w~-]+)*$/.test(token)) return token',
        replace: 'if (token) return token',
      },
    ],
    made: { mail: true },
    async run(target) {
      const site = await target.make({ options: { web: { changePassword: { enabled: true } } } })
      for (const path of ['/change', '/verify']) {
        for (const token of ['..', '.', '%2E%2E', '%252e%252e', '..%2F..', 'x']) {
          const page = await site.browser().getJson(`${path}?sptoken=${token}`)
          if (page.status !== 404) return `${path} with ${token} is answered ${page.status}`
        }
      }
      return undefined
    },
  },
])
