import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodes } from '../../src/std/mistake.ts'
import { repository } from '../support/mutant.ts'
import { createDatabase } from '../support/postgres.ts'
import { readKey } from '../support/service.ts'
import { latchkey, serve, start, temporaryFolder } from './latchkey.ts'

const PASSWORD = 'Copper-Kettle-4471'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

interface Json {
  href: string
  [name: string]: unknown
}

/** Speaks to a service as the owner of its tenant. */
async function clientOf(at: string, data: string) {
  const { id, secret } = await readKey(join(data, 'apiKey.properties'))
  const authorization = `Basic ${btoa(`${id}:${secret}`)}`
  const ask = async (path: string, body?: unknown, type = 'application/json') => {
    const answer = await fetch(path.startsWith('/') ? `${at}/v1${path}` : path, {
      headers: { authorization, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as Json & Record<string, Json> }
  }
  return { id, secret, ask }
}

/** An application with a user who is logged in; whether their token still holds. */
async function loggedIn(at: string, data: string) {
  const client = await clientOf(at, data)
  const { ask } = client
  const application = (await ask('/applications?createDirectory=true', { name: crypto.randomUUID() })).body
  await ask((application.oAuthPolicy as Json).href, { passwordGrant: 'ENABLED' })
  const email = `${crypto.randomUUID()}@example.com`
  const account = await ask(`${(application.accounts as Json).href}?registrationWorkflowEnabled=false`, {
    email,
    password: PASSWORD,
    givenName: 'A',
    surname: 'B',
  })
  expect(account.status).toBe(201)
  const form = new URLSearchParams({ grant_type: 'password', username: email, password: PASSWORD }).toString()
  const type = 'application/x-www-form-urlencoded'
  const { body } = await ask(`${application.href}/oauth/token`, form, type)
  const token = String(body.access_token)
  const isGood = async () =>
    (await ask(`${application.href}/oauth/introspect`, new URLSearchParams({ token }).toString(), type)).body.active
  expect(await isGood()).toBe(true)
  const idOf = ({ href }: Json) => href.slice(href.lastIndexOf('/') + 1)
  return { ...client, application: idOf(application), account: idOf(account.body), isGood }
}

test('OPS-O7 exit codes are those of the table, and the guide has them all', async () => {
  expect(exitCodes).toEqual({
    runtime: 1,
    usage: 64,
    data: 65,
    unavailable: 69,
    io: 74,
    permission: 77,
    configuration: 78,
  })
  const guide = await readFile(join(repository, 'docs/operations.md'), 'utf8')
  for (const code of Object.values(exitCodes)) expect(guide).toMatch(new RegExp(`^\\| ${code} \\| \\S`, 'm'))
  await using folder = await temporaryFolder()
  const outcomes = await Promise.all([
    latchkey(['nonsense']),
    latchkey(['doctor', '--data', folder.path]),
    latchkey(['config', 'check', '--port', 'x']),
    latchkey(['revoke', '--data', folder.path]),
  ])
  expect(outcomes.map(({ code }) => code)).toEqual([64, 69, 78, 64])
})

test('OPS-O1 OPS-O2 OPS-O3 health on the management listener tells starting, serving and stopping apart', async () => {
  await using folder = await temporaryFolder()
  const port = await freePort()
  const beside = `http://127.0.0.1:${port}`
  const words = ['serve', '--port', '0', '--data', folder.path, '--management-port', String(port)]
  const absent = {
    LATCHKEY_DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none`,
    LATCHKEY_MANAGEMENT_PORT: String(port),
  }
  const status = async (path: string) => {
    const answer = await fetch(beside + path)
    return [answer.status, await answer.json()] as const
  }
  {
    await using waiting = start(words, { env: absent })
    await expect.poll(() => waiting.output()).toContain('store.waiting')
    expect((await status('/healthz'))[0]).toBe(200)
    expect(await status('/startupz')).toEqual([503, { status: 'starting' }])
    expect(await status('/readyz')).toEqual([
      503,
      { status: 'unavailable', checks: { started: { ok: false, detail: expect.any(String) } } },
    ])
  }
  await using service = start(words, { env: { LATCHKEY_DRAIN_DELAY: 'PT1H', LATCHKEY_MANAGEMENT_PORT: String(port) } })
  await service.url
  expect((await status('/startupz'))[0]).toBe(200)
  expect((await status('/readyz'))[0]).toBe(200)
  service.process.kill('SIGTERM')
  await expect.poll(async () => (await status('/readyz'))[0]).toBe(503)
  expect((await status('/readyz'))[1]).toMatchObject({ checks: { store: { ok: true }, serving: { ok: false } } })
  expect((await status('/healthz'))[0]).toBe(200)
})

test('OPS-O16 SIGHUP takes over what can change, and names what waits for a restart', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'some.config.ts')
  const write = (text: string) => writeFile(file, `export default { ${text} }\n`)
  await write("logLevel: 'warn'")
  const data = join(folder.path, 'data')
  await using service = await serve(data, ['--config', file])
  const lines = () =>
    service
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { event: string; taken?: string[]; restart_needed?: string[] })
  const reloaded = (count: number) =>
    expect.poll(() => lines().filter(({ event }) => event.startsWith('settings.')).length).toBe(count)
  const requests = () => lines().filter(({ event }) => event === 'http.request').length
  await fetch(`${service.at}/v1/nowhere`)
  await write("logLevel: 'info', ownerEmail: 'ada@example.org', limits: { perKey: 7 }")
  service.process.kill('SIGHUP')
  await reloaded(1)
  expect(lines().at(-1)).toMatchObject({ taken: ['logLevel', 'limits.perKey'], restart_needed: ['ownerEmail'] })
  expect(requests()).toBe(0)
  await fetch(`${service.at}/v1/nowhere`)
  await expect.poll(requests).toBe(1)
  await write("logLevel: 'loud'")
  service.process.kill('SIGHUP')
  await reloaded(2)
  expect(lines().at(-1)?.event).toBe('settings.refused')
  expect((await fetch(`${service.at}/healthz`)).status).toBe(200)
})

test('OPS-O23 GOAL-C8 sessions of an account, an application, a tenant or all end with one command', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path)
  const revoke = (...words: string[]) => latchkey(['revoke', '--data', folder.path, ...words])
  const one = await loggedIn(service.at, folder.path)
  const two = await loggedIn(service.at, folder.path)
  expect((await revoke('--account', one.account)).stdout).toBe('1 session(s) ended\n')
  expect([await one.isGood(), await two.isGood()]).toEqual([false, true])
  expect((await revoke('--application', two.application)).stdout).toBe('1 session(s) ended\n')
  expect(await two.isGood()).toBe(false)
  const three = await loggedIn(service.at, folder.path)
  expect((await revoke('--all')).stdout).toBe('1 session(s) ended\n')
  expect(await three.isGood()).toBe(false)
  const unknown = await revoke('--account', 'nobody000000000000000')
  expect([unknown.code, unknown.stderr]).toEqual([65, expect.stringContaining('there is no account nobody')])
  expect((await revoke('--account', 'x', '--all')).code).toBe(64)
})

test('OPS-O23 an API key is disabled at once', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path)
  const { id, ask } = await clientOf(service.at, folder.path)
  expect((await ask('/directories')).status).toBe(200)
  expect((await latchkey(['revoke', '--data', folder.path, '--api-key', id])).code).toBe(0)
  expect((await ask('/directories')).status).toBe(401)
})

test('OPS-O22 in an emergency every signing key is withdrawn with its tokens', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path)
  const { isGood, application } = await loggedIn(service.at, folder.path)
  const rotate = (...words: string[]) => latchkey(['key', 'rotate-signing', '--data', folder.path, ...words])
  expect((await rotate()).stdout).toBe('0 signing key(s) were made or taken away\n')
  expect(await isGood()).toBe(true)
  const jwks = async () =>
    (
      (await (await fetch(`${service.at}/v1/applications/${application}/oauth/jwks`)).json()) as {
        keys: { kid: string }[]
      }
    ).keys
  const [before] = await jwks()
  expect((await rotate('--emergency')).stdout).toMatch(/^\d+ application\(s\) sign with new keys/)
  expect(await isGood()).toBe(false)
  // the running service may have its keys in memory for half a minute
  await expect
    .poll(async () => (await jwks()).some(({ kid }) => kid === before?.kid), { timeout: 60_000, interval: 1000 })
    .toBe(false)
  expect((await rotate('--emergency', '--application', 'none')).code).toBe(65)
})

test('OPS-O48 a support bundle has what helps and no secret', async () => {
  await using folder = await temporaryFolder()
  await using database = await createDatabase({ empty: true })
  const port = String(await freePort())
  const url = new URL(database.url)
  url.searchParams.set('application_name', 'canary')
  const env = {
    LATCHKEY_DATABASE_URL: url.href,
    LATCHKEY_ALLOW_UNDURABLE: 'true',
    LATCHKEY_SECRET_KEY: 'T_mkLMtwbsU6Cc10ZcvzYUQ5mzMq1ozPXg8Sc5aCw9M',
    LATCHKEY_API_KEY_ID: 'CANARY-KEY-0001',
    LATCHKEY_API_KEY_SECRET: 'canary-secret-canary-secret-canary-secret',
    LATCHKEY_MAIL_URL: 'smtp://canary:canary@127.0.0.1:1',
    LATCHKEY_OWNER_EMAIL: 'canary@example.com',
    LATCHKEY_MANAGEMENT_PORT: port,
  }
  await using _ = await serve(folder.path, [], { env })
  const out = join(folder.path, 'bundle.json')
  const words = ['support-bundle', '--data', folder.path, '--out', out]
  const made = await latchkey(words, { env })
  expect([made.stdout, made.code]).toEqual([`${out}\n`, 0])
  expect((await stat(out)).mode & 0o777).toBe(0o600)
  const text = await readFile(out, 'utf8')
  expect(text).not.toMatch(/canary|T_mkLM/i)
  const bundle = JSON.parse(text)
  expect(bundle).toMatchObject({
    node: process.version,
    settings: {
      database: { value: '***', from: 'LATCHKEY_DATABASE_URL' },
      logLevel: { value: null, from: 'default' },
    },
    health: { status: 'ok' },
  })
  expect(bundle.doctor).toContainEqual(expect.objectContaining({ check: 'secrets', level: 'ok' }))
  expect(bundle.metrics).toContain('latchkey_ready 1')
  const again = await latchkey(words, { env })
  expect([again.code, again.stderr]).toEqual([78, expect.stringContaining('exists already')])
})

test('OPS-O47 alerts and dashboard ask for metrics that there are, and each alert has its runbook', async () => {
  await using folder = await temporaryFolder()
  const port = await freePort()
  await using _ = await serve(folder.path, ['--management-port', String(port)])
  const exposed = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const known = new Set(
    [...exposed.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
  const read = (file: string) => readFile(join(repository, 'docs', file), 'utf8')
  const [alerts, dashboard, guide] = await Promise.all([
    read('monitoring/alerts.yml'),
    read('monitoring/grafana.json'),
    read('operations.md'),
  ])
  const asked = [...`${alerts}${dashboard}`.matchAll(/\blatchkey_\w+/g)].map(([name]) => name)
  expect(asked.length).toBeGreaterThan(30)
  expect(asked.filter((name) => !known.has(name))).toEqual([])
  expect(JSON.parse(dashboard).panels.length).toBeGreaterThan(8)
  const headings = [...guide.matchAll(/^## (.+)$/gm)].map(([, text = '']) => text.toLowerCase().replaceAll(' ', '-'))
  const runbooks = [...alerts.matchAll(/runbook: docs\/operations\.md#(\S+)/g)].map(([, anchor]) => anchor)
  expect(runbooks).toHaveLength([...alerts.matchAll(/- alert: /g)].length)
  for (const anchor of runbooks) expect(headings).toContain(anchor)
})
