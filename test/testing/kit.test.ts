import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import express, { type Express } from 'express'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type ExpressAuth, latchkey } from '../../src/express.ts'
import { refuseProduction } from '../../src/testing/refuse-production.ts'
import { createTestKit, type TestKit } from '../../src/testing.ts'
import { repository } from '../support/mutant.ts'
import { Browser } from '../web/browser.ts'

const run = promisify(execFile)

/** An app as a developer has it: it takes its users from whoever makes it. */
function createShop(auth: ExpressAuth): Express {
  const app = express()
  app.use(auth)
  app.get('/dashboard', auth.loginRequired(), (req, res) => void res.json({ hello: req.user.email }))
  app.get('/admin', auth.groupsRequired('admins'), (req, res) => void res.json({ hello: req.user.email }))
  app.get('/api', auth.apiRequired(), (req, res) => void res.json({ scheme: req.auth.scheme }))
  app.post('/plan', auth.loginRequired(), async (req, res) => {
    const user = await req.user.update({ customData: { plan: 'pro' } })
    res.json(user.customData)
  })
  return app
}

async function serve(app: Express): Promise<string> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { accept: 'application/json', ...headers }, redirect: 'manual' })
  const text = await response.text()
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : undefined }
}

describe('the kit for tests', () => {
  let kit: TestKit
  let auth: ExpressAuth
  beforeAll(async () => {
    kit = await createTestKit()
    auth = latchkey({ engine: kit.engine })
  })
  afterAll(async () => {
    await auth.close()
    await kit.close()
  })
  const shop = () => serve(createShop(auth))

  test('WEB-W152 a request is made as a user without a log-in', async () => {
    const base = await shop()
    const ada = await kit.createUser({ email: 'ada@example.com' })
    expect((await get(`${base}/dashboard`)).status).toBe(401)
    expect(await get(`${base}/dashboard`, await kit.as(ada))).toMatchObject({ json: { hello: 'ada@example.com' } })
    expect(await get(`${base}/api`, await kit.as(ada, { bearer: true }))).toMatchObject({ json: { scheme: 'bearer' } })
    expect((await get(`${base}/api`, await kit.as(ada))).status).toBe(401)
  })

  test('WEB-W152 users come with what a test needs and nothing else has to be said', async () => {
    const base = await shop()
    const [anybody, admin] = [await kit.createUser(), await kit.createUser({ groups: ['admins'] })]
    expect(anybody.email).not.toBe(admin.email)
    expect((await get(`${base}/admin`, await kit.as(anybody))).status).toBe(403)
    expect(await get(`${base}/admin`, await kit.as(admin))).toMatchObject({ status: 200, json: { hello: admin.email } })
  })

  test('WEB-W152 what a test changes is seen by the next request', async () => {
    const base = await shop()
    const user = await kit.createUser()
    const headers = await kit.as(user)
    expect((await get(`${base}/admin`, headers)).status).toBe(403)
    const admins = await kit.application.groups.list({ name: 'admins' }).first()
    if (!admins) throw new Error('the group was made by the test before')
    await kit.client.groupMemberships.create({ account: user, group: admins })
    expect((await get(`${base}/admin`, headers)).status).toBe(200)
    await user.update({ status: 'DISABLED' })
    expect((await get(`${base}/dashboard`, headers)).status).toBe(401)
    await expect(kit.as(user)).rejects.toThrow(/disabled/i)
  })

  test('WEB-W152 what the app writes is there for the test to look at', async () => {
    const base = await shop()
    const user = await kit.createUser({ customData: { seats: 3 } })
    const headers = { accept: 'application/json', ...(await kit.as(user)) }
    const answer = await fetch(`${base}/plan`, { method: 'POST', headers })
    expect(await answer.json()).toMatchObject({ plan: 'pro', seats: 3 })
    expect((await user.get({ expand: ['customData'] })).customData.data).toMatchObject({ plan: 'pro', seats: 3 })
  })

  test('WEB-W152 the pages work as they do for people, mails included', async () => {
    kit.mail.clear()
    const browser = new Browser(await shop())
    const fields = { givenName: 'Ada', surname: 'L', email: 'people@example.com', password: 'Correct horse 9 battery' }
    expect((await browser.submit('/register', fields)).location).toBe('/login?status=unverified')
    expect(await kit.mail.latest({ to: 'nobody@example.com' })).toBeUndefined()
    const mail = await kit.mail.latest({ to: fields.email })
    expect(mail?.subject).toBe('Verify your account')
    const link = new URL(mail?.links[0] ?? '')
    expect((await browser.submit(`/verify${link.search}`, {})).location).toBe('/login?status=verified')
    const subjects = (await kit.mail.all({ to: fields.email })).map(({ subject }) => subject)
    expect(subjects).toContain('Verify your account')
    expect(await kit.mail.all()).toHaveLength(subjects.length)
    const { email: login, password } = fields
    expect(await browser.submit('/login', { login, password })).toMatchObject({ status: 302, location: '/' })
    expect((await browser.getJson('/dashboard')).json).toEqual({ hello: login })
  })

  test('WEB-W152 time passes when the test says so', async () => {
    const base = await shop()
    const user = await kit.createUser()
    const { authorization } = await kit.as(user, { bearer: true })
    const browser = new Browser(base)
    for (const pair of (await kit.as(user)).cookie.split('; ')) {
      const [name = '', value = ''] = pair.split('=')
      browser.cookies.set(name, value)
    }
    const before = kit.clock.now()
    kit.clock.advance('PT20M')
    expect(kit.clock.now() - before).toBe(20 * 60_000)
    expect((await get(`${base}/api`, { authorization })).status).toBe(401)
    const renewed = await browser.getJson('/dashboard')
    expect(renewed).toMatchObject({ status: 200, json: { hello: user.email } })
    expect(renewed.setCookies).not.toEqual([])
    kit.clock.advance('P61D')
    expect((await browser.getJson('/dashboard')).status).toBe(401)
    kit.clock.set('2040-01-01T00:00:00Z')
    expect(new Date(kit.clock.now()).toISOString()).toBe('2040-01-01T00:00:00.000Z')
    for (const wrong of ['20 minutes', -1, Number.NaN]) expect(() => kit.clock.advance(wrong)).toThrow(RangeError)
    expect(() => kit.clock.set('soon')).toThrow(RangeError)
  })
})

