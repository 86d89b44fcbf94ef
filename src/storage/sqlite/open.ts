import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './errors.ts'

const KIBIBYTES_OF_CACHE = { writer: 24_000, reader: 16_000, worker: 8000 }

export interface ConnectionOptions {
  role: keyof typeof KIBIBYTES_OF_CACHE
  /** The file lives no longer than the process: nothing is synced. */
  volatile?: boolean
  /** Milliseconds to wait, blocking, for locks of other connections. */
  timeout?: number
}

/** Makes the file and its folder where they are missing, for the owner alone. True when there was none. */
export function ensureFile(file: string): boolean {
  if (existsSync(file)) return false
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  return true
}

const LONGEST_WAIT_MS = 10_000
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/**
 * Repeats a step of a start while other processes that start keep the file: changing the journal mode does not wait for
 * them as other statements do.
 */
export function patiently<T>(step: () => T): T {
  const giveUp = performance.now() + LONGEST_WAIT_MS
  for (;;) {
    try {
      return step()
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUp) throw error
    }
    Atomics.wait(sleeper, 0, 0, 5 + Math.random() * 20)
  }
}

/** Opens one connection with the settings every connection has. */
export function connect(file: string, { role, volatile = false, timeout = 5000 }: ConnectionOptions): DatabaseSync {
  const database = new DatabaseSync(file, {
    timeout,
    enableForeignKeyConstraints: true,
    readOnly: role !== 'writer',
  })
  database.enableDefensive(true)
  if (role === 'writer') {
    patiently(() => database.exec('pragma journal_mode = wal'))
    database.exec(`pragma synchronous = ${volatile ? 'off' : 'full'}`)
    database.exec('pragma wal_autocheckpoint = 0')
  }
  database.exec(`pragma cache_size = -${KIBIBYTES_OF_CACHE[role]}`)
  database.exec('pragma temp_store = memory')
  database.exec('pragma trusted_schema = off')
  return database
}
