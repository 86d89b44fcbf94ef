import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, createDatabase, startCluster, type TestDatabase } from '../../../test/support/postgres.ts'
import { createManualClock } from '../../std/clock.ts'
import { createMigrator } from '../migrations/runner.ts'
import { openPostgres, type PostgresDatabase } from './database.ts'

const minutes = 60_000
const later = () => Date.now() + 5 * minutes
/** Waits for connections as long as a busy machine may need. */
const patient = { waitMs: 30_000, connectMs: 30_000 }

describe('a nonce', () => {
  let home: TestDatabase
  let database: PostgresDatabase

  beforeAll(async () => {
    home = await createDatabase()
    database = await openPostgres({ url: home.url, allowUndurable: true, ...patient })
  })

  afterAll(async () => {
    await database?.close()
    await home?.drop()
  })

  test('is accepted once, for its key', async () => {
    expect(await database.claimNonce('key', 'n1', Date.now(), later())).toBe(true)
    expect(await database.claimNonce('key', 'n1', Date.now(), later())).toBe(false)
    expect(await database.claimNonce('other', 'n1', Date.now(), later())).toBe(true)
  })

  test('sent many times at once is accepted once', async () => {
    const claims = Array.from({ length: 64 }, () => database.claimNonce('key', 'n2', Date.now(), later()))
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
  })

  test('sent to two processes is accepted by one', async () => {
    const claim = async () => {
      const script = new URL('../../../test/support/claim-nonces.ts', import.meta.url).pathname
      const { stdout } = await promisify(execFile)(process.execPath, [script, home.url, '200'])
      return JSON.parse(stdout) as boolean[]
    }
    const [one = [], two = []] = await Promise.all([claim(), claim()])
    expect(one).toHaveLength(200)
    expect(one.map((accepted, index) => Number(accepted) + Number(two[index]))).toEqual(Array(200).fill(1))
  })

  test('is claimed as well where the clock is a test’s own', async () => {
    const clock = createManualClock(Date.UTC(2020, 0, 1))
    const past = await openPostgres({ url: home.url, allowUndurable: true, ...patient, clock })
    const claim = () => past.claimNonce('key', 'n4', clock.now(), clock.now() + 5 * minutes)
    expect([await claim(), await claim()]).toEqual([true, false])
    await past.close()
  })

  test('is forgotten some time after it expired', async () => {
    const other = await openPostgres({ url: home.url, allowUndurable: true, ...patient })
    await database.write((tx) =>
      tx.run("insert into nonces select 'old', n::text, ? from generate_series(1, 2500) n", [Date.now() - 2 * minutes]),
    )
    // a process sweeps with its first claim and then every ten seconds
    expect(await other.claimNonce('key', 'n3', Date.now(), later())).toBe(true)
    const left = async () => (await database.reader.get("select count(*) as n from nonces where key_id = 'old'", []))?.n
    await expect.poll(left).toBe(0)
    expect(await other.claimNonce('key', 'n3', Date.now(), later())).toBe(false)
    await other.close()
  })
})

describe('a request is refused when the database may have forgotten its nonce', () => {
  let cluster: Cluster
  let home: TestDatabase
  let database: PostgresDatabase

  beforeAll(async () => {
    cluster = await startCluster({ durable: true, settings: { wal_writer_delay: '10s' } })
    home = await cluster.createDatabase()
    database = await openPostgres({ url: home.url, ...patient })
    await createMigrator(database).up()
    expect(await database.claimNonce('key', 'first', Date.now(), later())).toBe(true)
  })

  afterAll(async () => {
    await database?.close()
    await cluster?.remove()
  })

  /** Claims, loses the claim in a crash, and tries to replay it. */
  async function replayAfter(crash: () => Promise<void>, nonce: string, requestedAt: number): Promise<boolean> {
    expect(await database.claimNonce('key', nonce, requestedAt, later())).toBe(true)
    await crash()
    return database.claimNonce('key', nonce, requestedAt, later())
  }

  const remembered = async (nonce: string): Promise<boolean> =>
    (await database.reader.get('select 1 as yes from nonces where nonce = ?', [nonce])) !== undefined

  /**
   * Replays what a crash made the database forget, so that only its date can refuse it. The server may write a claim
   * down just before it crashes: then the next one is tried.
   */
  async function loseInCrash(crash: () => Promise<void>, name: string): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const nonce = `${name} ${attempt}`
      expect(await replayAfter(crash, nonce, Date.now())).toBe(false)
      if (!(await remembered(nonce))) return
    }
    throw new Error('every claim survived its crash, so nothing is proved')
  }

  const restart = async () => {
    await cluster.stop('immediate')
    await cluster.start()
  }

  /** Every session ends, the server process goes on: what it held in memory alone is gone. */
  const killBackend = async () => {
    const { pid, recovered: before } = await ask(
      'select pg_backend_pid() as pid, pg_stat_get_bgwriter_stat_reset_time() as recovered',
    )
    process.kill(pid, 'SIGKILL')
    const recovered = () =>
      ask('select pg_stat_get_bgwriter_stat_reset_time() as recovered').catch(() => ({ recovered: before }))
    await expect.poll(recovered, { interval: 50 }).not.toEqual({ recovered: before })
  }

  /** On a connection of its own; the session stays for a moment, so that it can be killed. */
  async function ask(query: string) {
    const client = new pg.Client({ connectionString: home.url })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query(query)
    setTimeout(() => client.end().catch(() => {}), 100)
    return rows[0]
  }

  test('after a crash of the server', async () => {
    await loseInCrash(restart, 'crash')
    expect(await database.claimNonce('key', 'after', Date.now(), later())).toBe(true)
  })

  test('after a crash of one of its processes', async () => {
    await loseInCrash(killBackend, 'process')
    expect(await database.claimNonce('key', 'after', Date.now(), later())).toBe(true)
  })

  test('and one dated in the future is kept through the crash', async () => {
    expect(await replayAfter(restart, 'future', Date.now() + 2 * minutes)).toBe(false)
    expect(await remembered('future')).toBe(true)
  })

  test('after a standby took over', async () => {
    const promote = async () => {
      // as a standby that has not received the last of it
      await cluster.stop('immediate')
      await cluster.start({ standby: true })
      const client = new pg.Client({ connectionString: cluster.url() })
      await client.connect()
      await client.query('select pg_promote()')
      await client.end()
    }
    const dated = Date.now()
    expect(await database.claimNonce('key', 'before', Date.now(), later())).toBe(true)
    await promote()
    // dated after the start of what was then a standby, but before anyone saw it as the primary
    const start = Number(
      (
        await database.reader.get(
          'select floor(extract(epoch from pg_postmaster_start_time()) * 1000)::bigint as at',
          [],
        )
      )?.at,
    )
    expect(start).toBeGreaterThan(dated)
    expect(await database.claimNonce('key', 'replayed', start + 1, later())).toBe(false)
    expect(await database.claimNonce('key', 'fresh', Date.now(), later())).toBe(true)
  })
})
