import { lookup } from 'node:dns/promises'
import { existsSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkSmtp, parseSmtpUrl } from '../mail/smtp.ts'
import { systemClock } from '../std/clock.ts'
import { error, type Finding, ok, warning } from '../storage/examine/finding.ts'
import type { Settings } from './config.ts'
import { offsetOf } from './health.ts'
import { logToStandardError } from './log-lines.ts'
import { migrationSteps } from './migrate.ts'
import { Mistake } from './mistake.ts'
import { openDatabase } from './open-database.ts'
import { environmentName } from './options.ts'

const MOST_OFFSET = 2_000
const LEAST_FREE = 64 * 1024 * 1024

/** Asks what the settings name whether it is there, and changes nothing. */
export async function checkOnline(settings: Settings): Promise<Finding[]> {
  const asked = [checkStore(settings), checkName(settings), checkMail(settings), checkCounters(settings)]
  return (await Promise.all(asked)).flat()
}

async function checkStore(settings: Settings): Promise<Finding[]> {
  if (settings.database === undefined) return [checkDisk(settings.data)]
  try {
    const surroundings = { clock: systemClock, log: logToStandardError, inMemory: false }
    const database = await openDatabase({ ...settings, startTimeout: 0 }, surroundings)
    try {
      const offset = await offsetOf(database)
      const pending = (await migrationSteps(database)).filter(({ appliedAt }) => appliedAt === undefined)
      return [
        ok('database', 'it answers, and keeps what it acknowledges'),
        offset > MOST_OFFSET
          ? warning(
              'clock',
              `it is ${(offset / 1000).toFixed(1)} s off that of the database`,
              'timedatectl set-ntp true',
            )
          : ok('clock', 'it agrees with that of the database'),
        pending.length > 0
          ? warning('schema', `${pending.length} migration(s) are pending`, 'latchkey migrate up')
          : ok('schema', 'it is that of this version'),
      ]
    } finally {
      await database.close()
    }
  } catch (failure) {
    return [ofMistake('database', failure)]
  }
}

function checkDisk(data: string): Finding {
  let folder = resolve(data)
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free < LEAST_FREE)
    return error('disk', `only ${Math.round(free / 2 ** 20)} MB are free at ${folder}`, `df -h ${folder}`)
  return ok('disk', `${Math.round(free / 2 ** 30)} GB are free for the database`)
}

async function checkName({ baseUrl }: Settings): Promise<Finding[]> {
  if (baseUrl === undefined) return []
  const { hostname } = new URL(baseUrl)
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''))
    return [ok('name', `${hostname} has an address`)]
  } catch {
    return [warning('name', `${hostname} has no address from here`, `dig ${hostname}`)]
  }
}

async function checkMail({ mail }: Settings): Promise<Finding[]> {
  const smtp = mail.url === undefined ? undefined : parseSmtpUrl(mail.url)
  if (!smtp) return []
  const fault = await checkSmtp(smtp, { allowInside: true })
  if (!fault) return [ok('mail', `${smtp.host} takes mail from us`)]
  const faults = {
    unreachable: 'does not answer',
    unauthenticated: 'does not accept the user and password',
    insecure: 'does not speak TLS as it must',
  }
  return [error('mail', `${smtp.host} ${faults[fault]}`, `look at ${environmentName('mail.url')}`)]
}

async function checkCounters({ redis }: Settings): Promise<Finding[]> {
  if (redis === undefined) return []
  const { pingRedis } = await import('../storage/redis/ping.ts')
  try {
    await pingRedis(redis)
    return [ok('redis', 'it answers')]
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure)
    return [warning('redis', `it does not answer: ${reason}`, `look at ${environmentName('redis')}`)]
  }
}

function ofMistake(check: string, failure: unknown): Finding {
  if (failure instanceof Mistake) return error(check, failure.message, failure.fix)
  throw failure
}
