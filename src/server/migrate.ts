import { type Clock, systemClock } from '../std/clock.ts'
import type { Database } from '../storage/database.ts'
import { createMigrator, type MigrationStatus } from '../storage/migrations/runner.ts'
import type { Settings } from './config.ts'
import { Mistake } from './mistake.ts'

/** SQLite migrates whenever it must; PostgreSQL, which other nodes may use, only when it is empty or when told. */
export async function migrateAtStart(database: Database, { autoMigrate }: Settings, clock: Clock): Promise<void> {
  const steps = await migrationSteps(database)
  const pending = steps.filter(({ appliedAt }) => appliedAt === undefined)
  if (pending.length === 0) return
  const isEmpty = pending.length === steps.length
  if (database.dialect === 'postgres' && !isEmpty && !autoMigrate) {
    const names = pending.map(({ name }) => name).join(', ')
    throw new Mistake(
      `the database lacks ${pending.length} migration(s) of this version: ${names}`,
      'latchkey migrate up',
    )
  }
  await createMigrator(database, { clock }).up()
}

/**
 * Every step of the schema, and when it was taken.
 * @throws Mistake when the database is ahead of this version
 */
export async function migrationSteps(database: Database): Promise<MigrationStatus[]> {
  try {
    return await createMigrator(database, { clock: systemClock }).status()
  } catch (error) {
    const known = error instanceof Error && /^the database (has|was)/.test(error.message)
    if (!known) throw error
    const fix = 'run the version of latchkey that migrated it last, or a newer one; to begin anew, name another'
    throw new Mistake(error.message, `${fix} ${database.dialect === 'sqlite' ? '--data folder' : 'database'}`)
  }
}
