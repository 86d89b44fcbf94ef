import { unavailable } from './errors.ts'
import type { Link } from './session.ts'

/** Connections that serve one caller at a time. */
export interface Pool {
  /**
   * Runs `work` on a connection of its own. One that is lost, or left inside a transaction, is not used again.
   * @throws Problem overloaded when none is free in time
   */
  use<T>(work: (link: Link) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface PoolOptions {
  connect: () => Promise<Link>
  size: number
  /** Milliseconds a caller waits for a connection. */
  wait: number
  /** Milliseconds after which an unused connection is closed. */
  idle: number
  /** Hears how long callers waited. */
  onWait?: ((ms: number) => void) | undefined
}

interface Waiter {
  take(link: Link): void
  fail(error: unknown): void
}

export function createPool({ connect, size, wait, idle, onWait }: PoolOptions): Pool {
  /** Last used last. */
  const free: { link: Link; since: number }[] = []
  const waiters = new Set<Waiter>()
  const open = new Set<Link>()
  let connecting = 0
  let closed = false
  let whenEmpty: (() => void) | undefined

  const sweeper = setInterval(() => {
    const limit = performance.now() - idle
    while (free[0] && free[0].since < limit) drop(free[0].link)
  }, idle / 2)
  sweeper.unref()

  function acquire(): Promise<Link> {
    if (closed) return Promise.reject(new Error('the database is closed'))
    const ready = free.pop()
    if (ready) {
      onWait?.(0)
      return Promise.resolve(ready.link)
    }
    const began = performance.now()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiter.fail(unavailable('no database connection was free in time')), wait)
      const settle = () => {
        onWait?.(performance.now() - began)
        clearTimeout(timer)
        waiters.delete(waiter)
      }
      const waiter: Waiter = {
        take(link) {
          settle()
          resolve(link)
        },
        fail(error) {
          settle()
          reject(error)
        },
      }
      waiters.add(waiter)
      grow()
    })
  }

  function grow(): void {
    if (closed || open.size + connecting >= size || connecting >= waiters.size) return
    connecting++
    connect().then(
      (link) => {
        connecting--
        open.add(link)
        link.onLost(() => drop(link))
        put(link)
      },
      (error) => {
        connecting--
        first(waiters)?.fail(error)
        grow()
        settleClose()
      },
    )
  }

  function put(link: Link): void {
    if (!open.has(link)) return
    const waiter = first(waiters)
    if (waiter) waiter.take(link)
    else if (closed) drop(link)
    else free.push({ link, since: performance.now() })
  }

  function drop(link: Link): void {
    if (!open.delete(link)) return
    const index = free.findIndex((entry) => entry.link === link)
    if (index >= 0) free.splice(index, 1)
    link.end().catch(() => {})
    grow()
    settleClose()
  }

  function settleClose(): void {
    if (closed && open.size + connecting === 0) whenEmpty?.()
  }

  return {
    async use(work) {
      const link = await acquire()
      try {
        return await work(link)
      } finally {
        if (link.client.getTransactionStatus() === 'I') put(link)
        else drop(link)
      }
    },
    async close() {
      closed = true
      clearInterval(sweeper)
      for (const { link } of [...free]) drop(link)
      if (open.size + connecting > 0) await new Promise<void>((resolve) => (whenEmpty = resolve))
    },
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const item of set) return item
  return undefined
}
