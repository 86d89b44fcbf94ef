import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

/** Above this the log is moved into the database between two batches, below it when the writers are quiet. */
const MOST_BYTES = 16 * 1024 * 1024
const LEAST_BYTES = 256 * 1024
const QUIET_MS = 100
/** A reader of another process may keep the log from being emptied: do not try after every batch. */
const PAUSE_MS = 250

export interface Checkpoints {
  afterBatch(): void
  stop(): void
}

/**
 * Moves the write-ahead log into the database at moments when nobody waits for it. SQLite's own trigger would do it
 * inside a commit, on the time of whoever is committing.
 */
export function createCheckpoints(database: DatabaseSync, file: string): Checkpoints {
  const checkpoint = database.prepare('pragma wal_checkpoint(truncate)')
  let last = 0
  let quiet: NodeJS.Timeout | undefined

  const run = (atLeast: number) => {
    if (!database.isOpen || database.isTransaction || walBytes(file) < atLeast) return
    last = performance.now()
    checkpoint.get()
  }

  return {
    afterBatch() {
      if (performance.now() - last > PAUSE_MS) run(MOST_BYTES)
      quiet ??= setTimeout(() => {
        quiet = undefined
        run(LEAST_BYTES)
      }, QUIET_MS).unref()
      quiet.refresh()
    },
    stop: () => clearTimeout(quiet),
  }
}

function walBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
}
