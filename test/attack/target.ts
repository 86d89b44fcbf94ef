import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { constants, runInThisContext } from 'node:vm'
import type { Entity } from '../../src/resources/registry.ts'
import type { App, AppOptions } from '../../src/server/app.ts'
import type { LogRecord } from '../../src/server/log.ts'
import { createManualClock, type ManualClock } from '../../src/std/clock.ts'
import { Client, type Json, type KeyPair, type Send, unique } from '../conformance/client.ts'
import { repository } from '../support/mutant.ts'
import { createDatabase } from '../support/postgres.ts'
import { type DialectName, type PlainRequest, type SigningOptions, sign, type WireRequest } from '../support/signer.ts'

export * from '../conformance/client.ts'

export interface TargetOptions {
  /** Where the source lies: the repository when absent. */
  root?: string
  database?: 'sqlite' | 'postgres'
  /** Hashes as in production. */
  realCost?: true
  /** Reached from outside under this address, so not in development mode. */
  baseUrl?: string
  /** Not told any address, so in development mode. */
  development?: true
  apiKey?: KeyPair
  /** Where stolen passwords are looked up. */
  breachedPasswords?: string
  /** Where identity providers are, and whether tenants may name inner ones. */
  providers?: AppOptions['providers']
  /** Mails are captured in its inbox, and so the workflows that need mail are on. */
  mail?: true
  /** Webhooks may lie outside only, as in production. */
  webhooksOutside?: true
  /** What the service logs; warnings and errors when absent. */
  logLevel?: 'debug' | 'info'
}

const OWNER_KEY: KeyPair = {
  id: '7ATTACKEDKEY00000000000000',
  secret: 'a-secret-that-only-the-attacked-know-0123456789',
}
/** A Tuesday, well away from any change of the year. */
const START = Date.UTC(2026, 2, 10, 9, 30, 15, 250)

/** What is attacked: a service of its own behind a port, and its owner, who is no attacker. */
export class Target extends Client {
  readonly root: string
  readonly port: number
  readonly app: App
  readonly clock: ManualClock
  readonly log: readonly LogRecord[]
  readonly #send: Send
  readonly #stop: () => Promise<void>

  constructor(parts: {
    root: string
    port: number
    app: App
    clock: ManualClock
    log: readonly LogRecord[]
    key: KeyPair
    send: Send
    stop(): Promise<void>
  }) {
    super(parts.send, `${parts.app.baseUrl}/v1`, parts.key)
    this.root = parts.root
    this.port = parts.port
    this.app = parts.app
    this.clock = parts.clock
    this.log = parts.log
    this.#send = parts.send
    this.#stop = parts.stop
  }

  /** Where it listens, whatever its base URL. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  stop(): Promise<void> {
    return this.#stop()
  }

  /** Errors in the log: no attack may cause one. */
  troubles(): LogRecord[] {
    return this.log.filter(({ level }) => level === 'error')
  }

  /** The representation of the key's tenant. */
  async tenant(): Promise<Json> {
    return this.read((await this.get('/tenants/current')).headers.get('location') as string)
  }

