import type { Store } from '../core/ports.ts'
import { type Clock, systemClock } from '../std/clock.ts'
import { createIds } from '../std/id.ts'
import { createCountFolding, createPendingCounts } from './counts.ts'
import type { Database } from './database.ts'
import { lastPosition, readChanges, readEvents } from './events.ts'
import { removeExpired } from './expiry.ts'
import { createOutbox, sendsMail } from './outbox.ts'
import { createReader } from './reader.ts'
import { ALL_TENANTS, resealAll } from './reseal.ts'
import { createStandings } from './standing.ts'
import { openTransaction } from './writer.ts'

export interface StoreOptions {
  clock?: Clock
  /** Called after a transaction that queued mail was committed. */
  onMail?: () => void
}

/** The store of the engine over one database; the same code and the same answers on both kinds. */
export function createStore(database: Database, { clock = systemClock, onMail }: StoreOptions = {}): Store {
  const { dialect } = database
  const rowIds = createIds(clock)
  const folding = createCountFolding(database, () => rowIds.next())
  const reader = createReader({
    dialect,
    fast: database.reader,
    slow: database.slowReader,
    bounded: true,
    summed: folding.summed,
  })

  return {
    ...reader,
    apiKeyStanding: createStandings(database),

    async write(unit) {
      const { result, written, mailed } = await database.write(async (connection) => {
        const counts = createPendingCounts(() => rowIds.next())
        const pending: Promise<unknown>[] = []
        let mailed = false
        const queued = () => {
          mailed = true
        }
        const later = (work: Promise<unknown>) => {
          // told below, unless the unit fails first
          work.catch(() => {})
          pending.push(work)
        }
        const result = await unit(openTransaction({ connection, dialect, counts, clock, later, queued }))
        await Promise.all([...pending, counts.flush(connection)])
        return { result, written: counts.written, mailed }
      })
      for (const counted of written) folding.written(counted)
      if (mailed) onMail?.()
      return result
    },

    claimNonce: (keyId, nonce, requestedAt, expiresAt) => database.claimNonce(keyId, nonce, requestedAt, expiresAt),
    events: (tenant, after, limit) => readEvents(database, tenant, after, limit),
    changes: (tenant, after, limit) => readChanges(database, tenant, after, limit),
    lastPosition: (tenant) => lastPosition(database, tenant),
    async tenants() {
      const rows = await database.reader.all(ALL_TENANTS, [])
      return rows.map((row) => row.tenant_id as string)
    },
    removeExpired: (now, limit) => removeExpired(database, now, limit, () => rowIds.next()),
    outbox: createOutbox(database),
    sendsMail: () => sendsMail(database),
    resealAll: (reseal) => resealAll(database, reseal),
    ping: () => database.ping(),

    async close() {
      await folding.settled()
      await database.close()
    },
  }
}
