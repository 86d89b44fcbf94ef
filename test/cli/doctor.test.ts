import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createDatabase } from '../support/postgres.ts'
import { readKey } from '../support/service.ts'
import { latchkey, serve, temporaryFolder } from './latchkey.ts'

const on = (url: string) => ({ env: { LATCHKEY_DATABASE_URL: url, LATCHKEY_ALLOW_UNDURABLE: 'true' } })
const doctor = (data: string, options = {}) => latchkey(['doctor', '--data', data], options)

/** A service with some accounts in it, stopped. */
async function filled(data: string, options: { env?: Record<string, string> } = {}): Promise<void> {
  await using service = await serve(data, [], options)
  const { id, secret } = await readKey(join(data, 'apiKey.properties'))
  const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}`, 'content-type': 'application/json' }
  const post = async (url: string, body: object) =>
    (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<{
      href: string
      accounts: { href: string }
    }>
  const { accounts } = await post(`${service.at}/v1/directories`, { name: 'People' })
  for (const name of ['ada', 'grace']) {
    await post(`${accounts.href}?passwordFormat=mcf`, {
      email: `${name}@example.com`,
      password: '$2a$04$abcdefghijklmnopqrstuuQ0CWYmFf1SP1rU8I3O3YrZWQYv8gwqu',
    })
  }
  await service.stop()
}

function tamper(data: string, ...statements: string[]): void {
  const database = new DatabaseSync(join(data, 'latchkey.sqlite'), { enableForeignKeyConstraints: false })
  for (const statement of statements) database.exec(statement)
  database.close()
}

test('OPS-O31 a sound database is said to be, beside the running service, and not changed', async () => {
  await using folder = await temporaryFolder()
  await filled(folder.path)
  await using _ = await serve(folder.path)
  const { code, stdout, stderr } = await doctor(folder.path)
  expect([stderr, code]).toEqual(['', 0])
  for (const check of ['schema', 'integrity', 'indexes', 'orphans', 'parts', 'sizes', 'secrets', 'leases']) {
    expect(stdout).toMatch(new RegExp(`^ok {7}${check} `, 'm'))
  }
  expect(stdout).not.toMatch(/^(error|warning)/m)
})

test('OPS-O31 what is wrong is told, each with what puts it right, and the exit code says so', async () => {
  await using folder = await temporaryFolder()
  await filled(folder.path)
  tamper(
    folder.path,
    "delete from directories where name = 'People'",
    'delete from accounts_custom_data where id in (select id from accounts limit 1)',
    'drop index accounts_directory_status',
    'update accounts set event_key = substr(event_key, 1, 20)',
    "insert into counts (tenant_id, resource, scope, owner_id, id, delta) select tenant_id, 'account', 'directory', id, 'x', 7 from directories",
    "insert into one_time (tenant_id, kind, key_digest, payload, expires_at) select tenant_id, 'x', 'x', 'x', 1 from tenants",
    "insert into outbox (tenant_id, id, channel, kind, subject_id, payload, created_at, expires_at, attempts, due_at, claim) select tenant_id, 'x', 'mail', 'welcome', 'x', '', 1, 2, 1, 3, 'dead' from tenants",
  )
  const { code, stdout, stderr } = await doctor(folder.path)
  expect(code).toBe(65)
  expect(stdout).toMatch(/^error {4}orphans +\d+ row\(s\) of accounts belong to no row of directories$/m)
  expect(stdout).toMatch(/^error {4}parts +1 row\(s\) of accounts lack their row in accounts_custom_data$/m)
  expect(stdout).toMatch(/^error {4}indexes +the index accounts_directory_status is missing\n +fix: create index /m)
  expect(stdout).toMatch(/^error {4}secrets +\d+ of \d+ sealed values do not open$/m)
  expect(stdout).toMatch(/^error {4}sizes +\d+ collection\(s\) of account by directory/m)
  expect(stdout).toMatch(/^warning {2}expired +1 thing/m)
  expect(stdout).toMatch(/^warning {2}leases +1 mail/m)
  expect(stderr).toMatch(/^error: \d+ thing\(s\) are wrong with the database\n/)
})

test('OPS-O31 damaged pages are found', async () => {
  await using folder = await temporaryFolder()
  await filled(folder.path)
  const file = join(folder.path, 'latchkey.sqlite')
  const bytes = await readFile(file)
  // beyond the schema, in the middle of what is stored
  bytes.fill(0x5a, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 4096 * 8)
  await writeFile(file, bytes)
  const { code, stderr } = await doctor(folder.path)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(code).toBe(65)
})

test('OPS-O31 another key than the one of the data is told, and none is made', async () => {
  await using folder = await temporaryFolder()
  await filled(folder.path)
  const { stdout: other } = await latchkey(['key', 'generate'])
  const found = await latchkey(['doctor', '--json', '--data', folder.path], {
    env: { LATCHKEY_SECRET_KEY: other.trim() },
  })
  expect(found.code).toBe(65)
  expect(JSON.parse(found.stdout)).toContainEqual({
    check: 'secrets',
    level: 'error',
    message: expect.stringMatching(/^(\d+) of \1 sealed values do not open$/),
    fix: expect.stringContaining('LATCHKEY_SECRET_KEY'),
  })
  await using empty = await temporaryFolder()
  const none = await doctor(empty.path)
  expect([none.code, none.stderr]).toEqual([69, expect.stringContaining('there is no database in')])
  expect(readdirSync(empty.path)).toEqual([])
})

test('OPS-O31 on PostgreSQL a missing pg_trgm and an index that cannot be used are told', async () => {
  await using database = await createDatabase({ empty: true })
  await using folder = await temporaryFolder()
  await filled(folder.path, on(database.url))
  const sound = await doctor(folder.path, on(database.url))
  expect([sound.stderr.replace(/^warning: allowUndurable.*\n/, ''), sound.code]).toEqual(['', 0])
  expect(sound.stdout).not.toMatch(/^error/m)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('drop extension pg_trgm cascade')
  await client.query("update pg_index set indisvalid = false where indexrelid = 'accounts_directory_status'::regclass")
  await client.end()
  const { code, stdout } = await doctor(folder.path, on(database.url))
  expect(code).toBe(65)
  expect(stdout).toMatch(/^error {4}indexes +the index accounts_directory_status cannot be used\n +fix: reindex/m)
  expect(stdout).toMatch(
    /^warning {2}trigrams +the extension pg_trgm is missing.*\n +fix: create extension if not exists pg_trgm; create index if not exists directories_text on directories using gin .*; create index if not exists accounts_text on accounts using gin/m,
  )
})

test('OPS-O11 config check --online asks what the settings name', async () => {
  await using database = await createDatabase()
  await using folder = await temporaryFolder()
  const silent = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  const check = ['config', 'check', '--online', '--data', join(folder.path, 'none')]
  const { env } = on(database.url)
  const fine = await latchkey(check, { env: { ...env, LATCHKEY_BASE_URL: 'http://localhost:4000' } })
  expect(fine.stdout).toMatch(/^ok {7}database +it answers/m)
  expect(fine.stdout).toMatch(/^ok {7}clock /m)
  expect(fine.stdout).toMatch(/^ok {7}schema /m)
  expect(fine.stdout).toMatch(/^ok {7}name +localhost/m)
  expect(fine.code).toBe(0)
  const broken = await latchkey(check, {
    env: {
      LATCHKEY_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      LATCHKEY_MAIL_URL: `smtp://127.0.0.1:${port}`,
      LATCHKEY_REDIS_URL: 'redis://127.0.0.1:1',
      LATCHKEY_BASE_URL: 'http://nowhere.invalid',
    },
  })
  silent.close()
  expect(broken.code).toBe(69)
  expect(broken.stdout).toMatch(/^error {4}database +cannot connect to PostgreSQL/m)
  expect(broken.stdout).toMatch(/^error {4}mail +127\.0\.0\.1 does not answer/m)
  expect(broken.stdout).toMatch(/^warning {2}redis +it does not answer/m)
  expect(broken.stdout).toMatch(/^warning {2}name +nowhere\.invalid has no address/m)
  expect(readdirSync(folder.path)).toEqual([])
})
