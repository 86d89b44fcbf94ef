import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Clock, systemClock } from '../../std/clock.ts'
import type { Database } from '../database.ts'
import { createCheckpoints } from './checkpoints.ts'
import { requireDurable } from './durability.ts'
import { toStorageError } from './errors.ts'
import { createGroupCommit } from './group-commit.ts'
import { openNonces } from './nonces.ts'
import { connect, ensureFile } from './open.ts'
import { toConnection } from './reader.ts'
import { createSlowReader } from './slow-reader.ts'
import { createStatements } from './statements.ts'
import { controlTransactions, writingConnection } from './writer.ts'

export interface SqliteOptions {
  /** Path of the database file; it and its folder are made where missing. */
  file?: string
  /** For tests and kits: a database that is gone when it is closed, and not durable. */
  inMemory?: boolean
  /** Milliseconds a slow query may take; 2000 by default. */
  queryMs?: number
  clock?: Clock
  /** Hears of every commit: how many units of work shared it, how many milliseconds it took. */
  onCommit?(units: number, ms: number): void
}

/**
 * Opens an SQLite database: one connection that writes in groups, one that reads on this thread, others in workers for
 * what may take long.
 * @throws Error when the file could lose what it acknowledges
 */
export async function openSqlite({
  file,
  inMemory = false,
  queryMs = 2000,
  clock = systemClock,
  onCommit,
}: SqliteOptions): Promise<Database> {
  if (!inMemory && (file === undefined || file === '' || file.startsWith(':') || file.startsWith('file:'))) {
    throw new Error('an SQLite database needs the path of a file, or `inMemory`')
  }
  // Several connections cannot share a database in memory, so it is a file in a folder that goes away.
  const folder = inMemory ? mkdtempSync(join(tmpdir(), 'latchkey-')) : undefined
  const path = folder ? join(folder, 'latchkey.sqlite') : resolve(file as string)
  const isNew = ensureFile(path)
  // Waiting for other processes is the writer's own business, so the connection itself waits only a little.
  const writer = connect(path, { role: 'writer', volatile: inMemory, timeout: 50 })
  if (!inMemory) requireDurable(writer, path)
  const reader = connect(path, { role: 'reader' })
  const statements = createStatements(reader)
  const slow = createSlowReader(path, queryMs)
  const nonces = openNonces(join(dirname(path), 'nonces.sqlite'), { isNew, clock })
  const checkpoints = createCheckpoints(writer, { file: path, volatile: inMemory })
  const commits = createGroupCommit(controlTransactions(writer), writingConnection(writer), {
    ...checkpoints,
    ...(onCommit && { observe: onCommit }),
  })

  let closing: Promise<void> | undefined
  return {
    dialect: 'sqlite',
    reader: toConnection(statements),
    slowReader: slow,
    write: (unit) => (closing ? Promise.reject(new Error('the database is closed')) : commits.write(unit)),
    claimNonce: nonces.claim,
    version: () => statements.get('pragma data_version', [])?.data_version as number,

    async ping() {
      try {
        statements.get('select 1 from sqlite_master', [])
      } catch (error) {
        throw toStorageError(error)
      }
    },

    time: async () => undefined,

    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    await commits.settled()
    await slow.close()
    await checkpoints.stop()
    nonces.close()
    reader.close()
    // The last connection to close empties and removes the log; a plain close does so only as far as it can.
    if (writer.isOpen) writer.exec('pragma wal_checkpoint(truncate)')
    writer.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  }
}
