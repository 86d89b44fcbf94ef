import pg from 'pg'
import { expect, test } from 'vitest'
import { createDatabase } from './postgres.ts'

test('each test has a database of its own, gone after use', async () => {
  const database = await createDatabase()
  const name = new URL(database.url).pathname.slice(1)
  const other = await createDatabase()
  expect(other.url).not.toBe(database.url)
  await database.drop()
  const client = new pg.Client({ connectionString: other.url })
  await client.connect()
  const { rows } = await client.query('select datname from pg_database where datname = $1', [name])
  await client.end()
  await other.drop()
  expect(rows).toEqual([])
})
