import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express5, { type Express } from 'express'
// @ts-expect-error: the same package once more, which brings no types of its own
import express4 from 'express4'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Preset } from '../../src/core/presets.ts'
import { createLatchkey, type ExpressAuth } from '../../src/frameworks/express.ts'
import { type App, type AppOptions, createApp } from '../../src/server/app.ts'
import { type Listener, listen } from '../../src/server/listen.ts'
import { createManualClock, type ManualClock } from '../../src/std/clock.ts'
import type { WebOptions } from '../../src/web/options/options.ts'
import { Client, type Json, type Send } from '../conformance/client.ts'
import { createDatabase } from '../support/postgres.ts'
import { addressHeader, Browser } from './browser.ts'

export { type Json, unique } from '../conformance/client.ts'
export * from './browser.ts'

export type Adapter = 'express5' | 'express4'

/** One of the ways in which the web integration must behave the same. */
export interface Way {
  position: 'embedded' | 'remote'
  database: 'sqlite' | 'postgres'
  preset: Preset
}

export const password = 'Correct horse 4 battery'
const key = { id: '7WEBSUITEKEY00000000TEST', secret: 'a-secret-that-only-these-tests-know-9876543210' }
const started = Date.UTC(2026, 2, 10, 9, 30, 15, 0)

/** An application with its users, as tests make it. */
export interface Site {
  auth: ExpressAuth
  base: string
  browser(): Browser
  stop(): Promise<void>
}

export interface MakeSite {
  options?: WebOptions
  /** Adds routes and middleware; `auth` is mounted before unless told otherwise. */
  routes?(app: Express, auth: ExpressAuth): void
  /** Mounts everything itself. */
  mount?(app: Express, auth: ExpressAuth): void
  /** Instead of what the options make. */
  auth?: ExpressAuth
}

/** The service and what applications are made of on it. */
export class Stage {
  readonly way: Way
  readonly adapter: Adapter
  readonly service: App
  readonly listener: Listener | undefined
  readonly clock: ManualClock
  readonly create: typeof createLatchkey
  /** The REST API as the owner of the tenant. */
  readonly api: Client
  readonly #sites: Site[] = []
  #shared: Promise<Site> | undefined

  /** @param create - of another copy of the source */
  constructor(
    way: Way,
    adapter: Adapter,
    service: App,
    listener: Listener | undefined,
    clock: ManualClock,
    create = createLatchkey,
  ) {
    this.create = create
    this.way = way
    this.adapter = adapter
    this.service = service
    this.listener = listener
    this.clock = clock
    const send: Send = ({ url, ...request }) => service.fetch(new Request(url, request))
    this.api = new Client(send, `${service.baseUrl}/v1`, service.apiKey ?? key)
  }

  get latchkey(): (options?: WebOptions) => ExpressAuth {
    const open = this.create(async () => ({
      handle: this.service.handle,
      baseUrl: this.service.baseUrl,
      apiKey: this.api.key,
      close: async () => {},
    }))
    const position = this.way.position === 'remote' ? { url: this.service.baseUrl, apiKey: this.api.key } : {}
    return (options = {}) =>
      open(
        { preset: this.way.preset, ...position, ...options, web: { revocationDelay: 1, ...options.web } },
        { environment: {}, clock: this.clock },
      )
  }

  /** A site of one test, on the service of all. */
  async make({ options, routes, mount, auth = this.latchkey(options) }: MakeSite = {}): Promise<Site> {
    const app = (this.adapter === 'express5' ? express5() : express4()) as unknown as Express
    app.use((req, _res, next) => {
      // everybody here is on one machine, which would soon have asked too often
      Object.defineProperty(req, 'ip', { value: req.headers[addressHeader] ?? req.socket.remoteAddress })
      next()
    })
    if (mount) mount(app, auth)
    else {
      app.use(auth)
      app.get('/', (_req, res) => void res.send('home'))
      routes?.(app, auth)
    }
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const site: Site = { auth, base, browser: () => new Browser(base), stop: () => stop(server, auth) }
    this.#sites.push(site)
    return site
  }

