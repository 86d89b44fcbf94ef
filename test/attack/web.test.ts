/** Attacks on an app whose users live in it: each fails on the product and succeeds without the guard that stops it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Edit, makeMutant, repository } from '../support/mutant.ts'
import { Browser, type Page } from '../web/browser.ts'

const password = 'correct horse battery'
const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

interface WebAttack {
  id: string
  title: string
  guard: string
  edits: readonly Edit[]
  /** Tells the harm done; undefined when there is none. */
  run(site: Site): Promise<string | undefined>
}

class Site {
  readonly base: string
  readonly stop: () => Promise<void>

  constructor(base: string, stop: () => Promise<void>) {
    this.base = base
    this.stop = stop
  }

  browser(): Browser {
    return new Browser(this.base)
  }

  /** Somebody who has just registered and is logged in. */
  async victim(): Promise<Browser & { email: string }> {
    const browser = this.browser()
    const email = `victim-${Math.random().toString(36).slice(2)}@example.com`
    const page = await browser.postJson('/register', { email, password })
    if (page.status !== 200) throw new Error(page.text)
    return Object.assign(browser, { email })
  }
}

async function startSite(root: string): Promise<Site> {
  const app = join(repository, 'test/attack/subjects/web-app.ts')
  const child = spawn(process.execPath, [app, root], {
    env: { ...process.env, NODE_ENV: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  let output = ''
  const port = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk
      const found = /^port (\d+)$/m.exec(output)?.[1]
      if (found) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => reject(new Error(`the app ended with ${code}:\n${output}`)))
  })
  return new Site(`http://127.0.0.1:${port}`, async () => {
    child.kill('SIGTERM')
    await exit
  })
}

const isIn = (page: Page): boolean => page.setCookies.some((cookie) => /^access_token=ey/.test(cookie))

