import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/storage/sqlite/database.ts'
import { createStore } from '../../src/storage/store.ts'

const run = promisify(execFile)
const script = join(import.meta.dirname, '../support/sqlite-process.ts')
const tenant = 'shared'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-processes-'))
  file = join(folder, 'latchkey.sqlite')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const start = (callers: number, writes: number) =>
  run(process.execPath, [script, file, tenant, String(callers), String(writes)])

async function eventsIn(): Promise<number> {
  const store = createStore(await openSqlite({ file }))
  const events = await store.events(tenant, 0, 100_000)
  await store.close()
  return events.length
}

test('sixteen processes that start at once on no file at all', { timeout: 120_000 }, async () => {
  await Promise.all(Array.from({ length: 16 }, () => start(2, 2)))
  expect(await eventsIn()).toBe(16 * 4)
})

test('GOAL-A8 two processes with sixteen writers each: all effects, no complaint', { timeout: 120_000 }, async () => {
  await Promise.all([start(16, 50), start(16, 50)])
  expect(await eventsIn()).toBe(2 * 16 * 50)
})
