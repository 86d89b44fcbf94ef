import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../std/clock.ts'
import type { Database } from '../storage/database.ts'
import type { Settings } from './config.ts'
import { dataFiles } from './data-folder.ts'
import { toDatabaseMistake } from './database-mistake.ts'
import type { Log } from './log.ts'
import type { Meters } from './metrics/meters.ts'

/** What opening a database takes besides settings. */
export interface Surroundings {
  clock: Clock
  log: Log
  /** A database that is gone when it is closed. */
  inMemory: boolean
  meters?: Meters | undefined
  /** Milliseconds that a slow read may take, where it is more than usual. */
  patience?: number | undefined
}

/**
 * Opens the database that the settings name, not yet migrated. A PostgreSQL that is not there yet is waited for.
 * @throws Mistake when it cannot be reached or used
 */
export async function openDatabase(
  settings: Settings,
  { clock, log, inMemory, meters, patience }: Surroundings,
): Promise<Database> {
  try {
    if (inMemory || settings.database === undefined) {
      const { openSqlite } = await import('../storage/sqlite/database.ts')
      const place = inMemory ? { inMemory } : { file: join(settings.data, dataFiles.database) }
      return await openSqlite({
        ...place,
        clock,
        ...(patience && { queryMs: patience }),
        ...(meters && { onCommit: meters.commit }),
      })
    }
    return await openRemote(settings, settings.database, { clock, log, meters, patience })
  } catch (error) {
    throw toDatabaseMistake(error, settings)
  }
}

async function openRemote(
  settings: Settings,
  url: string,
  { clock, log, meters, patience }: Omit<Surroundings, 'inMemory'>,
): Promise<Database> {
  const { openPostgres } = await import('../storage/postgres/database.ts')
  const { pgbouncer, allowUndurable } = settings
  const deadline = performance.now() + settings.startTimeout
  for (let attempt = 1; ; attempt++) {
    try {
      return await openPostgres({
        url,
        pgbouncer,
        allowUndurable,
        clock,
        ...(patience && { queryMs: patience }),
        ...(meters && { onWait: meters.poolWait }),
      })
    } catch (error) {
      if (!mayPass(error) || performance.now() >= deadline) throw error
      if (attempt === 1)
        log({ level: 'warn', event: 'store.waiting', msg: 'waiting for PostgreSQL', reason: String(error) })
      await pause(Math.min(2_000, 100 * 2 ** attempt))
    }
  }
}

const passing = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOENT'])

/** Whether a PostgreSQL that cannot be reached may only be starting. */
function mayPass(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown }
  if (code !== undefined && (passing.has(code) || /^57P0[1-5]$/.test(code))) return true
  return cause !== undefined && mayPass(cause)
}
