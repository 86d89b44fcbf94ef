import { join } from 'node:path'
import { createEngine, type Engine } from '../core/engine.ts'
import { createChains } from '../core/events/chain.ts'
import { createHrefs } from '../core/href.ts'
import type { PasswordRule } from '../core/policies/new-password.ts'
import type { Store } from '../core/ports.ts'
import { createPasswords } from '../crypto/passwords/passwords.ts'
import { createSeal, type Seal } from '../crypto/seal.ts'
import { createProviders } from '../providers/providers.ts'
import { createPwnedPasswords } from '../providers/pwned-passwords.ts'
import type { Entity } from '../resources/registry.ts'
import { type Clock, systemClock } from '../std/clock.ts'
import { createIds } from '../std/id.ts'
import { createStore } from '../storage/store.ts'
import { refuseWhenBusy } from './busy-passwords.ts'
import type { Settings } from './config.ts'
import { dataFiles, ensureDataFolder } from './data-folder.ts'
import { type Health, offsetOf } from './health.ts'
import { loadKeyRing } from './key-ring.ts'
import type { Live } from './live.ts'
import { errorFields, type Log, type LogRecord } from './log.ts'
import { logToStandardError } from './log-lines.ts'
import type { Meters } from './metrics/meters.ts'
import { migrateAtStart } from './migrate.ts'
import { Mistake } from './mistake.ts'
import { openCounters } from './open-counters.ts'
import { openDatabase } from './open-database.ts'
import { type MailParts, openMail, type SendMail } from './open-mail.ts'
import { environmentName } from './options.ts'
import { tellSignals } from './tell-signals.ts'

/** What an engine takes besides settings; nothing of it can come from a file or the environment. */
export interface Internals {
  clock?: Clock
  log?: Log
  /** Counts what happens. */
  meters?: Meters
  /** What may change while it runs. */
  live?: Live
  /** Hears of the health of the app once it is open. */
  opened?: (health: Health) => void
  /** A rule of your own for new passwords, besides those of each directory. */
  passwordRule?: PasswordRule
  /** Sends mails in your own way, instead of what the settings name. */
  sendMail?: SendMail
  /** Everything is gone when it is closed; no file is written. */
  inMemory?: boolean
  /** Nobody listens but an application around it: without a base URL nobody knows where. */
  inside?: boolean
  /** Hashes passwords so cheaply that they are not protected. For tests. */
  insecureTestCost?: boolean
}

export interface OpenEngine {
  engine: Engine
  mail: MailParts
  /** Told of what happened; set once there is somebody to post it. */
  webhooks: { wake: () => void }
  close(): Promise<void>
}

const cheapest = { memoryKiB: 8, passes: 1 }

/**
 * The engine over the database of the settings, migrated, with its key ring.
 * @param origin - scheme, host and port under which browsers reach the service
 * @throws Mistake when something is missing or wrong
 */
export async function openEngine(settings: Settings, origin: string, internals: Internals = {}): Promise<OpenEngine> {
  const {
    clock = systemClock,
    log = logToStandardError,
    meters,
    passwordRule,
    inMemory = false,
    insecureTestCost = false,
    sendMail,
    inside = false,
  } = internals
  const mail = openMail(settings, origin, { clock, log, sendMail, shownAt: inside && !settings.baseUrl ? '' : origin })
  const webhooks = { wake() {} }
  if (!inMemory && settings.database === undefined) ensureDataFolder(settings.data)
  const seal = createSeal(loadKeyRing(settings, inMemory))
  const counters = await openCounters(settings, log)
  const database = await openDatabase(settings, { clock, log, inMemory, meters }).catch(async (error) => {
    await counters?.close()
    throw error
  })
  try {
    await migrateAtStart(database, settings, clock)
    const store = createStore(database, {
      clock,
      chains: createChains(seal),
      onQueued: (channel) => (channel === 'mail' ? mail : webhooks).wake(),
    })
    requireRightKey(seal, await store.firstTenant(), settings)
    await tellOffset(store, log)
    const passwords = refuseWhenBusy(createPasswords(insecureTestCost ? { insecureTestCost: cheapest } : {}))
    const hrefs = createHrefs(`${origin}/v1`)
    const breachedPasswords = createPwnedPasswords({
      url: settings.breachedPasswords,
      onFailure(error) {
        meters?.lookupFailed()
        log(unansweredLookup(error))
      },
    })
    const engine = createEngine({
      store,
      clock,
      ids: createIds(clock),
      passwords,
      seal,
      breachedPasswords,
      passwordRule,
      mail: mail.service,
      webhooks: settings.webhooks,
      providers: createProviders({
        clock,
        base: settings.providers.url,
        allowPrivateServers: settings.providers.allowPrivateServers,
      }),
      origin,
      appsDomain: settings.appsDomain ?? appsDomainOf(origin),
      hrefs,
      signal: tellSignals(log, meters),
      counters,
    })
    const close = async () => {
      await passwords.close()
      await store.close()
      await counters?.close()
    }
    return { engine, mail, webhooks, close }
  } catch (error) {
    await counters?.close()
    await database.close()
    throw error
  }
}

/** A name below our own; where ours is an address or none, one that this machine alone can reach. */
function appsDomainOf(origin: string): string {
  const { hostname } = new URL(origin)
  const isName = /[a-z]/i.test(hostname.replace(/^\[.*\]$/, ''))
  return isName ? `apps.${hostname}` : 'apps.localhost'
}

/** Nobody is kept from choosing a password by a server that does not answer; the operator hears of it. */
const unansweredLookup = (error: unknown): LogRecord => ({
  level: 'warn',
  event: 'breached_passwords.failed',
  msg: 'a new password could not be looked up among breached ones and was let pass',
  err: errorFields(error),
})

/** Milliseconds between clocks that are worth a warning. */
const CLOCKS_APART = 2_000

async function tellOffset(store: Pick<Store, 'time'>, log: Log): Promise<void> {
  const offset = await offsetOf(store)
  if (offset <= CLOCKS_APART) return
  const msg = 'the clock of this machine and that of the database are apart: set both by NTP'
  log({ level: 'warn', event: 'clock.offset', msg, seconds: Math.round(offset / 1000) })
}

/** Told at the start, not by the first request that needs a secret. */
function requireRightKey(seal: Seal, tenant: Entity<'tenant'> | undefined, { secretKey, data }: Settings): void {
  if (!tenant) return
  try {
    seal.open(tenant.eventKey, { tenant: tenant.id, table: 'tenant', row: tenant.id, column: 'eventKey' })
  } catch {
    const variable = environmentName('secretKey')
    // Not given, the key is the file's: lost, or made anew where it was deleted.
    const fix =
      secretKey === undefined
        ? `put the key of its first start back into ${join(data, dataFiles.secretKey)}, or set ${variable} to it`
        : `set ${variable} to the key of its first start, or to both, the newer first`
    throw new Mistake('secretKey is not the key that this database is sealed with', fix)
  }
}