  /** Somebody else's tenant on the same service, seen by its owner. */
  async stranger(): Promise<Client> {
    const key = unique('stranger').replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string)
    const { apiKey } = await this.app.engine.createTenant({ key, preset: 'modern', ownerEmail: `owner@${key}.example` })
    return this.as(apiKey)
  }

  /** The token of a new one-time link for the owner's password. */
  async ownerToken(): Promise<string> {
    const { engine } = this.app
    const { id } = (await engine.services.store.firstTenant()) as Entity<'tenant'>
    return engine.issueOwnerPasswordToken({
      tenant: id,
      actor: { kind: 'system', id: 'operator' },
      requestId: crypto.randomUUID(),
    })
  }

  /** Anything beside the REST API. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.origin + path, { redirect: 'manual', ...init })
  }

  /** Signs a request of the owner. */
  signed(
    request: Omit<PlainRequest, 'origin'>,
    options: SigningOptions = {},
    dialect: DialectName = 'java',
  ): WireRequest {
    return sign(dialect, this.key, { ...request, origin: this.origin }, { at: this.clock.now(), ...options })
  }

  /** Sends exactly this. */
  async wire({ url, ...request }: WireRequest): Promise<{ status: number; text: string }> {
    const response = await this.#send({ url, ...request })
    return { status: response.status, text: await response.text() }
  }

  /**
   * Writes bytes to a connection and reads until the other side closes it, says nothing for `silence` ms, or nothing
   * more for `quiet` ms.
   */
  raw(
    bytes: string | Uint8Array | readonly (string | Uint8Array)[],
    { silence = 30_000, quiet = 5_000 } = {},
  ): Promise<string> {
    const pieces = typeof bytes === 'string' || bytes instanceof Uint8Array ? [bytes] : bytes
    return new Promise((resolve) => {
      let text = ''
      const socket = connect(this.port, '127.0.0.1')
      const giveUp = () => socket.destroy()
      let timer = setTimeout(giveUp, silence)
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
        clearTimeout(timer)
        timer = setTimeout(giveUp, quiet)
      })
      socket
        .on('error', () => {})
        .on('close', () => {
          clearTimeout(timer)
          resolve(text)
        })
      for (const piece of pieces) socket.write(piece)
    })
  }
}

// Past the test runner's own loader, so that copies of the source are loaded as Node does, and as fast.
const load: (url: string) => Promise<never> = runInThisContext('(url) => import(url)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})

/** A module of the source at `root`, its path below `src`. */
export function loadSource<T>(root: string, file: string): Promise<T> {
  return load(pathToFileURL(join(root, 'src', file)).href)
}

/** Starts a service of the source at `root` behind a free port, its clock standing still. */
export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const {
    root = repository,
    database = 'sqlite',
    realCost = false,
    development,
    baseUrl,
    apiKey = OWNER_KEY,
    logLevel,
  } = options
  const from = <T>(file: string): Promise<T> => loadSource(root, `server/${file}`)
  const { createApp } = await from<typeof import('../../src/server/app.ts')>('app.ts')
  const { listen } = await from<typeof import('../../src/server/listen.ts')>('listen.ts')

  await using undo = new AsyncDisposableStack()
  const clock = createManualClock(START)
  const log: LogRecord[] = []
  const record = (entry: LogRecord) => void log.push(entry)
  const listener = await listen({ host: '127.0.0.1', port: 0, log: record })
  undo.defer(() => listener.close(0))
  const app = await createApp({
    ...(await storage(database, undo)),
    ...(development ? { port: listener.port } : { baseUrl: baseUrl ?? `http://127.0.0.1:${listener.port}` }),
    apiKey,
    ...(options.mail && { mail: { url: 'inbox:' } }),
    ...(logLevel && { logLevel }),
    ...(options.webhooksOutside && { webhooks: { allowPrivateTargets: false } }),
    ...(options.providers && { providers: options.providers }),
    ...(options.breachedPasswords && { breachedPasswords: options.breachedPasswords }),
    environment: {},
    clock,
    log: record,
    insecureTestCost: !realCost,
  })
  undo.defer(() => app.close())
  listener.serve(app.handle)
  const origin = `http://127.0.0.1:${listener.port}`
  const send: Send = ({ url, ...request }) =>
    fetch(url.replace(app.baseUrl, origin), { ...request, redirect: 'manual' })
  const kept = undo.move()
  const stop = () => kept.disposeAsync()
  return new Target({ root, port: listener.port, app, clock, log, key: apiKey, send, stop })
}

async function storage(database: 'sqlite' | 'postgres', undo: AsyncDisposableStack): Promise<AppOptions> {
  if (database === 'sqlite') return { inMemory: true }
  const data = await mkdtemp(join(tmpdir(), 'latchkey-attacked-'))
  undo.defer(() => rm(data, { recursive: true, force: true }))
  // the tests' cluster does not wait for the disk
  return { data, database: undo.use(await createDatabase()).url, allowUndurable: true, autoMigrate: true }
}
