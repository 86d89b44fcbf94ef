import { expect, test } from 'vitest'
import { reject } from '../../src/web/rejection.ts'
import { Browser, describeWeb, html, password, type Stage, unique } from './harness.ts'

const address = () => `${unique('mail').toLowerCase()}-${Math.random().toString(36).slice(2)}@example.com`

/** The path and query of the link in the newest mail to an address. */
async function linkIn(stage: Stage, to: string, site: string): Promise<string> {
  const mail = (await stage.service.inbox?.latest({ to })) ?? expect.fail(`there is no mail to ${to}`)
  const url = new URL(/https?:\/\/\S+sptoken=[\w.~-]+/.exec(mail.text ?? '')?.[0] as string)
  if (stage.way.position === 'embedded') expect(url.origin).toBe(site)
  return `${url.searchParams.get('sptoken')}`
}

describeWeb(
  'flows with mails',
  (stage) => {
    test('WEB-W11 WEB-W65 WEB-W67 register, follow the link, log in', async () => {
      const site = await stage().make()
      const browser = site.browser()
      const email = address()
      const created = await browser.submit('/register', { email, password })
      expect(created).toMatchObject({ status: 302, location: '/login?status=unverified' })
      expect((await browser.postJson('/login', { login: email, password })).status).toBe(400)
      const token = await linkIn(stage(), email, site.base)
      const scanner = await site.browser().visit(`/verify?sptoken=${token}`)
      expect(scanner.status).toBe(200)
      expect((await browser.postJson('/login', { login: email, password })).status).toBe(400)
      const confirmed = await browser.submit(`/verify?sptoken=${token}`, {})
      expect(confirmed).toMatchObject({ status: 302, location: '/login?status=verified' })
      expect((await browser.submit(confirmed.location as string, { login: email, password })).location).toBe('/')
      const again = await browser.submit(`/verify?sptoken=${token}`, {})
      expect(again.status).toBe(200)
      expect(again.text).toContain('has been used or has expired')
    })

    test('WEB-W50 WEB-W67 WEB-W120 with auto-login whoever presses the button of the link is logged in, a scanner is not', async () => {
      const seen: string[] = []
      const site = await stage().make({
        options: {
          hooks: {
            postVerify: ({ account }) => void seen.push(`postVerify ${account.email}`),
            postLogin: ({ account, flow }) => void seen.push(`postLogin ${account.email} ${flow}`),
          },
          web: { register: { autoLogin: true }, login: { nextUri: '/welcome' } },
        },
      })
      const browser = site.browser()
      const email = address()
      const created = await browser.submit('/register?next=%2Freports', { email, password })
      expect(created.location).toBe('/login?next=%2Freports&status=unverified')
      expect(seen).toEqual([])
      const link = `/verify?sptoken=${await linkIn(stage(), email, site.base)}`
      for (const accept of [html, '*/*', undefined]) {
        const scanner = site.browser()
        const opened = await scanner.ask(link, { accept })
        expect(opened.status).toBe(200)
        expect([...scanner.cookies.keys()].filter((name) => name.endsWith('_token'))).toEqual([])
      }
      expect(seen).toEqual([])
      const confirmed = await browser.submit(link, {})
      expect(confirmed).toMatchObject({ status: 302, location: '/reports' })
      expect(seen).toEqual([`postVerify ${email}`, `postLogin ${email} form`])
      expect((await browser.getJson('/me')).json.account).toMatchObject({ email, status: 'ENABLED' })

      // on another device, where nobody wanted to go anywhere
      const other = address()
      await site.browser().submit('/register', { email: other, password })
      const phone = site.browser()
      const there = await phone.submit(`/verify?sptoken=${await linkIn(stage(), other, site.base)}`, {})
      expect(there).toMatchObject({ status: 302, location: '/welcome' })
      expect((await phone.getJson('/me')).json.account.email).toBe(other)
    })

    test('WEB-W50 WEB-W120 with auto-login JSON answers with the account and logs in, unless a page elsewhere asked', async () => {
      const seen: string[] = []
      const site = await stage().make({
        options: {
          hooks: { postLogin: ({ account, flow }) => void seen.push(`${account.email} ${flow}`) },
          web: { register: { autoLogin: true } },
        },
      })
      const register = async () => {
        const email = address()
        await site.browser().postJson('/register', { email, password })
        return { email, sptoken: await linkIn(stage(), email, site.base) }
      }
      const one = await register()
      const browser = site.browser()
      const got = await browser.getJson(`/verify?sptoken=${one.sptoken}`)
      expect(got.json.account.email).toBe(one.email)
      expect((await browser.getJson('/me')).json.account.email).toBe(one.email)

      const two = await register()
      const poster = site.browser()
      expect((await poster.postJson('/verify', { sptoken: two.sptoken })).json.account.email).toBe(two.email)
      expect((await poster.getJson('/me')).json.account.email).toBe(two.email)
      expect(seen).toHaveLength(2)

      const three = await register()
      const victim = site.browser()
      const foreign = await victim.getJson(`/verify?sptoken=${three.sptoken}`, { 'sec-fetch-site': 'cross-site' })
      expect(foreign).toMatchObject({ status: 200, text: '' })
      expect((await victim.getJson('/me')).status).toBe(401)
      expect(seen).toHaveLength(2)
    })

    test('WEB-W120 ATTACK-N5 a postLogin that rejects leaves nobody logged in after a link, and says so', async () => {
      const site = await stage().make({
        options: {
          hooks: { postLogin: () => reject('Not before noon.') },
          web: { register: { autoLogin: true }, changePassword: { autoLogin: true } },
        },
      })
      const browser = site.browser()
      const email = address()
      await browser.submit('/register', { email, password })
      const verified = await browser.submit(`/verify?sptoken=${await linkIn(stage(), email, site.base)}`, {})
      expect(verified.status).toBe(200)
      expect(verified.text).toContain('Not before noon.')
      expect(verified.text).toContain('action="/login"')
      expect((await browser.getJson('/me')).status).toBe(401)

      await browser.submit('/forgot', { email })
      const token = await linkIn(stage(), email, site.base)
      const next = 'Another horse 5 battery'
      const changed = await browser.submit(`/change?sptoken=${token}`, { password: next, confirmPassword: next })
      expect(changed.text).toContain('Not before noon.')
      expect((await browser.getJson('/me')).status).toBe(401)
      const { items } = await stage().api.read(`${(await stage().application()).href}/accounts?email=${email}`)
      expect(items[0].status).toBe('ENABLED')
      expect((await stage().api.read(items[0].sessions.href)).size).toBe(0)
    })

    test('WEB-W50 WEB-W120 with auto-login a new password by the link logs in, form and JSON, though log-ins are paused', async () => {
      const seen: string[] = []
      const site = await stage().make({
        options: {
          hooks: {
            prePasswordChange: () => void seen.push('prePasswordChange'),
            postPasswordChange: () => void seen.push('postPasswordChange'),
            postLogin: ({ flow }) => void seen.push(`postLogin ${flow}`),
          },
          web: { changePassword: { autoLogin: true } },
        },
      })
      const { email } = await stage().account()
      const stranger = site.browser()
      for (let i = 0; i < 11; i++) await stranger.postJson('/login', { login: email, password: 'wrong' })
      const browser = site.browser()
      await browser.submit('/forgot?next=%2Freports', { email })
      const next = 'Another horse 5 battery'
      const link = `/change?sptoken=${await linkIn(stage(), email, site.base)}`
      const changed = await browser.submit(link, { password: next, confirmPassword: next })
      expect(changed).toMatchObject({ status: 302, location: '/reports' })
      expect((await browser.getJson('/me')).json.account.email).toBe(email)
      expect(seen).toEqual(['prePasswordChange', 'postPasswordChange', 'postLogin form'])

      const client = site.browser()
      await client.postJson('/forgot', { email })
      const sptoken = await linkIn(stage(), email, site.base)
      const answer = await client.postJson('/change', { sptoken, password: 'One more horse 6 battery' })
      expect(answer.json.account.email).toBe(email)
      expect((await client.getJson('/me')).json.account.email).toBe(email)
      expect(seen.at(-1)).toBe('postLogin json')
    })

    test('WEB-W58 the owner is told by mail when log-ins are paused, with a link to our page; the page tells nobody', async () => {
      const site = await stage().make()
      const { email } = await stage().account()
      const unknown = address()
      const attempts = async (login: string) => {
        const browser = site.browser()
        const answers = []
        for (let i = 0; i < 11; i++) {
          const { status, json } = await browser.postJson('/login', { login, password: 'wrong' })
          answers.push({ status, json })
        }
        return answers
      }
      expect(await attempts(email)).toEqual(await attempts(unknown))
      const mail = await stage().service.inbox?.latest({ to: email })
      expect(mail?.subject).toBe('Log-ins to your account are paused')
      const token = await linkIn(stage(), email, site.base)
      expect((await site.browser().visit(`/change?sptoken=${token}`)).status).toBe(200)
      expect(stage().service.inbox?.list({ to: unknown })).toEqual([])
    })

    test('WEB-W56 WEB-W57 where somebody wanted to go survives the mail in the same browser, and stays on this site', async () => {
      const site = await stage().make()
      const browser = site.browser()
      const registered = async (next: string) => {
        const email = address()
        const created = await browser.submit(`/register?next=${next}`, { email, password })
        expect(created.status).toBe(302)
        return { email, link: `/verify?sptoken=${await linkIn(stage(), email, site.base)}` }
      }
      const there = await registered('%2Freports%3Fid%3D4')
      const confirmed = await browser.submit(there.link, {})
      expect(confirmed.location).toBe('/login?next=%2Freports%3Fid%3D4&status=verified')
      const landed = await browser.submit(confirmed.location as string, { login: there.email, password })
      expect(landed.location).toBe('/reports?id=4')
      expect(browser.cookies.has('latchkey_next')).toBe(false)

      browser.cookies.clear()
      const elsewhere = await registered('%2Freports')
      expect((await site.browser().submit(elsewhere.link, {})).location).toBe('/login?status=verified')
      // registering again with nowhere to go forgets where it was
      const { link } = await registered('')
      expect((await browser.submit(link, {})).location).toBe('/login?status=verified')

      for (const evil of ['%2F%2Fevil.example', 'https%3A%2F%2Fevil.example', '%']) {
        browser.cookies.clear()
        const { link } = await registered('')
        browser.cookies.set('latchkey_next', evil)
        expect((await browser.submit(link, {})).location, evil).toBe('/login?status=verified')
      }
    })

    test('WEB-W65 a verification by JSON; a token that is none is 404, none at all 400', async () => {
      const site = await stage().make()
      const browser = site.browser()
      const email = address()
      await browser.postJson('/register', { email, password })
      const token = await linkIn(stage(), email, site.base)
      expect((await browser.getJson('/verify')).status).toBe(400)
      expect((await browser.getJson('/verify?sptoken=x')).status).toBe(404)
      expect(await browser.getJson(`/verify?sptoken=${token}`)).toMatchObject({ status: 200, text: '' })
      expect((await browser.getJson(`/verify?sptoken=${token}`)).status).toBe(404)
      expect((await browser.postJson('/login', { login: email, password })).status).toBe(200)
    })

    test('WEB-W52 ATTACK-I2 a known address registers, is reset and gets its mail again like an unknown one', async () => {
      const site = await stage().make()
      const known = address()
      await site.browser().postJson('/register', { email: known, password })
      const look = ({
        status,
        text,
        location,
        headers,
      }: Awaited<ReturnType<ReturnType<typeof site.browser>['visit']>>) => ({
        status,
        text,
        location,
        headers: [...headers.keys()].filter((name) => name !== 'date' && name !== 'set-cookie').sort(),
      })
      const routes = [
        ['/register', (email: string) => ({ email, password })],
        ['/forgot', (email: string) => ({ email })],
        ['/verify', (email: string) => ({ email })],
      ] as const
      for (const [path, fields] of routes) {
        const answers = await Promise.all(
          [known, address()].map(async (email) => [
            look(await site.browser().postJson(path, fields(email))),
            look(await site.browser().submit(path, fields(email))),
          ]),
        )
        expect(answers[0], path).toEqual(answers[1])
      }
    })

    test('WEB-W74 a mail says what the developer wants, and leads to the site', async () => {
      const { auth, base } = await stage().make()
      const [application, client] = await Promise.all([auth.application, auth.client])
      const { directory } = await application.accounts.create({ email: address(), password })
      const { passwordPolicy } = await client.directories.get(directory.href)
      const { resetEmailTemplates } = await passwordPolicy.get()
      const [template = expect.fail('there is no template')] = await resetEmailTemplates.list().toArray()
      const { subject, textBody, htmlBody, mimeType } = template
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: macros
      await template.update({
        subject: 'Lost your key, ${account.givenName}?',
        mimeType: 'multipart/alternative',
        textBody: 'A new one: ${url}',
        htmlBody: '<p>${account.givenName}: <a href="$!{url}">a new one</a></p>',
      })
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: macros
      const { email } = await stage().account({ givenName: 'Jo & Co' })
      await new Browser(base).postJson('/forgot', { email })
      const mail = await stage().service.inbox?.latest({ to: email })
      expect(mail?.subject).toBe('Lost your key, Jo & Co?')
      expect(mail?.text).toMatch(/^A new one: http\S+sptoken=\S+$/)
      expect(mail?.html).toMatch(/^<p>Jo &amp; Co: <a href="http\S+sptoken=[^"]+">a new one<\/a><\/p>$/)
      await template.update({ subject, textBody, htmlBody, mimeType })
    })

    test('WEB-W68 WEB-W69 WEB-W70 WEB-W71 a forgotten password is replaced by the link, once; all sessions end', async () => {
      const site = await stage().make()
      const account = await stage().account()
      const elsewhere = await stage().loggedIn(account, site)
      const browser = site.browser()
      expect(await browser.submit('/forgot', { email: account.email })).toMatchObject({
        status: 302,
        location: '/login?status=forgot',
      })
      const token = await linkIn(stage(), account.email, site.base)
      const page = await browser.visit(`/change?sptoken=${token}`)
      expect(page.status).toBe(200)
      expect(page.headers.get('referrer-policy')).toBe('strict-origin')
      const next = 'Another horse 5 battery'
      const change = (fields: Record<string, string>) => browser.postForm('/change', { sptoken: token, ...fields })
      expect((await change({ password: next, confirmPassword: 'other' })).text).toContain('not the same')
      expect((await change({ password: 'short', confirmPassword: 'short' })).status).toBe(200)
      expect(await change({ password: next, confirmPassword: next })).toMatchObject({
        status: 302,
        location: '/login?status=reset',
      })
      expect(await change({ password: next, confirmPassword: next })).toMatchObject({
        status: 302,
        location: '/forgot?status=invalid_sptoken',
      })
      expect((await browser.visit('/forgot?status=invalid_sptoken')).text).toContain('has been used or has expired')
      expect((await browser.postJson('/login', { login: account.email, password })).status).toBe(400)
      expect((await browser.postJson('/login', { login: account.email, password: next })).status).toBe(200)
      await expect.poll(async () => (await elsewhere.getJson('/me')).status, { timeout: 20_000 }).toBe(401)
    })

    test('WEB-W70 as JSON: the token is looked at, bad ones are 404, none is 400', async () => {
      const site = await stage().make()
      const account = await stage().account()
      const browser = site.browser()
      expect(await browser.postJson('/forgot', { email: account.email })).toMatchObject({ status: 200, text: '' })
      const token = await linkIn(stage(), account.email, site.base)
      expect((await browser.getJson('/change')).status).toBe(400)
      expect((await browser.getJson('/change?sptoken=x')).status).toBe(404)
      expect(await browser.getJson(`/change?sptoken=${token}`)).toMatchObject({ status: 200, text: '' })
      expect((await browser.postJson('/change', { sptoken: 'x', password })).status).toBe(404)
      expect((await browser.postJson('/change', { sptoken: token, password: 'short' })).status).toBe(400)
      expect(await browser.postJson('/change', { sptoken: token, password })).toMatchObject({ status: 200, text: '' })
      expect((await browser.ask('/forgot', { accept: 'application/json' })).status).toBe(404)
      expect((await browser.ask('/forgot', { accept: html })).status).toBe(200)
    })
  },
  { mail: true },
)
