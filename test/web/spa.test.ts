import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWeb, html, password } from './harness.ts'

const shell = '<!doctype html><title>My own app</title><div id="root"></div>'
let folder: string
let view: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-spa-'))
  view = join(folder, 'index.html')
  await writeFile(view, shell)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describeWeb(
  'single-page apps',
  (stage) => {
    test('WEB-W135 WEB-W99 every page of ours is the file, everything else is as ever', async () => {
      const { email } = await stage().account()
      const site = await stage().make({
        options: { web: { spa: { enabled: true, view } } },
        routes: (app, auth) =>
          void app.get('/dashboard', auth.loginRequired(), (req, res) => void res.json(req.user.email)),
      })
      const browser = site.browser()
      for (const path of ['/login', '/register', '/forgot', '/change?sptoken=x', '/verify', '/verify?sptoken=x']) {
        const page = await browser.visit(path)
        expect(page, path).toMatchObject({ status: 200, text: shell })
        expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
        expect(page.headers.get('vary')).toContain('Accept')
      }
      const head = await browser.ask('/login', { method: 'HEAD', accept: html })
      expect(head).toMatchObject({ status: 200, text: '' })

      expect((await browser.getJson('/login')).json.form.fields).toHaveLength(2)
      expect(await browser.visit('/dashboard')).toMatchObject({ status: 302, location: '/login?next=%2Fdashboard' })
      expect((await browser.postJson('/login', { login: email, password: 'wrong' })).json.status).toBe(400)
      expect((await browser.postJson('/login', { login: email, password })).json.account.email).toBe(email)
      expect((await browser.getJson('/me')).json.account.email).toBe(email)
      expect((await browser.visit('/dashboard')).text).toBe(JSON.stringify(email))
      expect((await browser.postJson('/logout', {})).status).toBe(200)
      expect((await browser.visit('/nowhere')).status).toBe(404)
    })

    test('WEB-W135 a link of a mail is followed by the app itself: looked at and used by JSON', async () => {
      const site = await stage().make({
        options: { web: { spa: { enabled: true, view }, register: { autoLogin: true } } },
      })
      const email = `spa-${Math.random().toString(36).slice(2)}@example.com`
      const browser = site.browser()
      await browser.postJson('/register', { email, password })
      const mail = (await stage().service.inbox?.latest({ to: email })) ?? expect.fail('there is no mail')
      const sptoken = /sptoken=([\w.-]+)/.exec(mail.text ?? '')?.[1]
      expect((await browser.visit(`/verify?sptoken=${sptoken}`)).text).toBe(shell)
      expect((await browser.postJson('/verify', { sptoken })).json.account.status).toBe('ENABLED')
      expect((await browser.getJson('/me')).json.account.email).toBe(email)
    })

    test('WEB-W135 a form that is posted without script gets our page, since the file knows no errors', async () => {
      const site = await stage().make({ options: { web: { spa: { enabled: true, view } } } })
      const page = await site.browser().postForm('/login', { login: 'x', password: 'y' }, { csrf: '' })
      expect(page.status).toBe(200)
      expect(page.text).not.toBe(shell)
    })

    test('WEB-W99 without HTML all pages are the app’s, also those of verbs that we know', async () => {
      const site = await stage().make({
        options: { web: { produces: ['application/json'] } },
        routes: (app) =>
          void app.get(stage().adapter === 'express4' ? '/*' : '/*splat', (_req, res) => void res.send(shell)),
      })
      const browser = site.browser()
      for (const path of ['/login', '/register', '/forgot', '/change', '/verify', '/profile']) {
        expect((await browser.ask(path, { accept: 'text/html' })).text, path).toBe(shell)
      }
      // no type at all is JSON then
      expect((await browser.ask('/login')).json.form).toBeDefined()
      const posted = await browser.postForm('/login', { login: 'x', password: 'y' }, { csrf: '', accept: 'text/html' })
      expect(posted.status).toBe(404)
    })

    test('WEB-W135 WEB-W141 no file, or one that is not there, is said at the start', () => {
      expect(() => stage().latchkey({ web: { spa: { enabled: true } } })).toThrow('web.spa.view is not set')
      const missing = join(folder, 'missing.html')
      expect(() => stage().latchkey({ web: { spa: { enabled: true, view: missing } } })).toThrow(
        'cannot be read (ENOENT)',
      )
    })
  },
  { mail: true },
)