const attacks: readonly WebAttack[] = [
  {
    id: 'ATTACK-C7 ATTACK-R1',
    title: 'a log-in is led away by its destination',
    guard: 'the check of destinations',
    edits: [
      {
        file: 'web/redirects.ts',
        find: '  const base = origin ?? nowhere\n',
        replace: '  return value\n  const base = origin ?? nowhere\n',
      },
    ],
    async run(site) {
      const { email } = await site.victim()
      for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%2f%2fevil.example']) {
        const browser = site.browser()
        await browser.visit('/login')
        const page = await browser.postForm('/login', { login: email, password, next })
        if (page.location !== '/') return `${next} led to ${page.location}`
      }
      return undefined
    },
  },
  {
    id: 'WEB-W117 ATTACK-R2',
    title: "a form logs the victim in to the attacker's account",
    guard: 'the token in forms',
    edits: [
      { file: 'web/exchange.ts', find: 'if (!parts.csrf.isFor(holder, given)) throw this.#foreign()', replace: '' },
    ],
    async run(site) {
      const { email } = await site.victim()
      const page = await site.browser().postForm('/login', { login: email, password }, { csrf: null })
      return isIn(page) ? 'a form without token logged in' : undefined
    },
  },
  {
    id: 'WEB-W117',
    title: 'a token of the attacker is planted beside a form',
    guard: 'the binding of tokens to their session',
    edits: [
      {
        file: 'web/csrf.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
        find: "createHmac('sha256', key).update(`${nonce}\\0${holder}`)",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
        replace: "createHmac('sha256', key).update(`${nonce}\\0${holder.slice(0, 0)}`)",
      },
    ],
    async run(site) {
      const attacker = site.browser()
      await attacker.visit('/login')
      const victim = await site.victim()
      const page = await victim.postForm('/profile', { givenName: 'Mallory' }, { csrf: attacker.csrf })
      return page.status === 302 ? "the attacker's token changed the profile" : undefined
    },
  },
  {
    id: 'WEB-W117 ATTACK-D10',
    title: 'a page elsewhere sends JSON with the cookies of the victim',
    guard: 'the check of where requests come from',
    edits: [{ file: 'web/csrf.ts', find: 'if (from !== undefined) return from !== origin', replace: 'return false' }],
    async run(site) {
      const victim = await site.victim()
      const page = await victim.postJson('/profile', { givenName: 'Mallory' }, evil)
      return page.status === 200 ? 'JSON from elsewhere changed the profile' : undefined
    },
  },
  {
    id: 'WEB-W117 WEB-W59 ATTACK-D10',
    title: 'a page elsewhere logs the victim out with a request without a body',
    guard: 'the check of where requests come from',
    edits: [{ file: 'web/csrf.ts', find: 'if (from !== undefined) return from !== origin', replace: 'return false' }],
    async run(site) {
      const victim = await site.victim()
      const page = await victim.ask('/logout', { method: 'POST', accept: 'application/json', headers: evil })
      return page.status === 200 ? 'the victim is logged out' : undefined
    },
  },
  {
    id: 'WEB-W48 ATTACK-F1',
    title: 'a registration brings a status of its own',
    guard: 'the list of fields that are switched on',
    edits: [
      {
        file: 'web/flows/registration.ts',
        find: "if (!enabled.has(name) || (where === 'customData' && isOwn)) {",
        replace: 'if (name.length > 300) {',
      },
      {
        file: 'web/own-fields.ts',
        find: "= ['username',",
        replace: "= ['status', 'username',",
      },
    ],
    async run(site) {
      const page = await site
        .browser()
        .postJson('/register', { email: `s-${Math.random()}@example.com`, password, status: 'DISABLED' })
      return page.status === 400 && page.json.message.includes('not known')
        ? undefined
        : `it was taken: ${page.text.slice(0, 100)}`
    },
  },
  {
    id: 'WEB-W93',
    title: 'a broken Bearer token rides on a good cookie',
    guard: 'the rule that a header decides alone',
    edits: [
      {
        file: 'web/sessions/sessions.ts',
        find: 'if (header !== undefined) return byHeader',
        replace: 'if (header === "") return byHeader',
      },
    ],
    async run(site) {
      const victim = await site.victim()
      const page = await victim.getJson('/dashboard', { authorization: 'Bearer broken' })
      return page.status === 200 ? 'the cookie was taken' : undefined
    },
  },
  {
    id: 'WEB-W91 ATTACK-B9',
    title: 'a refresh token serves as an access token',
    guard: 'the type of tokens',
    edits: [
      { file: 'web/sessions/access-token.ts', find: "header.stt !== 'access' || ", replace: '' },
      {
        file: 'web/sessions/sessions.ts',
        find: 'if (since !== undefined && token.issuedAt > since) {',
        replace: 'if (since !== undefined) {',
      },
    ],
    async run(site) {
      const victim = await site.victim()
      const authorization = `Bearer ${victim.cookies.get('refresh_token')}`
      const page = await site.browser().getJson('/dashboard', { authorization })
      return page.status === 200 ? 'the refresh token was taken' : undefined
    },
  },
  {
    id: 'WEB-W91 ATTACK-B4',
    title: 'a token is written for somebody else',
    guard: 'the signature',
    edits: [
      {
        file: 'crypto/jws/compact.ts',
        find: 'return header.alg === key.alg && key.verifies(signed, signature)',
        replace: 'return key !== undefined',
      },
      {
        file: 'web/sessions/sessions.ts',
        find: 'if (since !== undefined && token.issuedAt > since) {',
        replace: 'if (since !== undefined) {',
      },
    ],
    async run(site) {
      const victim = await site.victim()
      const attacker = await site.victim()
      const [header, payload = '', signature] = (attacker.cookies.get('access_token') as string).split('.')
      const subject = (await victim.getJson('/me')).json.account.href
      const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: subject }
      const forged = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
      const page = await site.browser().getJson('/dashboard', { authorization: `Bearer ${forged}` })
      return page.json?.hello === victim.email ? 'the forged token was taken' : undefined
    },
  },
  {
    id: 'WEB-W60 ATTACK-R9',
    title: 'cookies that were copied live on after the log-out',
    guard: 'the revocation at log-out',
    edits: [
      {
        file: 'web/flows/log-out.ts',
        find: 'await sessions.revoke(',
        replace: 'if (settings === undefined) await sessions.revoke(',
      },
    ],
    async run(site) {
      const victim = await site.victim()
      const stolen = new Map(victim.cookies)
      await victim.postJson('/logout', {})
      const thief = site.browser()
      for (const [name, value] of stolen) thief.cookies.set(name, value)
      return (await thief.getJson('/dashboard')).status === 200 ? 'the copy is still logged in' : undefined
    },
  },
]

describe('attacks on an app with its users', () => {
  let shared: Site
  beforeAll(async () => {
    shared = await startSite(repository)
  })
  afterAll(() => shared?.stop())

  for (const attack of attacks) {
    test(`${attack.id} ${attack.title}: is repelled`, async () => {
      expect(await attack.run(shared)).toBeUndefined()
    })

    test(`${attack.id} ${attack.title}: succeeds without ${attack.guard}`, async () => {
      const mutant = await makeMutant(attack.edits)
      try {
        const site = await startSite(mutant.root)
        try {
          expect(await attack.run(site), 'the attack was repelled without its guard').toEqual(expect.any(String))
        } finally {
          await site.stop()
        }
      } finally {
        await mutant.remove()
      }
    })
  }
})
