import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, type AppOptions, createApp } from '../../src/server/app.ts'
import type { LogRecord } from '../../src/server/log.ts'
import { createManualClock, type ManualClock } from '../../src/std/clock.ts'
import { accountValues, Client, type Json, type Send } from '../conformance/client.ts'
import { createDatabase } from '../support/postgres.ts'

export type DatabaseKind = 'sqlite' | 'postgres'

const apiKey = { id: 'MAILTESTKEY00000000000TEST', secret: 'a-secret-that-only-these-tests-know-0123456789' }

/** A service whose mail really leaves, on a database that a second one can share. */
export interface World extends AsyncDisposable {
  clock: ManualClock
  log: LogRecord[]
  /** Starts a further process, as it were. */
  open(options: AppOptions): Promise<App>
  clientOf(app: App): Client
}

export async function openWorld(database: DatabaseKind): Promise<World> {
  await using undo = new AsyncDisposableStack()
  const clock = createManualClock(Date.UTC(2026, 2, 10, 9, 30))
  const log: LogRecord[] = []
  const data = await mkdtemp(join(tmpdir(), 'latchkey-mail-'))
  undo.defer(() => rm(data, { recursive: true, force: true }))
  const postgres = database === 'postgres' && { database: undo.use(await createDatabase()).url, allowUndurable: true }
  const kept = undo.move()
  return {
    clock,
    log,
    async open(options) {
      const app = await createApp({
        data,
        ...postgres,
        autoMigrate: true,
        baseUrl: 'http://latchkey.test',
        apiKey,
        environment: {},
        clock,
        log: (record) => void log.push(record),
        insecureTestCost: true,
        ...options,
      })
      let closed: Promise<void> | undefined
      const close = app.close
      app.close = () => (closed ??= close())
      kept.defer(() => app.close())
      return app
    },
    clientOf(app) {
      const send: Send = ({ url, ...request }) => app.fetch(new Request(url, request))
      return new Client(send, `${app.baseUrl}/v1`, apiKey)
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** An application with accounts that may ask for a new password. */
export async function people(client: Client, count: number): Promise<{ application: Json; accounts: Json[] }> {
  const { application, directory } = await client.newApplicationWithDirectory()
  const accounts: Json[] = []
  for (let at = 0; at < count; at++) accounts.push(await client.create(directory.accounts.href, accountValues()))
  return { application, accounts }
}

export async function forget(client: Client, application: Json, { email }: Json): Promise<Json> {
  return (await client.post(application.passwordResetTokens.href, { email })).body
}
