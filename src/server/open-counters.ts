import type { RedisCounters } from '../storage/redis/counters.ts'
import type { Settings } from './config.ts'
import { errorFields, type Log } from './log.ts'
import { Mistake } from './mistake.ts'

/**
 * The counters that several processes share, where the settings name a Redis. One that cannot be reached is no reason not
 * to start: each process counts by itself meanwhile.
 * @throws Mistake where the package is not installed
 */
export async function openCounters({ redis }: Pick<Settings, 'redis'>, log: Log): Promise<RedisCounters | undefined> {
  if (redis === undefined) return undefined
  const { openRedisCounters } = await import('../storage/redis/counters.ts')
  try {
    return await openRedisCounters({
      url: redis,
      onAway: (error) =>
        log({
          level: 'warn',
          event: 'limits.redis_away',
          msg: 'Redis does not answer: until it does, each process counts requests and guesses by itself',
          err: errorFields(error),
        }),
      onBack: () => log({ level: 'info', event: 'limits.redis_back', msg: 'Redis answers again' }),
    })
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('npm install ioredis')) throw error
    throw new Mistake('redis: the package ioredis is not installed', 'npm install ioredis')
  }
}
