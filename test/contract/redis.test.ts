import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryCounters } from '../../src/core/limits/memory.ts'
import type { Rule } from '../../src/core/limits/rule.ts'
import { openRedisCounters, type RedisCounters } from '../../src/storage/redis/counters.ts'
import { type RunningRedis, startRedis } from '../support/redis.ts'

const MINUTE = 60_000
const rules: Readonly<Record<string, Rule>> = {
  'a plain rule': { burst: 5, per: MINUTE },
  'a large one': { burst: 60_000, per: MINUTE },
  'one that does not divide': { burst: 7, per: 10_007 },
  'an alarm with a pause': { burst: 4, per: 5 * MINUTE, pause: { first: MINUTE, longest: 8 * MINUTE } },
}
/** Small and seeded (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('counters in Redis', () => {
  let redis: RunningRedis
  let counters: RedisCounters
  const troubles: unknown[] = []
  const open = (url: string) =>
    openRedisCounters({ url, onAway: (error) => troubles.push(error), onBack: () => troubles.push('back') })
  /** Waits until it is Redis that counts: what it counts is in the other handle's eyes too. */
  const connected = (one: RedisCounters, other: RedisCounters) =>
    expect
      .poll(
        async () => {
          const key = crypto.randomUUID()
          await one.take({ burst: 1, per: MINUTE }, key, 1_000)
          return (await other.take({ burst: 1, per: MINUTE }, key, 1_000)).wait > 0
        },
        { timeout: 30_000 },
      )
      .toBe(true)

  beforeAll(async () => {
    redis = await startRedis()
    counters = await open(redis.url)
  })
  afterAll(async () => {
    await counters?.close()
    await redis?.kill()
  })

  test.each(Object.entries(rules))('%s counts as in memory, whatever comes', async (name, rule) => {
    const other = await open(redis.url)
    await connected(counters, other)
    await other.close()
    const memory = createMemoryCounters()
    const next = random(name.length)
    let now = Date.UTC(2026, 2, 10)
    for (let i = 0; i < 400; i++) {
      now += Math.floor(next() * next() * next() * rule.per)
      const act = next()
      if (act < 0.6) expect(await counters.take(rule, name, now), `${i}`).toEqual(memory.take(rule, name, now))
      else if (act < 0.95) expect(await counters.count(rule, name, now), `${i}`).toBe(memory.count(rule, name, now))
      else {
        counters.giveBack(rule, name)
        memory.giveBack(rule, name)
      }
    }
  })

  test('ATTACK-A17 of a hundred at once from two processes as many pass as may', async () => {
    const other = await open(redis.url)
    await connected(counters, other)
    const rule = { burst: 3, per: 9_000 }
    const now = Date.now()
    const taken = await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? other : counters).take(rule, 'crowd', now)),
    )
    expect(taken.filter(({ wait }) => wait === 0)).toHaveLength(3)
    await other.close()
  })

  test('ATTACK-N7 GOAL-H6 when it goes away each counts alone, says so once, and shares again when it is back', async () => {
    const second = await startRedis()
    const port = Number(new URL(second.url).port)
    const told: string[] = []
    const mine = await openRedisCounters({
      url: second.url,
      onAway: () => told.push('away'),
      onBack: () => told.push('back'),
    })
    const theirs = await open(second.url)
    await connected(mine, theirs)
    expect(told.filter((word) => word === 'away')).toEqual([])
    await second.kill()
    const rule = { burst: 3, per: MINUTE }
    const waits = []
    for (let i = 0; i < 20; i++) waits.push((await mine.take(rule, 'alone', 1_000)).wait)
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
    await expect.poll(() => told, { timeout: 30_000 }).toEqual(['away'])
    await using _ = await startRedis(port)
    await expect.poll(() => told, { timeout: 30_000 }).toEqual(['away', 'back'])
    await connected(mine, theirs)
    await mine.close()
    await theirs.close()
  })

  test('a Redis that was never there is no reason to wait', async () => {
    const told: unknown[] = []
    const alone = await openRedisCounters({
      url: 'redis://127.0.0.1:1',
      onAway: (error) => told.push(error),
      onBack() {},
    })
    expect(await alone.take({ burst: 1, per: MINUTE }, 'x', 1_000)).toEqual({ wait: 0, left: 0 })
    expect((await alone.take({ burst: 1, per: MINUTE }, 'x', 1_000)).wait).toBe(MINUTE)
    await expect.poll(() => told.length, { timeout: 30_000 }).toBe(1)
    await alone.close()
  })

  test('without the package it says what to install', async () => {
    const load = () => Promise.reject(Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' }))
    await expect(openRedisCounters({ url: 'redis://x', onAway() {}, onBack() {}, load })).rejects.toThrow(
      'npm install ioredis',
    )
  })
})