test('WEB-W152 kits share nothing, and what the environment says is not asked', async () => {
  await using one = await createTestKit({ application: 'Shop', preset: 'stormpath', now: '2030-05-06T07:08:09Z' })
  await using two = await createTestKit()
  await one.createUser({ email: 'only@example.com' })
  expect(await one.application.accounts.list().toArray()).toHaveLength(1)
  expect(await two.application.accounts.list().toArray()).toEqual([])
  expect(one.application.name).toBe('Shop')
  expect(one.clock.now()).toBe(Date.UTC(2030, 4, 6, 7, 8, 9))
  process.env.LATCHKEY_URL = 'https://users.example.com'
  onTestFinished(() => void delete process.env.LATCHKEY_URL)
  const auth = latchkey({ engine: one.engine, application: { name: 'Shop' } })
  await auth.ready
  const base = await serve(createShop(auth))
  const user = await one.createUser()
  expect((await get(`${base}/dashboard`, await one.as(user))).json).toEqual({ hello: user.email })
  await auth.close()
})

describe('in production the kit does not load', () => {
  test('WEB-W152 importing it says why and what to do', async () => {
    const args = ['--conditions=@latchkey/source', '--input-type=module', '-e', "await import('latchkey/testing')"]
    const start = (NODE_ENV: string) =>
      run(process.execPath, args, { cwd: repository, env: { ...process.env, NODE_ENV } })
    await expect(start('production')).rejects.toMatchObject({
      stderr: expect.stringMatching(/does not load where NODE_ENV is production[\s\S]*run them with NODE_ENV=test/),
    })
    await expect(start('test')).resolves.toMatchObject({ stderr: '' })
  })

  test('WEB-W152 nor does it make anything where production begins later', async () => {
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    onTestFinished(() => {
      process.env.NODE_ENV = before
    })
    await expect(createTestKit()).rejects.toThrow('NODE_ENV is production')
    expect(() => refuseProduction({})).not.toThrow()
  })
})
