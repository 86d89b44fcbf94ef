import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, sharedCluster, startCluster, type TestDatabase } from '../../../test/support/postgres.ts'
import { administer } from '../../../test/support/postgres-cluster.ts'
import type { Connection } from '../database.ts'
import { openPostgres, type PostgresDatabase } from './database.ts'

let home: TestDatabase

beforeAll(async () => {
  home = await createDatabase({ empty: true })
})

afterAll(() => home?.drop())

const connections = async (database: PostgresDatabase) =>
  (await database.reader.get('select count(*) as n from pg_stat_activity where datname = current_database()', []))?.n

describe('when every connection is busy', () => {
  test('a write is refused within a second, and the next one finds a free connection', async () => {
    const database = await openPostgres({ url: home.url, poolSize: 6, allowUndurable: true })
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const holders = [1, 2].map(() =>
      database.write(async (tx) => {
        await tx.get('select 1', [])
        await held
      }),
    )
    const started = performance.now()
    await expect(database.write(async () => {})).rejects.toMatchObject({
      code: 'overloaded',
      detail: { retryAfterSeconds: 1 },
    })
    expect(performance.now() - started).toBeLessThan(2000)
    // reads have connections of their own
    await expect(database.reader.get('select 1 as n', [])).resolves.toEqual({ n: 1 })
    release()
    await Promise.all(holders)
    await expect(database.write(async () => 'free')).resolves.toBe('free')
    await database.close()
  })

  test('many callers take turns on few connections', async () => {
    const database = await openPostgres({ url: home.url, poolSize: 6, waitMs: 10_000, allowUndurable: true })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        database.write(async (tx) => (await tx.get('select ?::int as n', [index]))?.n),
      ),
    )
    expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => index))
    expect(await connections(database)).toBeLessThanOrEqual(4)
    await database.close()
  })
})

describe('when connections are lost', () => {
  test('idle and busy ones alike, the process goes on and so do reads and writes', async () => {
    const database = await openPostgres({ url: home.url, allowUndurable: true })
    await Promise.all(Array.from({ length: 8 }, () => database.write((tx) => tx.get('select 1', []))))
    await database.slowReader.get('select 1', [])
    const name = new URL(home.url).pathname.slice(1)
    for (let round = 0; round < 3; round++) {
      const reads = Array.from({ length: 50 }, () => database.reader.get('select 1 as n, pg_sleep(0.002)', []))
      await administer(
        await sharedCluster(),
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      )
      for (const row of await Promise.all(reads)) expect(row?.n).toBe(1)
      await expect(database.write((tx) => tx.get('select 2 as n', []))).resolves.toEqual({ n: 2 })
      await expect(database.slowReader.get('select 3 as n', [])).resolves.toEqual({ n: 3 })
    }
    await database.close()
  })

  test('a stopped server is said at once, a restarted one is used again', async () => {
    await using cluster = await startCluster()
    const database = await openPostgres({ url: cluster.url(), allowUndurable: true })
    await database.ping()
    await cluster.stop('immediate')
    await expect(database.ping()).rejects.toMatchObject({ code: 'overloaded' })
    await expect(database.write(async (tx) => tx.get('select 1', []))).rejects.toMatchObject({ code: 'overloaded' })
    await cluster.start()
    await database.ping()
    await expect(database.write(async (tx) => tx.get('select 1 as n', []))).resolves.toEqual({ n: 1 })
    await database.close()
  })
})

test('a server process that falls silent is given up, and the others go on', async () => {
  const database = await openPostgres({ url: home.url, statementMs: 500, allowUndurable: true })
  const pid = async (connection: Connection) =>
    (await connection.get('select pg_backend_pid() as pid', []))?.pid as number
  const stopped = [await pid(database.reader), await database.write(pid)]
  for (const process_ of stopped) process.kill(process_, 'SIGSTOP')
  try {
    const answers = await Promise.allSettled([
      database.reader.get('select 1 as n', []),
      database.write((tx) => tx.get('select 1 as n', [])),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'overloaded' } })
    expect(await database.reader.get('select 2 as n', [])).toEqual({ n: 2 })
    expect(await database.write((tx) => tx.get('select 3 as n', []))).toEqual({ n: 3 })
  } finally {
    for (const process_ of stopped) process.kill(process_, 'SIGCONT')
  }
  await database.close()
})

test('a closed database refuses, and leaves no connection behind', async () => {
  const database = await openPostgres({ url: home.url, allowUndurable: true })
  const last = database.write(async (tx) => {
    await tx.get('select 1', [])
    await pause(50)
    return tx.get('select 4 as n', [])
  })
  await pause(20)
  await database.close()
  // what was under way is finished first
  await expect(last).resolves.toEqual({ n: 4 })
  await expect(database.write(async () => {})).rejects.toThrow('closed')
  await expect(database.ping()).rejects.toThrow('closed')
})

test('a slow read ends at its deadline with the number of seconds, and holds up nothing else', async () => {
  const database = await openPostgres({ url: home.url, queryMs: 300, allowUndurable: true })
  const slow = database.slowReader.all('select pg_sleep(10)', [])
  const refused = expect(slow).rejects.toMatchObject({ code: 'queryTimeout', detail: { seconds: 0.3 } })
  await database.ping()
  await refused
  await expect(database.slowReader.get('select 1 as n', [])).resolves.toEqual({ n: 1 })
  await database.close()
})

test('behind a pooler everything works without session settings, prepared or pipelined statements', async () => {
  const database = await openPostgres({ url: home.url, pgbouncer: true, queryMs: 300, allowUndurable: true })
  const reads = await Promise.all([1, 2, 3].map((n) => database.reader.get('select ?::int as n', [n])))
  expect(reads).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  const settings = await database.write((tx) =>
    Promise.all([
      tx.get("select current_setting('lock_timeout') as value", []),
      tx.get('select count(*) as value from pg_prepared_statements', []),
    ]),
  )
  expect(settings).toEqual([{ value: '5s' }, { value: 0 }])
  expect(await database.reader.get("select current_setting('lock_timeout') as value", [])).toEqual({ value: '0' })
  await expect(database.slowReader.all('select pg_sleep(10)', [])).rejects.toMatchObject({ code: 'queryTimeout' })
  await expect(database.slowReader.get('select 1 as n', [])).resolves.toEqual({ n: 1 })
  await database.close()
})
