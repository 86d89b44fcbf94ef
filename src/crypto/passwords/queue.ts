import { availableParallelism } from 'node:os'

/** So many tasks wait already that one more would wait too long. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
  /** When the queue will have had time to empty: for a Retry-After header. */
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super(`Too many password checks are waiting. Try again in ${retryAfterSeconds} s.`)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export interface Queue {
  /** Runs a task as soon as there is room, first come first served. @throws {QueueFull} at once when too many wait */
  run<T>(task: () => Promise<T>): Promise<T>
  load(): Load
  /** Resolves when nothing runs and nothing waits. */
  drained(): Promise<void>
}

export interface Load {
  running: number
  waiting: number
  /** The next one is refused. */
  full: boolean
  /** Refused since the start. */
  refused: number
}

/** A queue that runs at most `running` tasks at a time and lets at most `waiting` wait. (defaults.md, "log-in queue") */
export function createQueue({ running, waiting }: { running: number; waiting: number }): Queue {
  const line: (() => void)[] = []
  let active = 0
  let refused = 0
  let averageMs = 0
  let onDrained: (() => void)[] = []

  async function start<T>(task: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await task()
    } finally {
      averageMs += (performance.now() - started - averageMs) / 8
      next()
    }
  }

  /** Hands the place of a finished task to the first in line; `active` does not change then. */
  function next(): void {
    const first = line.shift()
    if (first) first()
    else if (--active === 0) {
      for (const resolve of onDrained) resolve()
      onDrained = []
    }
  }

  return {
    async run(task) {
      if (active < running) active++
      else if (line.length < waiting) await new Promise<void>((resolve) => line.push(resolve))
      else {
        refused++
        throw new QueueFull(Math.max(1, Math.ceil((averageMs * (line.length + active)) / running / 1000)))
      }
      return start(task)
    },
    load: () => ({ running: active, waiting: line.length, full: line.length >= waiting, refused }),
    drained: () => (active === 0 ? Promise.resolve() : new Promise((resolve) => onDrained.push(resolve))),
  }
}

/**
 * How many password hashes may run at a time: one per core and one more, so that no core waits for the main thread to
 * hand it the next (decisions/0009), while two threads of the runtime's pool stay free for files and names. Never less
 * than one. libuv's pool has four threads unless UV_THREADPOOL_SIZE says otherwise.
 */
export function hashingSlots(cores = availableParallelism(), poolSize = process.env.UV_THREADPOOL_SIZE): number {
  const threads = poolSize === undefined ? 4 : Number.parseInt(poolSize, 10) || 1
  return Math.max(1, Math.min(cores + 1, threads - 2))
}
