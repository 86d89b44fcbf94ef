import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import type { CheckpointMode } from './checkpoint-worker.ts'
import { workerUrl } from './worker-url.ts'

/** Above this the log is moved into the database although writers are at work. */
const MOST_BYTES = 8 * 1024 * 1024
/** Above this writers wait until it has been moved: they can be faster than the disk that it is copied to. */
const FULL_BYTES = 32 * 1024 * 1024
/** Up to here it takes so little that this thread does it, when the writers are quiet. */
const LITTLE_BYTES = 1024 * 1024
/** A page and the header of its frame. */
const FRAME_BYTES = 4096 + 24
const QUIET_MS = 100
/** A long read, of another process too, can keep the log from being emptied: do not try after every batch. */
const PAUSE_MS = 250

export interface Checkpoints {
  afterBatch(): void
  /** Resolves when the next batch may begin. */
  ready(): Promise<void> | undefined
  stop(): Promise<void>
}

/**
 * Moves the write-ahead log into the database. SQLite's own trigger would do it inside a commit, on the time of whoever
 * is committing; here a thread copies the bulk while writers go on, and they wait (this thread does not) only for the
 * rest, a small part, after which the log begins anew.
 *
 * The log's file keeps its size, up to a bound: to overwrite it costs half of what it costs to let it grow, since the
 * file system has nothing to note of its own.
 */
export function createCheckpoints(
  database: DatabaseSync,
  { file, volatile }: { file: string; volatile: boolean },
): Checkpoints {
  database.exec(`pragma journal_size_limit = ${MOST_BYTES}`)
  const measure = database.prepare('pragma wal_checkpoint(noop)')
  let last = 0
  let quiet: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let finishing: Promise<void> | undefined
  let worker: Worker | undefined

  const start = (): Worker => {
    const started = new Worker(workerUrl(import.meta.url, 'checkpoint-worker'), { workerData: { file, volatile } })
    // What fails is tried again after a later batch, by another thread.
    const gone = () => {
      if (worker === started) worker = undefined
    }
    return started.on('error', gone).on('exit', gone)
  }

  const ask = (mode: CheckpointMode) => {
    worker ??= start()
    const asked = worker
    asked.ref()
    return new Promise<void>((resolve) => {
      const done = () => {
        asked.off('message', done).off('exit', done).unref()
        resolve()
      }
      asked.on('message', done).on('exit', done)
      asked.postMessage(mode)
    })
  }

  const inThread = async () => {
    await ask('passive')
    finishing = ask('restart')
    await finishing
    finishing = undefined
    running = undefined
    last = performance.now()
  }

  const afterQuiet = () => {
    quiet = undefined
    if (running || !database.isOpen || database.isTransaction) return
    const { pending } = log()
    if (pending > LITTLE_BYTES) running = inThread()
    else if (pending > 0) database.exec('pragma wal_checkpoint(restart)')
  }

  /** Bytes in the log since it last began, and how many of them the database does not hold yet. */
  const log = () => {
    const { log: frames, checkpointed } = measure.get() as { log: number; checkpointed: number }
    return { length: frames * FRAME_BYTES, pending: (frames - checkpointed) * FRAME_BYTES }
  }

  return {
    afterBatch() {
      if (!running && performance.now() - last > PAUSE_MS && log().length > MOST_BYTES) running = inThread()
      quiet ??= setTimeout(afterQuiet, QUIET_MS).unref()
      quiet.refresh()
    },
    ready: () => finishing ?? (running && log().length > FULL_BYTES ? running : undefined),
    async stop() {
      clearTimeout(quiet)
      await running
      await worker?.terminate()
    },
  }
}
