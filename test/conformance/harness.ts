import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Preset } from '../../src/core/presets.ts'
import type { CapturedMail } from '../../src/mail/inbox.ts'
import { type App, type AppOptions, createApp } from '../../src/server/app.ts'
import { listen } from '../../src/server/listen.ts'
import type { Log } from '../../src/server/log.ts'
import { createManualClock, type ManualClock } from '../../src/std/clock.ts'
import { createDatabase } from '../support/postgres.ts'
import { Client, type Json, type KeyPair, type Send, unique } from './client.ts'

export * from './client.ts'

/** One of the positions in which the product must behave the same. */
export interface Way {
  transport: 'embedded' | 'http'
  database: 'sqlite' | 'postgres'
  preset: Preset
}

/** The service under test, spoken to as the owner of its first tenant. */
export class Service extends Client {
  readonly way: Way
  readonly app: App
  /** Stands still until a test moves it. */
  readonly clock: ManualClock
  readonly send: Send
  /** The representation of the key's tenant. */
  tenant: Json

  constructor(way: Way, app: App, send: Send, clock: ManualClock, key: KeyPair) {
    super(send, `${app.baseUrl}/v1`, key)
    this.way = way
    this.app = app
    this.send = send
    this.clock = clock
  }

  /** The newest mail to an address. */
  async mailTo(to: string): Promise<CapturedMail> {
    return (await this.app.inbox?.latest({ to })) ?? expect.fail(`there is no mail to ${to}`)
  }

  /** How many mails went to an address. */
  async mailsTo(to: string): Promise<CapturedMail[]> {
    await this.app.inbox?.latest()
    return this.app.inbox?.list({ to }) ?? []
  }

  /** A stranger on the same service. */
  async secondTenant(preset: Preset = this.way.preset): Promise<Client & { tenant: Json }> {
    const key = unique('stranger').replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string)
    const { apiKey } = await this.app.engine.createTenant({ key, preset, ownerEmail: `owner@${key}.example` })
    const client = this.as(apiKey)
    return Object.assign(client, { tenant: await client.read(await currentTenant(client)) })
  }
}

/** Its id is one that an operator chose: no id that the service makes has hyphens. */
const OWNER_KEY: KeyPair = {
  id: '7-conformance_KEY-of-tests',
  secret: 'a-secret-that-only-these-tests-know-0123456789',
}
/** A Tuesday, well away from any change of the year. */
const START = Date.UTC(2026, 2, 10, 9, 30, 15, 250)

export interface ConformanceOptions {
  /** `modern` alone unless the behaviour depends on the preset. */
  presets?: readonly Preset[]
  /** Made with these settings besides. */
  made?: AppOptions
}

/**
 * Runs the same tests in process and over HTTP, on SQLite and on PostgreSQL. The application is made once for each way;
 * tests keep apart by making directories, applications or tenants of their own.
 */
export function describeConformance(
  title: string,
  tests: (service: () => Service) => void,
  options: ConformanceOptions = {},
): void {
  describe(title, () => {
    for (const preset of options.presets ?? (['modern'] as const)) {
      for (const transport of ['embedded', 'http'] as const) {
        for (const database of ['sqlite', 'postgres'] as const) {
          const way = { transport, database, preset }
          const name = [transport, database, ...(options.presets ? [preset] : [])].join('/')
          describe(`[${name}]`, () => runTests(way, tests, options.made))
        }
      }
    }
  })
}

function runTests(way: Way, tests: (service: () => Service) => void, made: AppOptions | undefined): void {
  let started: { service: Service; stop(): Promise<void> } | undefined
  beforeAll(async () => {
    started = await start(way, made)
  })
  afterAll(() => started?.stop())
  tests(() => {
    if (!started) throw new Error('the service is only there while a test runs')
    return started.service
  })
}

async function start(way: Way, made: AppOptions = {}): Promise<{ service: Service; stop(): Promise<void> }> {
  await using undo = new AsyncDisposableStack()
  const clock = createManualClock(START)
  const troubles: unknown[] = []
  const log: Log = (entry) => {
    if (entry.level === 'error') troubles.push(entry)
  }
  const listener = way.transport === 'http' ? await listen({ host: '127.0.0.1', port: 0, log }) : undefined
  if (listener) undo.defer(() => listener.close(0))
  const app = await createApp({
    ...made,
    ...(await storage(way, undo)),
    baseUrl: listener ? `http://127.0.0.1:${listener.port}` : 'http://latchkey.test',
    preset: way.preset,
    mail: { url: 'inbox:' },
    apiKey: OWNER_KEY,
    environment: {},
    clock,
    log,
    insecureTestCost: true,
  })
  undo.defer(() => app.close())
  listener?.serve(app.handle)
  const send: Send = listener
    ? ({ url, ...request }) => fetch(url, { ...request, redirect: 'manual' })
    : ({ url, ...request }) => app.fetch(new Request(url, request))
  const service = new Service(way, app, send, clock, OWNER_KEY)
  service.tenant = await service.read(await currentTenant(service))
  const kept = undo.move()
  return {
    service,
    async stop() {
      await kept.disposeAsync()
      // nothing that a client does may trouble the operator
      expect(troubles).toEqual([])
    },
  }
}

/** SQLite once in memory and once in a file, PostgreSQL with a database of its own. */
async function storage({ transport, database }: Way, undo: AsyncDisposableStack): Promise<AppOptions> {
  if (database === 'sqlite' && transport === 'embedded') return { inMemory: true }
  const data = await mkdtemp(join(tmpdir(), 'latchkey-conformance-'))
  undo.defer(() => rm(data, { recursive: true, force: true }))
  if (database === 'sqlite') return { data }
  // the tests' cluster does not wait for the disk
  return { data, database: undo.use(await createDatabase()).url, allowUndurable: true, autoMigrate: true }
}

async function currentTenant(client: Client): Promise<string> {
  const { headers } = await client.get('/tenants/current')
  return headers.get('location') as string
}
