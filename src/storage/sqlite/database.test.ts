import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Problem } from '../../schema/problems.ts'
import type { Database } from '../database.ts'
import { openSqlite, type SqliteOptions } from './database.ts'

let folder: string
let file: string
const opened: Database[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-sqlite-'))
  file = join(folder, 'data', 'latchkey.sqlite')
})
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

async function open(options: SqliteOptions = { file }): Promise<Database> {
  const database = await openSqlite(options)
  opened.push(database)
  return database
}

const numbers = 'create table numbers (n integer)'
const insert = (database: Database, n: number) =>
  database.write((connection) => connection.run('insert into numbers values (?)', [n]))
const sum = async ({ reader }: Database) => (await reader.get('select count(*) as n from numbers', []))?.n

describe('the file', () => {
  test('and its folder are made for the owner alone', async () => {
    await open()
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700)
    for (const name of [file, `${file}-wal`, join(folder, 'data', 'nonces.sqlite')]) {
      expect(statSync(name).mode & 0o777, name).toBe(0o600)
    }
  })

  test('GOAL-A9 a close leaves no log behind', async () => {
    const database = await open()
    await database.write((connection) => connection.run(numbers, []))
    await insert(database, 1)
    await database.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    const again = await open()
    expect(await sum(again)).toBe(1)
  })

  test('must be one', async () => {
    for (const bad of [{}, { file: ':memory:' }, { file: '' }, { file: 'file:x?mode=memory' }]) {
      await expect(openSqlite(bad)).rejects.toThrow('needs the path of a file')
    }
  })

  test('in memory leaves nothing', async () => {
    const database = await open({ inMemory: true })
    await database.write((connection) => connection.run(numbers, []))
    await insert(database, 1)
    expect(await sum(database)).toBe(1)
    expect(await database.slowReader.all('select n from numbers', [])).toEqual([{ n: 1 }])
    await database.close()
  })
})

describe('reading', () => {
  test('the reader never sees what is not committed', async () => {
    const database = await open()
    await database.write((connection) => connection.run(numbers, []))
    await database.write(async (connection) => {
      await connection.run('insert into numbers values (1)', [])
      expect(await sum(database)).toBe(0)
    })
    expect(await sum(database)).toBe(1)
  })

  test('the reader does not write', async () => {
    const database = await open()
    await database.write((connection) => connection.run(numbers, []))
    await expect(database.reader.run('insert into numbers values (1)', [])).rejects.toThrow('readonly')
    await expect(database.slowReader.run('insert into numbers values (1)', [])).rejects.toThrow()
  })

  test('the version tells of writes of this handle and of others, and only of those', async () => {
    const [mine, other] = [await open(), await open()]
    await mine.write((connection) => connection.run(numbers, []))
    const first = mine.version()
    expect(mine.version()).toBe(first)
    await insert(mine, 1)
    const second = mine.version()
    expect(second).not.toBe(first)
    await insert(other, 2)
    expect(mine.version()).not.toBe(second)
  })
})

describe('slow reading', () => {
  const endless = `with recursive c(n) as (select 1 union all select n + 1 from c)
    select count(*) as n from c where latchkey_deadline() = 1`

  test('stops itself at the deadline, and the thread goes on with the next', async () => {
    const database = await open({ file, queryMs: 150 })
    const late = database.slowReader.all(endless, [])
    await expect(late).rejects.toMatchObject({ code: 'queryTimeout', detail: { seconds: 0.15 } })
    await expect.poll(() => database.slowReader.get('select 1 as one', [])).toEqual({ one: 1 })
  })

  test('does not hold up this thread', async () => {
    const database = await open({ file, queryMs: 200 })
    const late = database.slowReader.all(endless, [])
    // Run on this thread, it would be over before anything else has its turn.
    const over = late.catch(() => 'over')
    expect(await Promise.race([over, new Promise((resolve) => setImmediate(resolve, 'others'))])).toBe('others')
    await expect(late).rejects.toThrow('queryTimeout')
  })

  test('tells what is wrong with a statement', async () => {
    const database = await open()
    await expect(database.slowReader.all('select nonsense', [])).rejects.toThrow('no such column')
  })
})

