import { hash } from 'node:crypto'
import type { Counters } from '../../core/limits/counters.ts'
import { createMemoryCounters } from '../../core/limits/memory.ts'
import { intervalOf, memoryOf, type Rule } from '../../core/limits/rule.ts'
import { type Driver, loadDriver } from './driver.ts'
import { USAGE_SCRIPT } from './usage.ts'

export interface RedisOptions {
  /** `redis://user:password@host:6379/0`, `rediss://…` for TLS. */
  url: string
  /** Redis cannot be used: from now on this process counts alone. Told once until it is back. */
  onAway(error: unknown): void
  onBack(): void
  load?: () => Promise<Driver>
}

export interface RedisCounters extends Counters {
  close(): Promise<void>
}

/** Milliseconds. A limit is not worth waiting for: the memory of the process answers instead. */
const patience = 250
const connecting = 2000
const longestPause = 5000

type Act = 'take' | 'count' | 'back'
type Command = (key: string, act: Act, ...numbers: number[]) => Promise<[wait: number, left: number, usedUp: number]>

/**
 * Counters that all processes share, in Redis. While it is away each process counts by itself, so that no limit is lifted:
 * an attacker gains as many tries as there are processes (decisions/0038). Only digests of keys are sent.
 */
export async function openRedisCounters({ url, onAway, onBack, load }: RedisOptions): Promise<RedisCounters> {
  const { Redis } = await loadDriver(load)
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: patience,
    connectTimeout: connecting,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, longestPause),
  })
  client.defineCommand('latchkeyUsage', { numberOfKeys: 1, lua: USAGE_SCRIPT })
  const command = ((...words) => (client as unknown as { latchkeyUsage: Command }).latchkeyUsage(...words)) as Command
  const alone = createMemoryCounters()
  let away = false
  let closed = false
  const leave = (error: unknown) => {
    if (away || closed) return
    away = true
    onAway(error)
  }
  const come = () => {
    if (!away) return
    away = false
    onBack()
  }
  client.on('error', leave)
  client.on('close', () => leave(new Error('the connection was closed')))
  client.on('ready', come)
  client.connect().catch(leave)

  async function ask<T>(act: Act, rule: Rule, key: string, now: number, instead: () => T, read: Reader<T>): Promise<T> {
    if (client.status !== 'ready') return instead()
    const { first, longest } = rule.pause ?? { first: 0, longest: 0 }
    const numbers = [now, rule.burst, rule.per, intervalOf(rule), first, longest, memoryOf(rule)]
    try {
      const answer = await command(`latchkey:limit:${hash('sha256', key, 'base64url')}`, act, ...numbers)
      come()
      return read(answer)
    } catch (error) {
      leave(error)
      return instead()
    }
  }

  return {
    take: (rule, key, now) =>
      ask(
        'take',
        rule,
        key,
        now,
        () => alone.take(rule, key, now),
        ([wait, left]) => ({ wait, left }),
      ),
    count: (rule, key, now) =>
      ask(
        'count',
        rule,
        key,
        now,
        () => alone.count(rule, key, now),
        ([, , usedUp]) => usedUp === 1,
      ),
    giveBack(rule, key) {
      alone.giveBack(rule, key)
      ask('back', rule, key, 0, noop, noop).catch(noop)
    },
    async close() {
      closed = true
      client.disconnect()
    },
  }
}

type Reader<T> = (answer: readonly [number, number, number]) => T
const noop = () => {}
