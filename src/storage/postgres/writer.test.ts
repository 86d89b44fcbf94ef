import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createDatabase, sharedCluster, startCluster, type TestDatabase } from '../../../test/support/postgres.ts'
import { administer } from '../../../test/support/postgres-cluster.ts'
import { CommitUnknown, type Connection, ConstraintViolation } from '../database.ts'
import { openPostgres, type PostgresDatabase } from './database.ts'

/** Waits for connections as long as a busy machine may need. */
const patient = { allowUndurable: true, waitMs: 30_000, connectMs: 30_000 }

let home: TestDatabase
let database: PostgresDatabase

beforeAll(async () => {
  home = await createDatabase({ empty: true })
  database = await openPostgres({ url: home.url, ...patient })
  await database.write((tx) =>
    tx.run(
      'create table counters (id text primary key, n bigint not null, parent text constraint counters_parent references counters)',
      [],
    ),
  )
})

beforeEach(() =>
  database.write(async (tx) => {
    await tx.run('delete from counters', [])
    await tx.run("insert into counters values ('a', 0), ('b', 0)", [])
  }),
)

afterAll(async () => {
  await database?.close()
  await home?.drop()
})

const read = async (id: string) => (await database.reader.get('select n from counters where id = ?', [id]))?.n
const add = (tx: Connection, id: string, n = 1) => tx.run('update counters set n = n + ? where id = ?', [n, id])
const backend = async (tx: Connection) => (await tx.get('select pg_backend_pid() as pid', []))?.pid as number

/** Something several units wait for until all have come. */
function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  return () => {
    if (++waiting >= count) resolve()
    return promise
  }
}

describe('a write', () => {
  test('happens wholly', async () => {
    const answer = await database.write(async (tx) => {
      await add(tx, 'a')
      await add(tx, 'b')
      return 'done'
    })
    expect(answer).toBe('done')
    expect([await read('a'), await read('b')]).toEqual([1, 1])
  })

  test('or not at all, and the refusal is the unit’s own', async () => {
    const refusal = new Error('no')
    const write = database.write(async (tx) => {
      await add(tx, 'a')
      throw refusal
    })
    await expect(write).rejects.toBe(refusal)
    expect(await read('a')).toBe(0)
  })

  test('keeps the order of statements that are sent together', async () => {
    const seen = await database.write((tx) =>
      Promise.all([add(tx, 'a'), tx.get("select n from counters where id = 'a'", []), add(tx, 'a', 5)]),
    )
    expect(seen).toEqual([1, { n: 1 }, 1])
    expect(await read('a')).toBe(6)
  })

  test('that changes nothing is fine', async () => {
    await expect(database.write(async () => 1)).resolves.toBe(1)
  })

  test('cannot be extended after its end', async () => {
    let kept: Connection | undefined
    await database.write(async (tx) => {
      kept = tx
    })
    await expect(kept?.run('delete from counters', [])).rejects.toThrow('the transaction has ended')
    expect(await read('a')).toBe(0)
  })
})

describe('a refused row', () => {
  test('names the unique constraint', async () => {
    const write = database.write((tx) => tx.run("insert into counters values ('a', 1)", []))
    await expect(write).rejects.toEqual(new ConstraintViolation('unique', 'counters_pkey'))
  })

  test('names the reference', async () => {
    const write = database.write((tx) => tx.run("insert into counters values ('c', 1, 'nobody')", []))
    await expect(write).rejects.toEqual(new ConstraintViolation('reference', 'counters_parent'))
  })

  test('is not lost when the unit goes on in spite of it', async () => {
    const write = database.write(async (tx) => {
      await add(tx, 'b')
      await tx.run("insert into counters values ('a', 1)", []).catch(() => {})
    })
    await expect(write).rejects.toBeInstanceOf(ConstraintViolation)
    expect(await read('b')).toBe(0)
  })

  test('is told apart from the statements that failed only because of it', async () => {
    const write = database.write((tx) =>
      Promise.all([
        tx.run("insert into counters values ('a', 1)", []),
        tx.run("insert into counters values ('d', 1)", []),
      ]),
    )
    await expect(write).rejects.toEqual(new ConstraintViolation('unique', 'counters_pkey'))
  })
})