describe('the log', () => {
  const walBytes = () => statSync(`${file}-wal`).size
  const write = (database: Database) => async () => {
    for (let n = 0; n < 50; n++) {
      await database.write((connection) => connection.run('insert into texts values (?)', ['x'.repeat(20_000)]))
    }
  }

  test('GOAL-A7 stays small while writers are at work, and the database holds all of it when they are quiet', async () => {
    const database = await open()
    await database.write((connection) => connection.run('create table texts (t text)', []))
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, walBytes())
    }, 10)
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 16 }, write(database)))
    clearInterval(watch)
    // 64 MB were written; what goes beyond the bound is what came while the thread was copying.
    expect(most).toBeLessThan(48 * 1024 * 1024)
    const other = new DatabaseSync(file)
    const missing = () => {
      const row = other.prepare('pragma wal_checkpoint(noop)').get()
      return Number(row?.log) - Number(row?.checkpointed)
    }
    await expect.poll(missing).toBe(0)
    other.close()
    // The next write begins the log anew; its file is kept, to be overwritten, up to a bound.
    await database.write((connection) => connection.run("insert into texts values ('last')", []))
    expect(walBytes()).toBeLessThanOrEqual(8 * 1024 * 1024)
    expect((await database.reader.get('select count(*) as n from texts', []))?.n).toBe(4 * 16 * 50 + 1)
  })
})

describe('writing', () => {
  test('GOAL-A8 two handles on one file: nobody sees that it was busy', async () => {
    const handles = [await open(), await open()]
    await handles[0]?.write((connection) => connection.run(numbers, []))
    const writes = handles.flatMap((database) => Array.from({ length: 200 }, (_, n) => insert(database, n)))
    await Promise.all(writes)
    expect(await sum(handles[0] as Database)).toBe(400)
  })

  test('a constraint leaves the rest of its group alone', async () => {
    const database = await open()
    await database.write((connection) => connection.run('create table numbers (n integer unique)', []))
    const outcomes = await Promise.allSettled([1, 2, 2, 3].map((n) => insert(database, n)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(await sum(database)).toBe(3)
  })

  test('GOAL-A6 a full disk refuses the whole group, to be tried again, and reads go on', async () => {
    const database = await open()
    await database.write((connection) => connection.run('create table texts (t text)', []))
    const pages = await database.write(async (connection) => {
      const row = await connection.get('pragma page_count', [])
      const most = Number(row?.page_count) + 2
      await connection.get(`pragma max_page_count = ${most}`, [])
      return most
    })
    const write = (size: number) => () =>
      database.write((connection) => connection.run('insert into texts values (?)', ['x'.repeat(size)]))
    const outcomes = await Promise.allSettled([write(10), write(4096 * 10), write(10)].map((run) => run()))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(Problem.is(reason, 'overloaded'), String(reason)).toBe(true)
    const stored = Number((await database.reader.get('select count(*) as n from texts', []))?.n)
    expect(stored).toBe(outcomes.length - refused.length)
    await database.write((connection) => connection.get(`pragma max_page_count = ${pages + 1000}`, []))
    await write(4096 * 10)()
    expect((await database.reader.get('select count(*) as n from texts', []))?.n).toBe(stored + 1)
  })
})

test('a write after the end is refused, one under way is finished first', async () => {
  const database = await open()
  await database.write((connection) => connection.run(numbers, []))
  const before = insert(database, 1)
  const closed = database.close()
  await expect(insert(database, 2)).rejects.toThrow('closed')
  await expect(before).resolves.toBe(1)
  await closed
  const again = await open()
  expect(await sum(again)).toBe(1)
})
