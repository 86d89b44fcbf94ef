import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createManualClock } from '../../std/clock.ts'
import { openNonces } from './nonces.ts'

const folders: string[] = []
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-nonces-'))
  folders.push(folder)
  file = join(folder, 'nonces.sqlite')
})
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true })
})

/** What a crash leaves: the files as they are, with nobody on them. */
function crash(): string {
  const after = mkdtempSync(join(tmpdir(), 'latchkey-nonces-'))
  folders.push(after)
  cpSync(folder, after, { recursive: true })
  return after
}

const open = (now: number, isNew = false) => openNonces(file, { isNew, clock: createManualClock(now) })

test('a nonce used before a clean restart is used after it', async () => {
  const first = open(1000, true)
  expect(await first.claim('key', 'n', 900, 2000)).toBe(true)
  first.close()
  const second = open(3000)
  expect(await second.claim('key', 'n', 900, 2000)).toBe(false)
  expect(await second.claim('key', 'm', 900, 2000)).toBe(true)
  second.close()
})

test('after an unclean end, requests dated before the start are refused', async () => {
  const first = open(1000, true)
  expect(await first.claim('key', 'n', 900, 2000)).toBe(true)
  const after = crash()
  first.close()
  const second = openNonces(join(after, 'nonces.sqlite'), { isNew: false, clock: createManualClock(3000) })
  expect(await second.claim('key', 'lost', 2999, 9000)).toBe(false)
  expect(await second.claim('key', 'fresh', 3000, 9000)).toBe(true)
  second.close()
  const third = openNonces(join(after, 'nonces.sqlite'), { isNew: false, clock: createManualClock(5000) })
  expect(await third.claim('key', 'between', 4000, 9000)).toBe(true)
  expect(await third.claim('key', 'fresh', 3000, 9000)).toBe(false)
  third.close()
})

test('a lost file beside a database that was there counts as an unclean end', async () => {
  const nonces = open(3000)
  expect(await nonces.claim('key', 'n', 2999, 9000)).toBe(false)
  expect(await nonces.claim('key', 'n', 3000, 9000)).toBe(true)
  nonces.close()
})

test('a second process that comes and goes changes nothing for the first', async () => {
  const first = open(1000, true)
  const second = open(3000)
  expect(await second.claim('key', 'n', 900, 2000)).toBe(true)
  expect(await first.claim('key', 'n', 900, 2000)).toBe(false)
  second.close()
  expect(await first.claim('key', 'm', 900, 2000)).toBe(true)
  // The second did not note a clean end, since the first was still there.
  const after = crash()
  first.close()
  const crashed = openNonces(join(after, 'nonces.sqlite'), { isNew: false, clock: createManualClock(5000) })
  expect(await crashed.claim('key', 'x', 4000, 9000)).toBe(false)
  crashed.close()
  const clean = open(6000)
  expect(await clean.claim('key', 'x', 4000, 9000)).toBe(true)
  clean.close()
})

test('expired nonces are swept', async () => {
  const nonces = open(10_000, true)
  for (let n = 0; n < 999; n++) await nonces.claim('key', `old ${n}`, 1, 9999)
  await nonces.claim('key', 'new', 9000, 20_000)
  expect(await nonces.claim('key', 'old 0', 1, 9999)).toBe(true)
  expect(await nonces.claim('key', 'new', 9000, 20_000)).toBe(false)
  nonces.close()
})

test('of claims that come together, each nonce is granted once and none dated before the start', async () => {
  const nonces = open(3000)
  const claims = ['a', 'b', 'a', 'b', 'c'].map((nonce) => nonces.claim('key', nonce, 3000, 9000))
  const early = nonces.claim('key', 'd', 2999, 9000)
  expect(await Promise.all(claims)).toEqual([true, true, false, false, true])
  expect(await early).toBe(false)
  nonces.close()
})

test('a claim under way when it is closed has its answer', async () => {
  const nonces = open(1000, true)
  const claim = nonces.claim('key', 'n', 900, 2000)
  nonces.close()
  expect(await claim).toBe(true)
})

test('a claim after the end is refused with an error', async () => {
  const nonces = open(1000, true)
  nonces.close()
  await expect(nonces.claim('key', 'n', 900, 2000)).rejects.toThrow()
})