describe('is run again', () => {
  test('after a deadlock', async () => {
    const meet = barrier(2)
    let runs = 0
    const cross = (first: string, second: string) =>
      database.write(async (tx) => {
        runs++
        await add(tx, first)
        await meet()
        await add(tx, second)
      })
    await Promise.all([cross('a', 'b'), cross('b', 'a')])
    // One of them once more; both, where the server looked at both before either was out of the way.
    expect(runs).toBeGreaterThanOrEqual(3)
    expect([await read('a'), await read('b')]).toEqual([2, 2])
  })

  test('after a serialization failure', async () => {
    const meet = barrier(2)
    let runs = 0
    const increase = () =>
      database.write(async (tx) => {
        runs++
        await tx.run('set transaction isolation level repeatable read', [])
        const n = (await tx.get("select n from counters where id = 'a'", []))?.n as number
        await meet()
        await tx.run("update counters set n = ? where id = 'a'", [n + 1])
      })
    await Promise.all([increase(), increase()])
    expect(runs).toBe(3)
    expect(await read('a')).toBe(2)
  })

  test('after its connection was killed', async () => {
    const shared = await sharedCluster()
    let runs = 0
    await database.write(async (tx) => {
      await add(tx, 'a')
      if (++runs === 1) await administer(shared, `select pg_terminate_backend(${await backend(tx)})`)
      await add(tx, 'b')
    })
    expect(runs).toBe(2)
    expect([await read('a'), await read('b')]).toEqual([1, 1])
  })

  test('on another connection after its server became read-only', async () => {
    let runs = 0
    await database.write(async (tx) => {
      if (++runs === 1) await tx.run('set transaction read only', [])
      await add(tx, 'a')
    })
    expect(runs).toBe(2)
    expect(await read('a')).toBe(1)
  })

  test('but not for ever', async () => {
    // On a slow machine the time would be over before the tries.
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    let runs = 0
    const write = database.write(async (tx) => {
      runs++
      await tx.run("do $$ begin raise exception 'again' using errcode = '40001'; end $$", [])
    })
    await expect(write).rejects.toMatchObject({ code: 'overloaded' })
    expect(runs).toBe(8)
  })
})

test('prepared statements survive a migration that changes what they answer', async () => {
  const everything = 'select * from counters where id = ?'
  await database.reader.get(everything, ['a'])
  await database.write((tx) => tx.get(everything, ['a']))
  await database.write((tx) => tx.run('alter table counters add column colour text', []))
  expect(await database.reader.get(everything, ['a'])).toHaveProperty('colour', null)
  expect(await database.write((tx) => tx.get(everything, ['a']))).toHaveProperty('colour', null)
})

describe('a commit without an answer', () => {
  test('is never repeated: when the connection dies, when the wait is cancelled, when nothing comes', async () => {
    await using cluster = await startCluster({ settings: { synchronous_standby_names: 'nobody' } })
    const admin = new pg.Client({ connectionString: cluster.url() })
    await admin.connect()
    await admin.query('set synchronous_commit = local; create table t (id int)')
    const waiting = await openPostgres({ url: cluster.url(), ...patient, statementMs: 60_000 })
    let runs = 0
    const write = waiting.write(async (tx) => {
      runs++
      await tx.run('insert into t values (1)', [])
    })
    const outcome = expect(write).rejects.toBeInstanceOf(CommitUnknown)
    await eventually(async () => {
      const { rows } = await admin.query("select pid from pg_stat_activity where wait_event = 'SyncRep'")
      await admin.query('select pg_terminate_backend($1)', [rows[0].pid])
    })
    await outcome
    expect(runs).toBe(1)
    // it had in fact happened
    expect((await admin.query('select count(*)::int as n from t')).rows).toEqual([{ n: 1 }])

    // told to stop waiting for the standby, PostgreSQL says COMMIT and only warns
    const cancelled = expect(waiting.write((tx) => tx.run('insert into t values (2)', []))).rejects.toBeInstanceOf(
      CommitUnknown,
    )
    await eventually(async () => {
      const { rows } = await admin.query("select pid from pg_stat_activity where wait_event = 'SyncRep'")
      await admin.query('select pg_cancel_backend($1)', [rows[0].pid])
    })
    await cancelled
    await waiting.close()

    const impatient = await openPostgres({ url: cluster.url(), ...patient, statementMs: 2000 })
    const silent = impatient.write((tx) => tx.run('insert into t values (3)', []))
    await expect(silent).rejects.toBeInstanceOf(CommitUnknown)
    await impatient.close()
    await admin.end()
  })
})

async function eventually(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries > 1500) throw error
      await pause(20)
    }
  }
}