  /** A site with every default and a guarded page at `/dashboard`. */
  get site(): Promise<Site> {
    this.#shared ??= this.make({
      routes(app, auth) {
        app.get('/dashboard', auth.loginRequired(), (req, res) => void res.json({ hello: req.user.email }))
        app.get('/api', auth.apiRequired(), (req, res) => void res.json({ scheme: req.auth.scheme }))
        app.get('/open', auth.optional(), (req, res) => void res.json({ user: req.user?.email ?? null }))
        app.get('/admin', auth.groupsRequired(['admins']), (req, res) => void res.json({ hello: req.user.email }))
      },
    })
    return this.#shared
  }

  /** The application that sites are. */
  async application(): Promise<Json> {
    const { items } = await this.api.read('/applications?name=My%20Application')
    return items[0] as Json
  }

  /** A new account of the application. */
  async account(members: Json = {}): Promise<Json> {
    const { href } = await this.application()
    const email = members.email ?? `user-${Math.random().toString(36).slice(2)}@example.com`
    return this.api.create(`${href}/accounts?registrationWorkflowEnabled=false`, {
      password,
      givenName: 'Jo',
      surname: 'Doe',
      ...members,
      email,
    })
  }

  /** A browser on a site in which an account is logged in. */
  async loggedIn(account?: Json, site?: Site): Promise<Browser & { account: Json }> {
    const known = account ?? (await this.account())
    const browser = (site ?? (await this.site)).browser()
    const page = await browser.postJson('/login', { login: known.email, password })
    expect(page.status, page.text).toBe(200)
    return Object.assign(browser, { account: known })
  }

  async stop(): Promise<void> {
    for (const site of this.#sites) await site.stop()
  }
}

async function stop(server: Server, auth: ExpressAuth): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await auth.close()
}

export interface WebSuiteOptions {
  presets?: readonly Preset[]
  adapters?: readonly Adapter[]
  ways?: readonly Pick<Way, 'position' | 'database'>[]
  /** Mails are captured, and new accounts verify their address. */
  mail?: true
}

const allWays = [
  { position: 'embedded', database: 'sqlite' },
  { position: 'embedded', database: 'postgres' },
  { position: 'remote', database: 'sqlite' },
  { position: 'remote', database: 'postgres' },
] as const

/** Runs the same tests on every adapter, embedded and remote, on both databases. The service is made once for each way. */
export function describeWeb(title: string, tests: (stage: () => Stage) => void, options: WebSuiteOptions = {}): void {
  const { presets = ['modern'], adapters = ['express5', 'express4'], ways = allWays } = options
  describe(title, () => {
    for (const preset of presets) {
      for (const each of ways) {
        const way = { ...each, preset }
        describe(`[${way.position}/${way.database}/${preset}]`, () => {
          let open: Opened | undefined
          beforeAll(async () => {
            open = await openService(way, options.mail)
          })
          afterAll(() => open?.stop())
          for (const adapter of adapters) {
            describe(`[${adapter}]`, () => {
              let stage: Stage | undefined
              beforeAll(() => {
                if (open) stage = new Stage(way, adapter, open.service, open.listener, open.clock)
              })
              afterAll(() => stage?.stop())
              tests(() => {
                if (!stage) throw new Error('the stage is only there while a test runs')
                return stage
              })
            })
          }
        })
      }
    }
  })
}

interface Opened {
  service: App
  listener: Listener | undefined
  clock: ManualClock
  stop(): Promise<void>
}

async function openService(way: Way, mail?: true): Promise<Opened> {
  await using undo = new AsyncDisposableStack()
  const clock = createManualClock(started)
  const troubles: unknown[] = []
  const log: AppOptions['log'] = (entry) => {
    if (entry.level === 'error') troubles.push(entry)
  }
  const listener = way.position === 'remote' ? await listen({ host: '127.0.0.1', port: 0, log }) : undefined
  if (listener) undo.defer(() => listener.close(0))
  const service = await createApp({
    ...(await storage(way, undo)),
    baseUrl: listener ? `http://127.0.0.1:${listener.port}` : 'http://latchkey.test',
    preset: way.preset,
    apiKey: key,
    environment: {},
    clock,
    log,
    insecureTestCost: true,
    ...(mail ? { mail: { url: 'inbox:' } } : {}),
  })
  undo.defer(() => service.close())
  listener?.serve(service.handle)
  const kept = undo.move()
  return {
    service,
    listener,
    clock,
    async stop() {
      await kept.disposeAsync()
      expect(troubles).toEqual([])
    },
  }
}

async function storage({ database }: Way, undo: AsyncDisposableStack): Promise<AppOptions> {
  if (database === 'sqlite') return { inMemory: true }
  const data = await mkdtemp(join(tmpdir(), 'latchkey-web-'))
  undo.defer(() => rm(data, { recursive: true, force: true }))
  return { data, database: undo.use(await createDatabase()).url, allowUndurable: true, autoMigrate: true }
}
