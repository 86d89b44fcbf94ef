import { afterAll, beforeAll, expect, test } from 'vitest'
import { createManualClock } from '../std/clock.ts'
import { type App, createApp } from './app.ts'

const clock = createManualClock(Date.UTC(2026, 2, 10, 9, 30))
const lines: Record<string, unknown>[] = []
const take = (level: string) => (fields: object, msg: string) => void lines.push({ level, msg, ...fields })
const logger = { debug: take('debug'), info: take('info'), warn: take('warn'), error: take('error') }
let app: App

beforeAll(async () => {
  const made = { inMemory: true, environment: {}, insecureTestCost: true, clock, logger }
  // the inbox of development tells whose mails it has
  app = await createApp({ ...made, logLevel: 'debug', mail: { url: 'none' } })
})
afterAll(() => app?.close())

function ask(path: string, { method = 'GET', key = app.apiKey, body }: AskOptions = {}): Promise<Response> {
  const authorization = `Basic ${btoa(`${key?.id}:${key?.secret}`)}`
  const headers = { authorization, 'content-type': 'application/json', 'x-request-id': 'the-request-1' }
  return app.fetch(new Request(`${app.baseUrl}/v1${path}`, { method, headers, body: JSON.stringify(body) }))
}

/** The members of answers that are looked at. */
interface Made {
  href: string
  id: string
  secret: string
}

interface AskOptions {
  method?: string
  key?: { id: string; secret: string } | undefined
  body?: unknown
}

const create = async (path: string, body: unknown): Promise<Made> =>
  (await ask(path, { method: 'POST', body })).json() as Promise<Made>
const path = ({ href }: { href: string }) => new URL(href).pathname.slice('/v1'.length)

test('WEB-W157 log-ins, their pauses and disabled keys are told at once, with ids and networks and no names', async () => {
  const application = await create('/applications?createDirectory=true', { name: 'Shop' })
  const email = 'ada@example.com'
  const person = { email, password: 'Copper-Kettle-4471', givenName: 'Ada', surname: 'Lovelace' }
  const account = await create(`${path(application)}/accounts?registrationWorkflowEnabled=false`, person)
  const key = await create(`${path(account)}/apiKeys`, {})
  const logIn = (password: string) =>
    create(`${path(application)}/loginAttempts`, { type: 'basic', value: btoa(`${email}:${password}`) })

  await logIn(person.password)
  for (let i = 0; i < 11; i++) await logIn('Not-The-Password-1')
  expect((await ask('/tenants/current', { key: { id: key.id, secret: key.secret } })).status).toBe(401)

  const told = lines.filter(({ event }) => String(event).startsWith('auth.'))
  const of = (event: string) => told.filter((line) => line.event === event)
  const accountId = account.href.split('/').at(-1)
  expect(of('auth.login.succeeded')).toMatchObject([{ level: 'debug', account: accountId, outcome: 'ok' }])
  expect(of('auth.login.failed')).toHaveLength(11)
  expect(of('auth.login.failed').at(-1)).toMatchObject({ outcome: 'paused', req_id: 'the-request-1' })
  expect(of('auth.login.paused')).toMatchObject([{ level: 'warn', account: accountId, seconds: 60 }])
  expect(of('auth.limited')).toMatchObject([{ limit: 'logIn.name' }])
  expect(of('auth.key.refused')).toMatchObject([{ level: 'warn', key: key.id, req_id: 'the-request-1' }])
  // A mail that is captured and not sent is shown to the developer: the owner hears of the pause.
  const text = JSON.stringify(lines.filter(({ event }) => event !== 'mail.captured'))
  for (const secret of [email, person.password, key.secret, app.apiKey?.secret as string, 'Lovelace', btoa(email)]) {
    expect(text).not.toContain(secret)
  }
})
