import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, sharedCluster, startCluster, type TestDatabase } from '../../../test/support/postgres.ts'
import { administer } from '../../../test/support/postgres-cluster.ts'
import { Problem } from '../../schema/problems.ts'
import type { Connection } from '../database.ts'
import { openPostgres, type PostgresDatabase } from './database.ts'

let home: TestDatabase

beforeAll(async () => {
  home = await createDatabase({ empty: true })
})

afterAll(() => home?.drop())

const connections = async (database: PostgresDatabase) =>
  (await database.reader.get('select count(*) as n from pg_stat_activity where datname = current_database()', []))?.n

/** Waits for connections as long as a busy machine may need. */
const patient = { allowUndurable: true, waitMs: 30_000, connectMs: 30_000 }

describe('when every connection is busy', () => {
  test('OPS-O37 a write is refused after its wait, and the next one finds a free connection', async () => {
    const database = await openPostgres({ url: home.url, poolSize: 6, ...patient, waitMs: 300 })
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const lent = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const hold = (resolve: () => void): Promise<void> =>
      database
        .write(async (tx) => {
          await tx.get('select 1', [])
          resolve()
          await held
        })
        // the connection took longer to open than writes wait here
        .catch((error) => (Problem.is(error, 'overloaded') ? hold(resolve) : Promise.reject(error)))
    const holders = lent.map(({ resolve }) => hold(resolve))
    await Promise.all(lent.map(({ promise }) => promise))
    await expect(database.write(async () => {})).rejects.toMatchObject({
      code: 'overloaded',
      detail: { retryAfterSeconds: 1 },
    })
    // reads have connections of their own
    await expect.poll(() => database.reader.get('select 1 as n', [])).toEqual({ n: 1 })
    release()
    await Promise.all(holders)
    await expect(database.write(async () => 'free')).resolves.toBe('free')
    await database.close()
  })

  test('many callers take turns on few connections', async () => {
    const database = await openPostgres({ url: home.url, poolSize: 6, ...patient })
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
    const database = await openPostgres({ url: home.url, ...patient })
    await Promise.all(Array.from({ length: 8 }, () => database.write((tx) => tx.get('select 1', []))))
    await database.slowReader.get('select 1', [])
    const read = () => Array.from({ length: 50 }, () => database.reader.get('select 1 as n, pg_sleep(0.002)', []))
    await Promise.all(read())
    const cluster = await sharedCluster()
    const name = new URL(home.url).pathname.slice(1)
    for (let round = 0; round < 3; round++) {
      // Those that are open now: one that cannot even be opened is another matter.
      const open = await administer(cluster, `select pid from pg_stat_activity where datname = '${name}'`)
      const reads = read()
      await administer(
        cluster,
        `select pg_terminate_backend(pid) from unnest(array[${open.map(({ pid }) => pid)}]) pid`,
      )
      for (const row of await Promise.all(reads)) expect(row?.n).toBe(1)
      await expect(database.write((tx) => tx.get('select 2 as n', []))).resolves.toEqual({ n: 2 })
      await expect(database.slowReader.get('select 3 as n', [])).resolves.toEqual({ n: 3 })
    }
    await database.close()
  })

  test('OPS-O38 a stopped server is said at once, a restarted one is used again', async () => {
    await using cluster = await startCluster()
    const database = await openPostgres({ url: cluster.url(), ...patient })
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
  const database = await openPostgres({ url: home.url, ...patient, statementMs: 1500 })
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
    await expect.poll(() => database.reader.get('select 2 as n', [])).toEqual({ n: 2 })
    await expect.poll(() => database.write((tx) => tx.get('select 3 as n', []))).toEqual({ n: 3 })
  } finally {
    for (const process_ of stopped) process.kill(process_, 'SIGCONT')
  }
  await database.close()
})

test('a closed database refuses, and leaves no connection behind', async () => {
  const database = await openPostgres({ url: home.url, ...patient })
  const [begun, closing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const last = database.write(async (tx) => {
    await tx.get('select 1', [])
    begun.resolve()
    await closing.promise
    return tx.get('select 4 as n', [])
  })
  await begun.promise
  let isClosed = false
  const closed = database.close().then(() => {
    isClosed = true
  })
  const name = new URL(home.url).pathname.slice(1)
  const left = async () =>
    (await administer(await sharedCluster(), `select pid from pg_stat_activity where datname = '${name}'`)).length
  expect(await left()).toBeGreaterThan(0)
  expect(isClosed).toBe(false)
  closing.resolve()
  await closed
  await expect.poll(left).toBe(0)
  // what was under way is finished first
  await expect(last).resolves.toEqual({ n: 4 })
  await expect(database.write(async () => {})).rejects.toThrow('closed')
  await expect(database.ping()).rejects.toThrow('closed')
})

test('OPS-O37 a slow read ends at its deadline with the number of seconds, and holds up nothing else', async () => {
  const database = await openPostgres({ url: home.url, ...patient, queryMs: 300 })
  const slow = database.slowReader.all('select pg_sleep(60)', [])
  const refused = expect(slow).rejects.toMatchObject({ code: 'queryTimeout', detail: { seconds: 0.3 } })
  await database.ping()
  await refused
  await expect.poll(() => database.slowReader.get('select 1 as n', [])).toEqual({ n: 1 })
  await database.close()
})

test('OPS-O37 behind a pooler everything works without session settings, prepared or pipelined statements', async () => {
  const database = await openPostgres({ url: home.url, ...patient, pgbouncer: true, queryMs: 300 })
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
  await expect(database.slowReader.all('select pg_sleep(60)', [])).rejects.toMatchObject({ code: 'queryTimeout' })
  await expect.poll(() => database.slowReader.get('select 1 as n', [])).toEqual({ n: 1 })
  await database.close()
})
