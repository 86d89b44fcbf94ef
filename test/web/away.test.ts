import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { afterEach, expect, test } from 'vitest'
import { createLatchkey, type ExpressAuth } from '../../src/frameworks/express.ts'
import { type App, createApp } from '../../src/server/app.ts'
import { type Listener, listen } from '../../src/server/listen.ts'
import { Browser } from './browser.ts'

const apiKey = { id: '7AWAYKEY0000000000000TEST', secret: 'a-secret-that-only-these-tests-know-1212121212' }
const password = 'Correct horse 4 battery'
const latchkey = createLatchkey(async () => {
  throw new Error('the service is elsewhere')
})
const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

async function site(auth: ExpressAuth, routes: (app: Express) => void = () => {}): Promise<Browser> {
  const app = express()
  app.use(auth)
  app.get(
    '/dashboard',
    auth.loginRequired(),
    (req, res) => void res.json({ hello: req.user.email, stale: req.user.stale }),
  )
  routes(app)
  const server: Server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.push(async () => {
    server.closeAllConnections()
    server.close()
    await auth.close()
  })
  return new Browser(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

/** A service whose listener can go away and whose users stay. */
async function service(): Promise<{ app: App; port: number; leave(): Promise<void> }> {
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, log: () => {} })
  const baseUrl = `http://127.0.0.1:${listener.port}`
  const app = await createApp({
    inMemory: true,
    baseUrl,
    apiKey,
    environment: {},
    log: () => {},
    insecureTestCost: true,
  })
  listener.serve(app.handle)
  undo.push(() => app.close())
  undo.push(() => listener.close(0))
  return { app, port: listener.port, leave: () => listener.close(0) }
}

const options = (port: number) => ({
  url: `http://127.0.0.1:${port}`,
  apiKey,
  logger: () => {},
  web: { revocationDelay: 0.05, register: { autoLogin: true } },
})

test('WEB-W13 WEB-W7 while the service is away, who is logged in goes on; who wants to log in is asked to come back', async () => {
  const { port, leave } = await service()
  const auth = latchkey(options(port), { environment: {} })
  const browser = await site(auth)
  expect((await browser.postJson('/register', { email: 'jo@example.com', password })).status).toBe(200)
  expect((await browser.getJson('/dashboard')).json).toEqual({ hello: 'jo@example.com', stale: false })
  await leave()
  for (let i = 0; i < 5; i++)
    expect((await browser.getJson('/dashboard')).json).toMatchObject({ hello: 'jo@example.com' })
  await expect.poll(async () => (await browser.getJson('/dashboard')).json.stale, { timeout: 20_000 }).toBe(true)
  const login = await new Browser(browser.base).postJson('/login', { login: 'jo@example.com', password })
  expect(login.status).toBe(503)
  expect(login.headers.get('retry-after')).toEqual(expect.any(String))
  const out = await browser.postJson('/logout', {})
  expect(out.status).toBe(200)
  expect(browser.cookies.has('access_token')).toBe(false)
})

test('WEB-W142 WEB-W18 a service that is away at the start is waited for by nobody, and used when it comes', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, log: () => {} })
  const { port } = listener
  await listener.close(0)
  const auth = latchkey(options(port), { environment: {} })
  const browser = await site(auth, (app) => void app.get('/free', (_req, res) => void res.send('free')))
  expect((await browser.visit('/free')).text).toBe('free')
  expect((await browser.visit('/login')).status).toBe(503)
  expect((await browser.getJson('/dashboard')).status).toBe(401)
  const again = await listen({ host: '127.0.0.1', port, log: () => {} })
  undo.push(() => again.close(0))
  const baseUrl = `http://127.0.0.1:${port}`
  const app = await createApp({
    inMemory: true,
    baseUrl,
    apiKey,
    environment: {},
    log: () => {},
    insecureTestCost: true,
  })
  undo.push(() => app.close())
  again.serve(app.handle)
  expect((await browser.postJson('/register', { email: 'jo@example.com', password })).status).toBe(200)
  expect((await browser.getJson('/dashboard')).status).toBe(200)
})

test('WEB-W135 WEB-W142 the file of a single-page app is shown though the service is away, what it asks is 503', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0, log: () => {} })
  const { port } = listener
  await listener.close(0)
  const view = import.meta.filename
  const browser = await site(latchkey({ ...options(port), web: { spa: { enabled: true, view } } }, { environment: {} }))
  expect(await browser.visit('/login')).toMatchObject({ status: 200, text: await readFile(view, 'utf8') })
  expect((await browser.getJson('/login')).status).toBe(503)
  expect((await browser.postJson('/login', { login: 'x', password })).status).toBe(503)
})

test('WEB-W142 requests before the service in this process is ready wait for it', async () => {
  const gate = Promise.withResolvers<void>()
  const slow = createLatchkey(async (settings) => {
    await gate.promise
    return createApp({ ...settings, inMemory: true, environment: {}, log: () => {}, insecureTestCost: true })
  })
  const browser = await site(slow({}, { environment: {} }))
  const early = [browser.getJson('/login'), browser.getJson('/dashboard'), browser.getJson('/nowhere')]
  gate.resolve()
  expect((await Promise.all(early)).map(({ status }) => status)).toEqual([200, 401, 404])
})

test('WEB-W143 in development a request through a proxy, or by a foreign name, is refused with the setting that allows it', async () => {
  const here = createLatchkey(async (settings) =>
    createApp({ ...settings, inMemory: true, environment: {}, log: () => {}, insecureTestCost: true }),
  )
  const browser = await site(here({}, { environment: {} }))
  for (const path of ['/login', '/dashboard']) {
    const page = await browser.getJson(path, { 'x-forwarded-for': '203.0.113.7' })
    expect(page.status).toBe(400)
    expect(page.text).toContain('LATCHKEY_BASE_URL')
  }
  expect((await browser.getJson('/login')).status).toBe(200)
})

test('WEB-W141 a service that is asked by another name than its own is said so, with the name', async () => {
  const { port } = await service()
  const auth = latchkey({ ...options(port), url: `http://localhost:${port}` }, { environment: {} })
  undo.push(() => auth.close())
  await expect(auth.application).rejects.toMatchObject({
    name: 'Mistake',
    message: `the service is asked at http://localhost:${port}, and calls itself http://127.0.0.1:${port}: set LATCHKEY_URL to that`,
    fix: `export LATCHKEY_URL=http://127.0.0.1:${port}`,
  })
})

test('WEB-W141 WEB-W143 in production an app with its own users says by its own setting that it wants a base URL', async () => {
  const environment = { NODE_ENV: 'production' }
  const here = createLatchkey(async (settings) =>
    createApp({ ...settings, inMemory: true, environment, log: () => {}, insecureTestCost: true }),
  )
  const auth = here({}, { environment })
  const refused = await auth.ready.catch((error: unknown) => error)
  expect(refused).toMatchObject({
    name: 'Mistake',
    message: 'baseUrl is not set, and NODE_ENV is production',
    fix: "baseUrl: 'https://id.example.com' in the options, or export LATCHKEY_BASE_URL=https://id.example.com",
  })
  await auth.close()
})
