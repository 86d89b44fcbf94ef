import { ensureDataFolder } from '../../server/data-folder.ts'
import { logToStandardError } from '../../server/log-lines.ts'
import { migrationSteps } from '../../server/migrate.ts'
import { openDatabase } from '../../server/open-database.ts'
import { systemClock } from '../../std/clock.ts'
import type { Database } from '../../storage/database.ts'
import { migrations } from '../../storage/migrations/list.ts'
import { createMigrator } from '../../storage/migrations/runner.ts'
import { postgresWords, sqliteWords } from '../../storage/migrations/words.ts'
import { paint, print, table } from '../print.ts'
import { type Flags, readSettings } from '../settings.ts'

/** `latchkey migrate status` */
export async function status(flags: Flags): Promise<void> {
  await withDatabase(flags, async (database) => {
    const steps = await migrationSteps(database)
    const state = (at: number | undefined) =>
      at === undefined ? paint('yellow', 'pending') : new Date(at).toISOString()
    print(table(steps.map(({ name, appliedAt }) => [name, state(appliedAt)])))
  })
}

/** `latchkey migrate plan`: SQL on standard output, to be read or kept. */
export async function plan(flags: Flags): Promise<void> {
  await withDatabase(flags, async (database) => {
    const pending = await pendingNames(database)
    if (pending.length === 0) print('-- nothing to do: the database has the schema of this version')
    for (const { name, statements } of migrations) {
      if (!pending.includes(name)) continue
      print(`-- ${name}`)
      for (const statement of statements(database.dialect === 'sqlite' ? sqliteWords : postgresWords))
        print(`${statement};`)
    }
  })
}

/** `latchkey migrate up` */
export async function up(flags: Flags): Promise<void> {
  await withDatabase(flags, async (database) => {
    await pendingNames(database)
    const done = await createMigrator(database).up()
    for (const name of done) print(`${paint('green', 'done')}  ${name}`)
    if (done.length === 0) print('nothing to do: the database has the schema of this version')
  })
}

async function pendingNames(database: Database): Promise<string[]> {
  const steps = await migrationSteps(database)
  return steps.filter(({ appliedAt }) => appliedAt === undefined).map(({ name }) => name)
}

async function withDatabase(flags: Flags, command: (database: Database) => Promise<void>): Promise<void> {
  const settings = await readSettings(flags)
  if (settings.database === undefined) ensureDataFolder(settings.data)
  const database = await openDatabase(settings, { clock: systemClock, log: logToStandardError, inMemory: false })
  try {
    await command(database)
  } finally {
    await database.close()
  }
}
