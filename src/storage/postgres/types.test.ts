import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { openPostgres, type PostgresDatabase } from './database.ts'

let home: TestDatabase
let database: PostgresDatabase

beforeAll(async () => {
  home = await createDatabase({ empty: true })
  database = await openPostgres({ url: home.url, allowUndurable: true, waitMs: 30_000, connectMs: 30_000 })
})

afterAll(async () => {
  await database?.close()
  await home?.drop()
})

test('columns arrive as the contract says', async () => {
  const row = await database.reader.get(
    `select true as yes, false as no, 7::int2 as small, 8::int4 as medium, 1730000000000::int8 as big, 1.5::float8 as real,
      '\\x00ff'::bytea as bytes, null::text as nothing, '{"a": 1}'::json as json, sum(x) as total, count(*) as count
      from (values (1::bigint), (2)) as t(x)`,
    [],
  )
  expect(row).toEqual({
    yes: 1,
    no: 0,
    small: 7,
    medium: 8,
    big: 1730000000000,
    real: 1.5,
    bytes: Buffer.from([0, 255]),
    nothing: null,
    json: '{"a": 1}',
    total: 3,
    count: 2,
  })
})

test('parameters go as the contract says', async () => {
  const row = await database.reader.get(
    'select ?::text as text, ?::int8 as number, ?::bytea as bytes, ?::text as nothing',
    ['Grüße 🗝', 1730000000000, new Uint8Array([1, 2]), null],
  )
  expect(row).toEqual({ text: 'Grüße 🗝', number: 1730000000000, bytes: Buffer.from([1, 2]), nothing: null })
})

test('an integer that a number cannot hold is an error, not another integer', async () => {
  await expect(database.reader.get('select 9007199254740993 as n', [])).rejects.toThrow(RangeError)
  await expect(database.reader.get('select 1 as n', [])).resolves.toEqual({ n: 1 })
})
