import { createChains, type OpenChain } from '../core/events/chain.ts'
import type { Channel, Store } from '../core/ports.ts'
import { type Clock, systemClock } from '../std/clock.ts'
import { createIds } from '../std/id.ts'
import { createCountFolding, createPendingCounts } from './counts.ts'
import type { Database } from './database.ts'
import { removeEvents } from './event-retention.ts'
import { lastPosition, readState, sealLog } from './event-sealer.ts'
import { readChanges, readEvents, readLogged } from './events.ts'
import { removeExpired } from './expiry.ts'
import { createOutbox, sendsMail } from './outbox.ts'
import { createReader } from './reader.ts'
import { ALL_TENANTS, resealAll } from './reseal.ts'
import { createStandings } from './standing.ts'
import { webhookCursors } from './webhook-cursors.ts'
import { openTransaction } from './writer.ts'

export interface StoreOptions {
  clock?: Clock
  /** Called after a transaction was committed that put something into the outbox, or events, which webhooks wait for. */
  onQueued?: (channel: Channel) => void
  /** The chains over the logs; without a key unless given. */
  chains?: OpenChain
}

/** The store of the engine over one database; the same code and the same answers on both kinds. */
export function createStore(
  database: Database,
  { clock = systemClock, onQueued, chains = createChains() }: StoreOptions = {},
): Store {
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

  const outboxes = { mail: createOutbox(database, 'mail'), webhook: createOutbox(database, 'webhook') }

  return {
    ...reader,
    apiKeyStanding: createStandings(database),

    async write(unit) {
      const { result, written, channels } = await database.write(async (connection) => {
        const counts = createPendingCounts(() => rowIds.next())
        const pending: Promise<unknown>[] = []
        const channels = new Set<Channel>()
        const queued = (channel: Channel) => void channels.add(channel)
        const later = (work: Promise<unknown>) => {
          // told below, unless the unit fails first
          work.catch(() => {})
          pending.push(work)
        }
        const result = await unit(openTransaction({ connection, dialect, counts, clock, later, queued }))
        await Promise.all([...pending, counts.flush(connection)])
        return { result, written: counts.written, channels }
      })
      for (const counted of written) folding.written(counted)
      for (const channel of channels) onQueued?.(channel)
      return result
    },

    claimNonce: (keyId, nonce, requestedAt, expiresAt) => database.claimNonce(keyId, nonce, requestedAt, expiresAt),
    async list(query) {
      // What is committed is in the list, with its position.
      if (query.resource === 'event') await sealLog(database, chains, query.tenant)
      return reader.list(query)
    },

    events: (tenant, after, limit) => readEvents(database, chains, tenant, after, limit),
    loggedEvents: (tenant, after, limit) => readLogged(database.reader, tenant, after, limit),
    changes: (tenant, after, limit) => readChanges(database, chains, tenant, after, limit),
    lastPosition: (tenant) => lastPosition(database, chains, tenant),
    chainState: (tenant) => readState(database.reader, tenant),
    removeEvents: (before, limit) => removeEvents(database, chains, before, limit),
    webhookCursors: () => webhookCursors(database),
    async tenants() {
      const rows = await database.reader.all(ALL_TENANTS, [])
      return rows.map((row) => row.tenant_id as string)
    },
    removeExpired: (now, limit) => removeExpired(database, now, limit, () => rowIds.next()),
    outbox: outboxes.mail,
    outboxes,
    sendsMail: () => sendsMail(database),
    resealAll: (reseal) => resealAll(database, reseal),
    ping: () => database.ping(),
    time: () => database.time(),

    async close() {
      await folding.settled()
      await database.close()
    },
  }
}
