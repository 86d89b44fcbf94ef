import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createManualClock } from '../std/clock.ts'
import { type App, createApp } from './app.ts'
import { requireTenant } from './operator.ts'
import { issueOwnerLink } from './owner-link.ts'

const clock = createManualClock(Date.UTC(2026, 0, 1))
const good = 'four words nobody joined'
let app: App
let link: string

beforeAll(async () => {
  app = await createApp({ inMemory: true, clock, insecureTestCost: true, environment: {}, ownerEmail: 'o@example.com' })
})
afterAll(() => app.close())
beforeEach(async () => {
  link = await issueOwnerLink(app.engine, await requireTenant(app.engine.services))
})

const tokenOf = (url: string) => new URL(url).searchParams.get('token') as string
const open = (url: string) => app.fetch(new Request(url))
const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.fetch(
    new Request(`${app.baseUrl}/owner`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    }),
  )

/** Whether the owner can log in to the console's application with this password. */
async function logsIn(password: string): Promise<boolean> {
  const { engine } = app
  const tenant = await requireTenant(engine.services)
  const context = { tenant: tenant.id, actor: { kind: 'system', id: 'test' }, requestId: 'test' } as const
  const application = tenant.consoleApplication as string
  return 'account' in (await engine.attemptLogin(context, { application, login: 'o@example.com', password }))
}

test('a first start gives a link that works', async () => {
  const answer = await open(app.firstStart?.ownerLink as string)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('o@example.com')
})

test('nobody can log in as the owner before a password is set', async () => {
  expect(await logsIn('!')).toBe(false)
})

test('the page is kept by nobody, framed by nobody and runs nothing', async () => {
  const { headers } = await open(link)
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'nonce-[\w+/=]{24}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  )
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('the page carries the nonce of its own answer, and no script', async () => {
  const answer = await open(link)
  const nonce = /nonce-([^']+)/.exec(answer.headers.get('content-security-policy') ?? '')?.[1]
  const page = await answer.text()
  expect(page).toContain(`<style nonce="${nonce}">`)
  expect(page).not.toMatch(/<script|style=|\son\w+=/)
})

test('a good password is set, once', async () => {
  const token = tokenOf(link)
  const done = await post({ token, password: good, again: good })
  expect(done.status).toBe(200)
  expect(await done.text()).toContain('Your password is set')
  expect(await logsIn(good)).toBe(true)
  expect((await post({ token, password: 'another good password' })).status).toBe(410)
  expect((await open(link)).status).toBe(410)
  expect(await logsIn(good)).toBe(true)
})

test.each([
  ['too weak', { password: 'short' }, 'The password needs at least 10 characters.'],
  ['not the same twice', { password: good, again: 'something else' }, 'The two passwords are not the same.'],
  ['missing', {}, 'The password needs at least 10 characters.'],
])('a password that is %s is told, and the link stays good', async (_, fields, problem) => {
  const token = tokenOf(link)
  const answer = await post({ token, ...fields })
  expect(answer.status).toBe(400)
  const page = await answer.text()
  expect(page).toContain(`role="alert">${problem}<`)
  expect(page).not.toContain(good)
  expect((await post({ token, password: good })).status).toBe(200)
})

test('the link and what it did are in the events', async () => {
  expect((await post({ token: tokenOf(link), password: good })).status).toBe(200)
  const { store } = app.engine.services
  const { id, ownerAccount } = await requireTenant(app.engine.services)
  const [issued, updated] = (await store.events(id, 0, 1000)).slice(-2).map(({ event }) => event)
  const resource = { resource: 'account', id: ownerAccount }
  expect(issued).toMatchObject({
    type: 'ownerPasswordToken.issued',
    resource,
    actor: { kind: 'system', id: 'operator' },
  })
  expect(issued?.diff).toBeUndefined()
  expect(updated).toMatchObject({
    type: 'account.updated',
    resource,
    actor: { kind: 'system', id: 'owner-password' },
    changed: expect.arrayContaining(['password']),
  })
})

test('of twenty forms sent at once, one wins', async () => {
  const token = tokenOf(link)
  const passwords = Array.from({ length: 20 }, (_, i) => `candidate number ${i}`)
  const answers = await Promise.all(passwords.map((password) => post({ token, password })))
  const won = answers.flatMap(({ status }, i) => (status === 200 ? [i] : []))
  expect(won).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 410)).toHaveLength(19)
  expect(await logsIn(passwords[won[0] as number] as string)).toBe(true)
})

test('a link ends after 24 hours', async () => {
  clock.advance(24 * 60 * 60 * 1000 - 1)
  expect((await open(link)).status).toBe(200)
  clock.advance(1)
  expect((await open(link)).status).toBe(410)
  expect((await post({ token: tokenOf(link), password: good })).status).toBe(410)
})

test.each(['', 'x', '.', '\0.\0', 'a.b.c', `${'0'.repeat(22)}.${'A'.repeat(43)}`, '"><script>alert(1)</script>'])(
  'the token %j opens nothing and is not repeated',
  async (token) => {
    const answer = await open(`${app.baseUrl}/owner?token=${encodeURIComponent(token)}`)
    expect(answer.status).toBe(410)
    expect(await answer.text()).not.toContain('<script')
  },
)

describe('the form is taken', () => {
  const from = async (headers: Record<string, string>) =>
    (await post({ token: tokenOf(link), password: good }, headers)).status

  test.each([
    ['without a word about its origin', {}],
    ['from our own origin', { origin: 'http://127.0.0.1:4000' }],
    ['as browsers send it from a page without referrer over plain HTTP', { origin: 'null' }],
    ['as browsers send it from a page without referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ])('%s', async (_, headers) => {
    expect(await from(headers)).toBe(200)
  })

  test.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['from another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['from a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('but not %s', async (_, headers) => {
    expect(await from(headers)).toBe(403)
    expect((await open(link)).status).toBe(200)
  })

  test('but not as JSON, too long, or by another method', async () => {
    expect(await from({ 'content-type': 'application/json' })).toBe(415)
    expect((await post({ token: tokenOf(link), password: 'x'.repeat(40_000) })).status).toBe(413)
    expect((await app.fetch(new Request(link, { method: 'PUT' }))).status).toBe(405)
  })
})
