import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { requireDurable, requireVersion } from './durability.ts'

test.each(['3.51.3', '3.51.10', '3.52.1', '3.53.4', '4.0.0'])('GOAL-A5 SQLite %s is good', (version) => {
  expect(() => requireVersion(version)).not.toThrow()
})

test.each(['3.51.2', '3.46.0', '3.52.0', '2.8.17'])('GOAL-A5 SQLite %s is refused by name', (version) => {
  expect(() => requireVersion(version)).toThrow(version)
})

const good = ['pragma journal_mode = wal', 'pragma synchronous = full', 'pragma foreign_keys = on']

test.each([
  ['journal_mode', 'pragma journal_mode = delete'],
  ['synchronous', 'pragma synchronous = normal'],
  ['synchronous', 'pragma synchronous = off'],
  ['foreign_keys', 'pragma foreign_keys = off'],
])('GOAL-A5 a bad %s is refused by name', async (name, bad) => {
  const folder = await mkdtemp(`${tmpdir()}/latchkey-`)
  const file = `${folder}/x.sqlite`
  const database = new DatabaseSync(file)
  for (const statement of good) database.exec(statement)
  expect(() => requireDurable(database, file)).not.toThrow()
  database.exec(bad)
  expect(() => requireDurable(database, file)).toThrow(name)
  database.close()
  await rm(folder, { recursive: true })
})
