import { hash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, systemClock } from '../../std/clock.ts'
import type { Connection, Database } from '../database.ts'
import { migrations as all } from './list.ts'
import { writeStatistics } from './statistics.ts'
import { type Migration, postgresWords, sqliteWords } from './words.ts'

export interface MigrationStatus {
  name: string
  /** Milliseconds; undefined while it is pending. */
  appliedAt: number | undefined
}

export interface Migrator {
  /** Names of the steps that are missing. */
  pending(): Promise<string[]>
  /** Takes the missing steps, all or none, and names them. Any number of processes may ask at the same time. */
  up(): Promise<string[]>
  status(): Promise<MigrationStatus[]>
}

interface Applied {
  name: string
  checksum: string
  appliedAt: number
}

/** The row that stands for the whole table when one process keeps others from migrating. */
const LOCK = '(lock)'

/**
 * Brings a database forward, never back. Each step's statements are remembered by checksum: a database made by a newer
 * or a different build is refused.
 */
export function createMigrator(
  database: Database,
  { migrations = all, clock = systemClock }: { migrations?: readonly Migration[]; clock?: Clock } = {},
): Migrator {
  const words = database.dialect === 'sqlite' ? sqliteWords : postgresWords
  const steps = migrations.map((migration) => {
    const statements = migration.statements(words)
    return { name: migration.name, statements, checksum: hash('sha256', statements.join(';\n')) }
  })

  const missing = (applied: readonly Applied[]) => {
    for (const [at, { name, checksum }] of applied.entries()) {
      const step = steps[at]
      if (step?.name !== name) throw new Error(`the database has a step that this version does not know: ${name}`)
      if (step.checksum !== checksum) throw new Error(`the database was made by another build: ${name} differs`)
    }
    return steps.slice(applied.length)
  }

  const applied = async () => ((await hasTable(database)) ? readApplied(database.reader) : [])

  return {
    pending: async () => missing(await applied()).map(({ name }) => name),

    async status() {
      const done = await applied()
      missing(done)
      return steps.map(({ name }, at) => ({ name, appliedAt: done[at]?.appliedAt }))
    },

    async up() {
      if (missing(await applied()).length === 0) return []
      await ensureTable(database, words)
      return database.write(async (connection) => {
        await lock(database, connection)
        const pending = missing(await readApplied(connection))
        for (const { name, statements, checksum } of pending) {
          for (const statement of statements) await connection.run(statement, [])
          await connection.run('insert into latchkey_migrations (name, checksum, applied_at) values (?, ?, ?)', [
            name,
            checksum,
            clock.now(),
          ])
        }
        if (database.dialect === 'sqlite') await writeStatistics(connection)
        return pending.map(({ name }) => name)
      })
    },
  }
}

async function readApplied(connection: Connection): Promise<Applied[]> {
  const rows = await connection.all(
    'select name, checksum, applied_at from latchkey_migrations where name <> ? order by name',
    [LOCK],
  )
  return rows.map((row) => ({
    name: row.name as string,
    checksum: row.checksum as string,
    appliedAt: row.applied_at as number,
  }))
}

async function hasTable({ dialect, reader }: Database): Promise<boolean> {
  const query =
    dialect === 'sqlite'
      ? "select name from sqlite_master where type = 'table' and name = 'latchkey_migrations'"
      : "select tablename from pg_tables where schemaname = current_schema() and tablename = 'latchkey_migrations'"
  return (await reader.get(query, [])) !== undefined
}

/** PostgreSQL lets the loser of a race for `create table if not exists` fail in several ways; the table is there then. */
async function ensureTable(database: Database, words: typeof sqliteWords): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await database.write(async (connection) => {
        await connection.run(
          `create table if not exists latchkey_migrations (
            name ${words.text} primary key, checksum ${words.text} not null, applied_at ${words.integer} not null
          )${words.strict}`,
          [],
        )
        await connection.run(
          "insert into latchkey_migrations (name, checksum, applied_at) values (?, '', 0) on conflict do nothing",
          [LOCK],
        )
      })
    } catch (error) {
      if (attempt === 20) throw error
      await pause(25)
    }
  }
}

/** Waits for other migrating processes. SQLite has one writer anyway. */
async function lock({ dialect }: Database, connection: Connection): Promise<void> {
  if (dialect === 'sqlite') return
  await connection.get('select name from latchkey_migrations where name = ? for update', [LOCK])
}
