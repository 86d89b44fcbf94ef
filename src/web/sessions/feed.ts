import { errorFields, type Log } from '../log.ts'
import type { News, Service } from '../service/service.ts'

/** After this long without a guarded request, nobody relies on the news and nobody asks for them. */
const idle = 60_000

export interface Feed {
  /**
   * Somebody relies on what is known: from now on news are asked for. A promise where what is known may be outdated;
   * it resolves when it no longer is, or the service cannot be heard.
   */
  need(): Promise<void> | undefined
  /** The service was asked for news and did not answer. */
  readonly isLost: boolean
  /**
   * Tokens issued later than this ended only if the feed said so, in milliseconds of the clock; undefined while nobody
   * listened. It moves on where the news do not say whose tokens ended.
   */
  readonly since: number | undefined
  /** Asks now. */
  catchUp(): Promise<void>
  /** Asks no more, and resolves when nothing is being asked. */
  close(): Promise<void>
}

export interface FeedOptions {
  /** How often to ask, in milliseconds; 0: before everybody who relies on it. */
  delay: number
  now(): number
  log: Log
  onNews(news: News): void
}

/**
 * Listens to the service, so that what is known here is at most `delay` and one question behind. While the service
 * cannot be heard, what is known stays as it is, and the log says so once.
 */
export function createFeed(service: Pick<Service, 'news'>, { delay, now, log, onNews }: FeedOptions): Feed {
  let position: number | undefined
  let since: number | undefined
  let isLost = false
  let neededAt = 0
  let timer: NodeJS.Timeout | undefined
  let asking: Promise<void> | undefined

  async function listen(): Promise<void> {
    const askedAt = now()
    try {
      const news = await service.news(position)
      if (news.everything || since === undefined) since = askedAt
      position = news.position
      onNews(news)
      if (isLost) log({ level: 'info', event: 'web.feed_found', msg: 'the service is heard again' })
      isLost = false
    } catch (error) {
      const msg = 'the service is not heard: until it is, revoked sessions last as long as their access tokens'
      if (!isLost) log({ level: 'warn', event: 'web.feed_lost', msg, err: errorFields(error) })
      isLost = true
    }
  }

  function catchUp(): Promise<void> {
    asking ??= listen().finally(() => {
      asking = undefined
    })
    return asking
  }

  /** What a question under way has missed, the next one hears. */
  async function catchUpAfresh(): Promise<void> {
    await asking
    await catchUp()
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  return {
    need() {
      if (delay === 0) return catchUpAfresh()
      neededAt = performance.now()
      if (timer !== undefined) return since === undefined ? asking : undefined
      timer = setInterval(() => {
        if (performance.now() - neededAt > idle) stop()
        else void catchUp()
      }, delay).unref()
      return catchUp()
    },
    get isLost() {
      return isLost
    },
    get since() {
      return since
    },
    catchUp,
    async close() {
      stop()
      await asking
    },
  }
}
