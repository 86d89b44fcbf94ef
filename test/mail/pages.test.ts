import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/server/app.ts'
import { listen } from '../../src/server/listen.ts'
import { Client, type Json, type Send } from '../conformance/client.ts'
import { forget, people } from './world.ts'

const NEW_PASSWORD = 'Walnut-Harbour-2983'
const apiKey = { id: 'PAGETESTKEY00000000000TEST', secret: 'a-secret-that-only-these-tests-know-0123456789' }
const undo = new AsyncDisposableStack()
let app: App
let client: Client
let origin: string

beforeAll(async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, log: () => {} })
  undo.defer(() => listener.close(0))
  // nothing set: development
  app = await createApp({
    inMemory: true,
    insecureTestCost: true,
    environment: {},
    port: listener.port,
    apiKey,
    log: () => {},
  })
  undo.defer(() => app.close())
  listener.serve(app.handle)
  origin = app.baseUrl
  const send: Send = ({ url, ...request }) => fetch(url, { ...request, redirect: 'manual' })
  client = new Client(send, `${origin}/v1`, apiKey)
})
afterAll(() => undo.disposeAsync())

const page = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, { redirect: 'manual', ...init })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const submit = (path: string, fields: Record<string, string>, headers = {}) =>
  page(origin + path, { method: 'POST', body: new URLSearchParams(fields), headers })
const linkTo = async (email: string): Promise<string> => (await app.inbox?.latest({ to: email }))?.links[0] ?? ''
const tokenIn = (link: string) => new URL(link).searchParams.get('sptoken') as string

