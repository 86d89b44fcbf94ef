import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createSeal, SealError } from '../crypto/seal.ts'
import { systemClock } from '../std/clock.ts'
import type { Database } from '../storage/database.ts'
import { error, type Finding, ok } from '../storage/examine/finding.ts'
import { examineIndexes, examineTrigrams } from '../storage/examine/indexes.ts'
import { examineIntegrity } from '../storage/examine/integrity.ts'
import { examineLeftovers } from '../storage/examine/leftovers.ts'
import { examineOrphans, examineParts, examineSizes } from '../storage/examine/rows.ts'
import { resealAll } from '../storage/reseal.ts'
import type { Settings } from './config.ts'
import { dataFiles } from './data-folder.ts'
import { loadKeyRing } from './key-ring.ts'
import { logToStandardError } from './log-lines.ts'
import { migrationSteps } from './migrate.ts'
import { Mistake } from './mistake.ts'
import { openDatabase } from './open-database.ts'

export type { Finding } from '../storage/examine/finding.ts'

/** Milliseconds that one question may take: there may be millions of rows. */
const patience = 3_600_000

/**
 * Examines a database beside whoever runs on it, and changes nothing.
 * @throws Mistake where there is none to examine
 */
export async function examine(settings: Settings): Promise<Finding[]> {
  if (settings.database === undefined && !existsSync(join(settings.data, dataFiles.database))) {
    throw new Mistake(`there is no database in ${settings.data}`, 'latchkey doctor --data <the folder>', 'unavailable')
  }
  const surroundings = { clock: systemClock, log: logToStandardError, inMemory: false, patience }
  const database = await openDatabase(settings, surroundings)
  try {
    const steps = await migrationSteps(database)
    const pending = steps.filter(({ appliedAt }) => appliedAt === undefined)
    // What follows speaks of this version's tables.
    if (pending.length > 0) {
      const names = pending.map(({ name }) => name).join(', ')
      return [error('schema', `${pending.length} migration(s) are pending: ${names}`, 'latchkey migrate up')]
    }
    const found = [ok('schema', `all ${steps.length} migrations are there`)]
    const examinations = [
      () => examineIntegrity(database),
      () => examineIndexes(database),
      () => examineTrigrams(database),
      () => examineOrphans(database),
      () => examineParts(database),
      () => examineSizes(database),
      () => examineSecrets(database, settings),
      () => examineLeftovers(database, systemClock.now()),
    ]
    for (const examination of examinations) found.push(...(await examination().catch(toFinding)))
    return found
  } finally {
    await database.close()
  }
}

/** A damaged database cannot tell everything. */
function toFinding(failure: unknown): Finding[] {
  const { errcode, message } = failure as { errcode?: number; message?: string }
  // SQLITE_CORRUPT, SQLITE_NOTADB
  if (errcode === undefined || ![11, 26].includes(errcode & 0xff)) throw failure
  return [error('integrity', message ?? 'the database is damaged', 'put back the last backup')]
}

/** Whether every sealed value opens with the keys that there are. */
async function examineSecrets(database: Database, settings: Settings): Promise<Finding[]> {
  const hasKeys = settings.secretKey !== undefined || existsSync(join(settings.data, dataFiles.secretKey))
  const fix = 'add the key they were sealed with to LATCHKEY_SECRET_KEY, after the newest'
  if (!hasKeys) return [error('secrets', 'there is no secret key to open them with', fix)]
  const seal = createSeal(loadKeyRing(settings, false))
  let [opened, closed] = [0, 0]
  await resealAll(database, (sealed, place) => {
    try {
      seal.open(sealed, place)
      opened++
    } catch (failure) {
      if (!(failure instanceof SealError)) throw failure
      closed++
    }
    return sealed
  })
  if (closed > 0) return [error('secrets', `${closed} of ${opened + closed} sealed values do not open`, fix)]
  return [ok('secrets', `all ${opened} sealed values open`)]
}
