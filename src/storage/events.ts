import type { Change, Event } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import type { Connection, Database, Row } from './database.ts'

/** Events numbered in one transaction of the sealer. */
const MOST_AT_ONCE = 1000

export async function appendEvent(connection: Connection, event: Event): Promise<void> {
  await connection.run(
    `insert into events
      (tenant_id, id, at, type, actor_kind, actor_id, resource, resource_id, changed, request_id, diff)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
      event.diff ?? null,
    ],
  )
}

/** Committed events after a position, in the order in which the sealer met them (decisions/0002-event-positions.md). */
export async function readEvents(
  database: Database,
  tenant: string,
  after: number,
  limit: number,
): Promise<{ position: number; event: Event }[]> {
  await sealEvents(database, tenant)
  const rows = await database.reader.all(
    'select * from events where tenant_id = ? and position > ? order by position limit ?',
    [tenant, after, limit],
  )
  return rows.map((row) => ({ position: Number(row.position), event: toEvent(row) }))
}

/** Events after a position without what only auditors read. */
export async function readChanges(database: Database, tenant: string, after: number, limit: number): Promise<Change[]> {
  await sealEvents(database, tenant)
  const rows = await database.reader.all(
    'select position, type, resource, resource_id from events where tenant_id = ? and position > ? order by position limit ?',
    [tenant, after, limit],
  )
  return rows.map((row) => ({
    position: Number(row.position),
    type: row.type as string,
    resource: { resource: row.resource as ResourceName, id: row.resource_id as string },
  }))
}

export async function lastPosition(database: Database, tenant: string): Promise<number> {
  await sealEvents(database, tenant)
  const row = await database.reader.get('select position from event_positions where tenant_id = ?', [tenant])
  return Number(row?.position ?? 0)
}

/** Gives a position to every event that is committed and has none. */
async function sealEvents(database: Database, tenant: string): Promise<void> {
  const unsealed = 'select 1 as found from events where tenant_id = ? and position is null limit 1'
  while (await database.reader.get(unsealed, [tenant])) {
    await database.write((connection) => sealSome(connection, database.dialect === 'postgres', tenant))
  }
}

async function sealSome(connection: Connection, locks: boolean, tenant: string): Promise<void> {
  await connection.run('insert into event_positions (tenant_id, position) values (?, 0) on conflict do nothing', [
    tenant,
  ])
  // Whoever holds this row numbers alone: a position is only given after all smaller ones are committed.
  const last = await connection.get(
    `select position from event_positions where tenant_id = ?${locks ? ' for update' : ''}`,
    [tenant],
  )
  const position = Number(last?.position)
  const sealed = await connection.run(
    `update events set position = ? + fresh.place
      from (
        select id, row_number() over (order by id) as place from events
        where tenant_id = ? and position is null order by id limit ?
      ) as fresh
      where events.tenant_id = ? and events.id = fresh.id`,
    [position, tenant, MOST_AT_ONCE, tenant],
  )
  await connection.run('update event_positions set position = ? where tenant_id = ?', [position + sealed, tenant])
}

export async function wasDeleted(
  connection: Connection,
  resource: ResourceName,
  tenant: string,
  id: string,
): Promise<boolean> {
  const found = await connection.get(
    'select 1 as found from events where tenant_id = ? and resource_id = ? and type = ? limit 1',
    [tenant, id, `${resource}.deleted`],
  )
  return found !== undefined
}

function toEvent(row: Row): Event {
  return {
    id: row.id as string,
    tenant: row.tenant_id as string,
    at: row.at as number,
    type: row.type as string,
    actor: { kind: row.actor_kind as Event['actor']['kind'], id: row.actor_id as string },
    resource: { resource: row.resource as ResourceName, id: row.resource_id as string },
    changed: JSON.parse(row.changed as string),
    requestId: row.request_id as string,
    ...(row.diff !== null && { diff: row.diff as string }),
  }
}