describe('the pages behind mailed links', () => {
  test('REST-M12 WEB-W69 WEB-W71 show a form for a new password, take it with its rules, and work once', async () => {
    const { application, account } = await asked()
    const link = await linkTo(account.email)
    const shown = await page(link)
    expect(shown.status).toBe(200)
    expect(shown.text).toContain(`<strong>${account.email}</strong>`)
    expect(shown.text).toContain('autocomplete="new-password"')
    expectSafe(shown.headers)
    const sptoken = tokenIn(link)
    const short = await submit('/passwordReset', { sptoken, password: 'short', again: 'short' })
    expect([short.status, short.text]).toEqual([400, expect.stringContaining('at least 10 characters')])
    const unlike = await submit('/passwordReset', { sptoken, password: NEW_PASSWORD, again: 'another' })
    expect([unlike.status, unlike.text]).toEqual([400, expect.stringContaining('not the same')])
    const done = await submit('/passwordReset', { sptoken, password: NEW_PASSWORD, again: NEW_PASSWORD })
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('Your password is set')])
    expect((await client.login(application, account.email, NEW_PASSWORD)).status).toBe(200)
    for (const again of [await page(link), await submit('/passwordReset', { sptoken, password: NEW_PASSWORD })]) {
      expect([again.status, again.text]).toEqual([410, expect.stringContaining('used or has expired')])
    }
  })

  test('REST-M12 WEB-W67 ATTACK-A9 verify an address by a button, not by being opened', async () => {
    const { account } = await registered()
    const link = await linkTo(account.email)
    for (const method of ['GET', 'HEAD', 'GET']) expect((await page(link, { method })).status).toBe(200)
    expect((await client.read(account.href)).status).toBe('UNVERIFIED')
    const sptoken = tokenIn(link)
    const done = await submit('/emailVerificationTokens', { sptoken })
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('Your address is confirmed')])
    expect((await client.read(account.href)).status).toBe('ENABLED')
    expect((await submit('/emailVerificationTokens', { sptoken })).status).toBe(410)
  })

  test.each(['/passwordReset', '/emailVerificationTokens'])(
    '%s knows no other token, method or sender',
    async (path) => {
      const { account } = await asked()
      const other = tokenIn(await linkTo(account.email))
      const forged = `${other.slice(0, -43)}${'A'.repeat(43)}`
      for (const sptoken of ['', 'nonsense', forged, '<script>', 'a.b.c']) {
        expect((await page(`${origin}${path}?sptoken=${encodeURIComponent(sptoken)}`)).status).toBe(410)
        expect((await submit(path, { sptoken, password: NEW_PASSWORD })).status).toBe(410)
      }
      expect((await page(origin + path, { method: 'PUT' })).status).toBe(405)
      expect((await submit(path, { sptoken: other }, { origin: 'https://evil.example' })).status).toBe(403)
      expect((await submit(path, { sptoken: other }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    },
  )

  test('ATTACK-D1 GOAL-L6 no header of a request changes where a mailed link leads', async () => {
    const { application, account } = await asked()
    const headers = [
      'x-original-host',
      'x-host',
      'x-http-host-override',
      'origin',
      'referer',
      'x-original-url',
      'x-rewrite-url',
    ]
    for (const name of headers) {
      const options = { headers: { [name]: 'https://evil.example' } }
      await client.post(application.passwordResetTokens.href, { email: account.email }, options)
      expect(await linkTo(account.email), name).toMatch(`${origin}/passwordReset?sptoken=`)
    }
    const refused = ['x-forwarded-host', 'forwarded', 'x-forwarded-proto', 'x-forwarded-for']
    const before = app.inbox?.list({ to: account.email }).length
    for (const name of refused) {
      const options = { headers: { [name]: 'evil.example' } }
      expect((await client.post(application.passwordResetTokens.href, { email: account.email }, options)).status).toBe(
        400,
      )
    }
    expect(app.inbox?.list({ to: account.email })).toHaveLength(before ?? -1)
  })
})

describe('WEB-W76 the development inbox', () => {
  test('lists mails, shows one with its links, and its HTML in a frame that can do nothing', async () => {
    const { account } = await asked()
    const list = await page(`${origin}/__dev/mail`)
    expect(list.text).toContain('Reset your password')
    const mail = await app.inbox?.latest({ to: account.email })
    const one = await page(`${origin}/__dev/mail/${mail?.id}`)
    expect(one.text).toContain(`<a href="${mail?.links[0]}">`)
    expect(one.text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"')
    for (const { headers } of [list, one]) expectSafe(headers)
    const frame = await page(`${origin}/__dev/mail/${mail?.id}/html`)
    expect(frame.text).toContain('<base target="_blank">')
    const policy = frame.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';/)
    expect(policy).not.toContain('script')
  })

  test('speaks JSON to tests, and is emptied', async () => {
    const { account } = await asked()
    const to = encodeURIComponent(account.email)
    const latest = JSON.parse((await page(`${origin}/__dev/mail/latest.json?to=${to}`)).text)
    expect(latest).toEqual(await app.inbox?.latest({ to: account.email }))
    expect(latest).toMatchObject({ to: account.email, text: expect.any(String), html: expect.any(String) })
    expect(JSON.parse((await page(`${origin}/__dev/mail.json?to=${to}`)).text).items).toHaveLength(1)
    expect((await page(`${origin}/__dev/mail/latest.json?to=nobody@example.com`)).status).toBe(404)
    expect((await page(`${origin}/__dev/mail/unknown`)).status).toBe(404)
    expect((await submit('/__dev/mail/clear', {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await submit('/__dev/mail/clear', {})).status).toBe(303)
    expect((await page(`${origin}/__dev/mail`)).text).toContain('No mail yet')
    await asked()
    expect((await page(`${origin}/__dev/mail`, { method: 'DELETE' })).status).toBe(204)
    expect(app.inbox?.list()).toEqual([])
  })

  test('shows nothing through a proxy, under another name, or from another machine', async () => {
    const paths = ['/__dev/mail', '/__dev/mail.json', '/__dev/mail/latest.json']
    for (const path of paths) {
      expect((await page(origin + path, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(400)
      const request = { method: 'GET', path, query: '', headerValues: () => [], body: async () => new Uint8Array() }
      const header = (name: string) => (name === 'host' ? 'localhost' : undefined)
      expect((await app.handle({ ...request, peer: '192.0.2.1', header })).status).toBe(404)
      const renamed = (name: string) => (name === 'host' ? 'rebound.example' : undefined)
      expect((await app.handle({ ...request, peer: '127.0.0.1', header: renamed })).status).toBe(421)
    }
  })

  test('is not there where mail is sent', async () => {
    await using other = new AsyncDisposableStack()
    const sent: string[] = []
    const real = await createApp({
      inMemory: true,
      insecureTestCost: true,
      environment: {},
      baseUrl: 'https://id.example.com',
      sendMail: ({ subject }) => void sent.push(subject),
      log: () => {},
    })
    other.defer(() => real.close())
    expect(real.inbox).toBeUndefined()
    for (const path of ['/__dev/mail', '/__dev/mail.json', '/__dev/mail/latest.json', '/__dev/mail/x/html']) {
      expect((await real.fetch(new Request(`https://id.example.com${path}`))).status).toBe(404)
    }
  })
})

async function asked(): Promise<{ application: Json; account: Json }> {
  const { application, accounts } = await people(client, 1)
  await forget(client, application, accounts[0])
  return { application, account: accounts[0] }
}

async function registered(): Promise<{ account: Json }> {
  const { directory } = await client.newApplicationWithDirectory()
  await client.update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
  return { account: await client.newAccount(directory) }
}

function expectSafe(headers: Headers): void {
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^default-src 'none'; style-src 'nonce-/)
  expect(policy).not.toContain('script-src')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cache-control')).toBe('no-store')
}
