import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createDatabase, sharedCluster } from '../support/postgres.ts'
import { readKey } from '../support/service.ts'
import { latchkey, serve, start, temporaryFolder } from './latchkey.ts'

/** The tests' cluster does not wait for its disk. */
const on = (url: string) => ({ env: { LATCHKEY_DATABASE_URL: url, LATCHKEY_ALLOW_UNDURABLE: 'true' } })

const opens = async (url: string, data: string) => {
  const { id, secret } = await readKey(join(data, 'apiKey.properties'))
  const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}` }
  return (await fetch(`${url}/v1/tenants/current`, { headers, redirect: 'manual' })).status === 302
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function forgetLastMigration(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    'delete from latchkey_migrations where name = (select max(name) from latchkey_migrations) returning name',
  )
  await client.end()
  return rows[0].name
}

test('an empty database is migrated and used, with a warning that it may lose writes', async () => {
  await using database = await createDatabase({ empty: true })
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, [], on(database.url))
  expect(service.output()).toContain('warning: allowUndurable is set')
  expect(await opens(service.at, folder.path)).toBe(true)
  expect(readdirSync(folder.path).sort()).toEqual(['apiKey.properties', 'secret.key'])
})

test('OPS-O39 with a key ring and a first key given, nothing is written to the disk', async () => {
  await using database = await createDatabase({ empty: true })
  await using folder = await temporaryFolder()
  const { env } = on(database.url)
  const pair = { LATCHKEY_API_KEY_ID: 'MY-OWN-KEY-0001', LATCHKEY_API_KEY_SECRET: 's'.repeat(43) }
  const ring = { LATCHKEY_SECRET_KEY: 'T_mkLMtwbsU6Cc10ZcvzYUQ5mzMq1ozPXg8Sc5aCw9M' }
  await using service = await serve(join(folder.path, 'none'), [], { env: { ...env, ...pair, ...ring } })
  expect(readdirSync(folder.path)).toEqual([])
  const headers = { authorization: `Basic ${btoa(`MY-OWN-KEY-0001:${'s'.repeat(43)}`)}` }
  expect((await fetch(`${service.at}/v1/tenants/current`, { headers, redirect: 'manual' })).status).toBe(302)
})

test('a database that may lose writes is refused by name of its setting', async () => {
  await using database = await createDatabase({ empty: true })
  await using folder = await temporaryFolder()
  const env = { LATCHKEY_DATABASE_URL: database.url }
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', folder.path], { env })
  expect(stderr).toContain('fsync = off')
  expect(stderr).toMatch(/\n {2}fix: set fsync = on in postgresql\.conf/)
  expect(code).toBe(78)
})

test('OPS-O26 pending migrations are refused, until they are run', async () => {
  await using database = await createDatabase()
  await using folder = await temporaryFolder()
  const name = await forgetLastMigration(database.url)
  const words = ['--port', '0', '--data', folder.path]
  const refused = await latchkey(['serve', ...words], on(database.url))
  expect(refused.stderr).toContain(
    `the database lacks 1 migration(s) of this version: ${name}\n  fix: latchkey migrate up`,
  )
  expect(refused.code).toBe(78)

  const status = await latchkey(['migrate', 'status', '--data', folder.path], on(database.url))
  expect(status.stdout).toMatch(new RegExp(`^${name} +pending$`, 'm'))
  const plan = await latchkey(['migrate', 'plan', '--data', folder.path], on(database.url))
  expect(plan.stdout).toMatch(new RegExp(`^-- ${name}\n[^]*(create|alter) (table|index)`))
})

test('migrate up brings an empty database forward, once', async () => {
  await using database = await createDatabase({ empty: true })
  await using folder = await temporaryFolder()
  const up = ['migrate', 'up', '--data', folder.path]
  expect((await latchkey(up, on(database.url))).stdout).toMatch(/^done {2}0001-/)
  expect((await latchkey(up, on(database.url))).stdout).toContain('nothing to do')
  const plan = await latchkey(['migrate', 'plan', '--data', folder.path], on(database.url))
  expect(plan.stdout).toBe('-- nothing to do: the database has the schema of this version\n')
})

test('a database of a newer version is refused', async () => {
  await using database = await createDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query("insert into latchkey_migrations values ('9999-later', 'x', 1)")
  await client.end()
  await using folder = await temporaryFolder()
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', folder.path], on(database.url))
  expect(stderr).toContain('does not know: 9999-later')
  expect(code).toBe(78)
})

test('nodes with folders of their own that start at once agree on one tenant', async () => {
  await using database = await createDatabase({ empty: true })
  await using one = await temporaryFolder()
  await using two = await temporaryFolder()
  const secret = (await latchkey(['key', 'generate'])).stdout.trim()
  const { env } = on(database.url)
  const options = { env: { ...env, LATCHKEY_SECRET_KEY: secret } }
  await using first = start(['serve', '--port', '0', '--data', one.path], options)
  await using second = start(['serve', '--port', '0', '--data', two.path], options)
  const urls = await Promise.all([first.url, second.url])
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query('select id from tenants')
  await client.end()
  expect(rows).toHaveLength(1)
  const withKey = [one.path, two.path].filter((path) => readdirSync(path).includes('apiKey.properties'))
  expect(withKey).toHaveLength(1)
  for (const url of urls) expect(await opens(url, withKey[0] as string)).toBe(true)
})

test('OPS-O8 a server that is not there yet is waited for, and one that goes away is told', async () => {
  await using database = await createDatabase({ empty: true })
  await using folder = await temporaryFolder()
  const [ours, theirs] = [await freePort(), await freePort()]
  const url = `postgres://postgres@127.0.0.1:${theirs}${new URL(database.url).pathname}`
  await using service = start(['serve', '--port', String(ours), '--data', folder.path], on(url))
  await expect.poll(() => service.output()).toContain('"event":"store.waiting"')
  const at = `http://127.0.0.1:${ours}`
  const status = async (path: string) => (await fetch(at + path)).status
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
  const patient = status('/v1/tenants/current')

  let relay = await relayToCluster(theirs)
  expect(await patient).toBe(401)
  expect(await status('/healthz')).toBe(200)
  await expect.poll(() => status('/readyz')).toBe(200)
  await relay.close()
  await expect.poll(() => status('/readyz')).toBe(503)
  expect(await status('/healthz')).toBe(200)
  relay = await relayToCluster(theirs)
  await expect.poll(() => status('/readyz')).toBe(200)
  await relay.close()
})

/** Makes the shared cluster reachable at a port, for as long as wanted. */
async function relayToCluster(port: number): Promise<{ close(): Promise<unknown> }> {
  const cluster = await sharedCluster()
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => sockets.add(socket.on('error', () => socket.destroy()))
  const server = createServer((near) => {
    const far = connect(join(cluster.socketDirectory, `.s.PGSQL.${cluster.port}`))
    keep(near)
    keep(far)
    near.pipe(far).pipe(near)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    close() {
      for (const socket of sockets) socket.destroy()
      return once(server.close(), 'close')
    },
  }
}
