import { type Clock, systemClock } from '../../std/clock.ts'
import type { Database } from '../database.ts'
import { type Driver, loadDriver } from './driver.ts'
import type { Durability } from './durability.ts'
import { createNonces } from './nonces.ts'
import { createPool } from './pool.ts'
import { createLanes, createPooledExecute, createReader, withDeadline } from './reader.ts'
import { createSessions } from './session.ts'
import { createSlowReader } from './slow-reader.ts'
import { createStatements } from './statements.ts'
import { createWriter } from './writer.ts'

export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/name`, with `?sslmode=verify-full` for TLS. Several hosts separated by commas are
   * tried in turn; only a primary is ever used, so this survives a fail-over.
   */
  url: string
  /** Connections of this process: two for short reads, two for slow ones, the rest for writes. 12 by default, at least 5. */
  poolSize?: number
  /**
   * Set behind PgBouncer (or another pooler) in transaction mode: statements are not prepared, nothing is sent ahead of
   * an answer, and settings travel with each transaction.
   */
  pgbouncer?: boolean
  /** Whether statements are prepared by name. True unless `pgbouncer`. */
  prepare?: boolean
  /** Milliseconds after which a slow read ends with `queryTimeout`. 2000 by default. */
  queryMs?: number
  /** Milliseconds to wait for a free connection before `overloaded`. 1000 by default. */
  waitMs?: number
  /** Milliseconds for one attempt to open a connection. 2500 by default. */
  connectMs?: number
  /**
   * Milliseconds after which a statement without an answer is given up together with its connection; 0 for never, as
   * migrations of large tables need. 8000 by default.
   */
  statementMs?: number
  /** Opens a server that may lose acknowledged writes; `durability` then says `degraded`. For tests. */
  allowUndurable?: boolean
  clock?: Clock
  /** Hears how many milliseconds each caller waited for a connection. */
  onWait?: (ms: number) => void
  /** How the package `pg` is loaded. */
  load?: () => Promise<Driver>
}

export interface PostgresDatabase extends Database {
  readonly dialect: 'postgres'
  readonly durability: Durability
}

const shortReadTimeout = 4000
const lockTimeout = 5000
const idleInTransaction = 5000
const idleConnection = 60_000
/** What an answer may take beyond the time the server gives itself. */
const grace = 2000

/**
 * Opens a PostgreSQL database.
 * @throws Error where `pg` is not installed, the server cannot be reached, is a standby, or would not keep what it
 * acknowledges
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresDatabase> {
  const { url, poolSize = 12, pgbouncer = false, prepare = !pgbouncer, allowUndurable = false } = options
  const { queryMs = 2000, waitMs = 1000, connectMs = 2500, statementMs = 8000 } = options
  const sessions = createSessions(await loadDriver(options.load), { url, pgbouncer, allowUndurable, connectMs })
  const durability = await sessions.probe()

  const statementOf = createStatements(prepare)
  const waiting = { wait: waitMs, idle: idleConnection, onWait: options.onWait }
  const writing = {
    settings: {
      // 0: PostgreSQL would also stop COMMIT's wait for the synchronous standby, and report success
      statement_timeout: '0',
      lock_timeout: String(statementMs === 0 ? 0 : lockTimeout),
      idle_in_transaction_session_timeout: String(idleInTransaction),
    },
    silence: statementMs,
  }
  const reading = { settings: { statement_timeout: String(shortReadTimeout) }, silence: statementMs }
  const searching = { settings: { statement_timeout: String(queryMs) }, silence: queryMs + grace }
  const writers = createPool({ connect: () => sessions.connect(writing), size: Math.max(1, poolSize - 4), ...waiting })
  const slow = createPool({ connect: () => sessions.connect(searching), size: 2, ...waiting })
  const lanes = pgbouncer
    ? { execute: createPooledExecute(writers), close: async () => {} }
    : createLanes(() => sessions.connect(reading), { count: 2, wait: waitMs })
  const execute = withDeadline(lanes.execute, shortReadTimeout)
  const reader = createReader(statementOf, execute)

  return {
    dialect: 'postgres',
    durability,
    reader,
    slowReader: createSlowReader({ pool: slow, deadline: queryMs, deadlineOfSession: !pgbouncer }),
    write: createWriter({
      pool: writers,
      statementOf,
      pipeline: !pgbouncer,
      settings: pgbouncer ? writing.settings : {},
    }),
    claimNonce: createNonces(statementOf, execute, options.clock ?? systemClock),
    version: () => undefined,
    async ping() {
      await reader.get('select 1', [])
    },
    async time() {
      const row = await reader.get('select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as at', [])
      return Number(row?.at)
    },
    async close() {
      await Promise.all([lanes.close(), writers.close(), slow.close()])
    },
  }
}
