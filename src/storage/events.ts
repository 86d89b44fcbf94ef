import type { OpenChain } from '../core/events/chain.ts'
import type { Change, Event, LoggedEvent } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import type { Connection, Database } from './database.ts'
import { toEvent } from './event-rows.ts'
import { sealLog } from './event-sealer.ts'

export async function appendEvent(connection: Connection, event: Event): Promise<void> {
  await connection.run(
    `insert into events
      (tenant_id, id, created_at, type, actor_type, actor_id, target_type, target_id, changed, request_id, network, diff)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      event.tenant,
      event.id,
      event.at,
      event.type,
      event.actor.kind,
      event.actor.id,
      event.resource.resource,
      event.resource.id,
      JSON.stringify(event.changed),
      event.requestId,
      event.network ?? null,
      event.diff ?? null,
    ],
  )
}

/** Committed events after a position, in the order in which the sealer met them (decisions/0002-event-positions.md). */
export async function readEvents(
  database: Database,
  chains: OpenChain,
  tenant: string,
  after: number,
  limit: number,
): Promise<LoggedEvent[]> {
  await sealLog(database, chains, tenant)
  return readLogged(database.reader, tenant, after, limit)
}

/** Those that have their position. */
export async function readLogged(
  connection: Connection,
  tenant: string,
  after: number,
  limit: number,
): Promise<LoggedEvent[]> {
  const rows = await connection.all(
    'select * from events where tenant_id = ? and position > ? order by position limit ?',
    [tenant, after, limit],
  )
  return rows.map((row) => ({
    position: Number(row.position),
    hash: row.hash as string | null,
    event: toEvent(row),
  }))
}

/** Events after a position without what only auditors read. */
export async function readChanges(
  database: Database,
  chains: OpenChain,
  tenant: string,
  after: number,
  limit: number,
): Promise<Change[]> {
  await sealLog(database, chains, tenant)
  const rows = await database.reader.all(
    `select position, type, target_type, target_id from events
      where tenant_id = ? and position > ? order by position limit ?`,
    [tenant, after, limit],
  )
  return rows.map((row) => ({
    position: Number(row.position),
    type: row.type as string,
    resource: { resource: row.target_type as ResourceName, id: row.target_id as string },
  }))
}

export async function wasDeleted(
  connection: Connection,
  resource: ResourceName,
  tenant: string,
  id: string,
): Promise<boolean> {
  const found = await connection.get(
    'select 1 as found from events where tenant_id = ? and target_id = ? and type = ? limit 1',
    [tenant, id, `${resource}.deleted`],
  )
  return found !== undefined
}
