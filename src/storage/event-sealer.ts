import { type Chain, NO_LINK, type OpenChain } from '../core/events/chain.ts'
import type { ChainState } from '../core/ports.ts'
import type { Connection, Database, DialectName } from './database.ts'
import { toEvent } from './event-rows.ts'

/** Events numbered in one transaction of the sealer: others that write wait for no more than these. */
const MOST_AT_ONCE = 250

/** Gives a position, and its link in the chain, to every event that is committed and has none (decisions/0002, 0035). */
export async function sealLog(database: Database, open: OpenChain, tenant: string): Promise<void> {
  const unsealed = 'select 1 as found from events where tenant_id = ? and position is null limit 1'
  while (await database.reader.get(unsealed, [tenant])) {
    await database.write((connection) => sealSome(connection, database.dialect, open, tenant))
  }
}

export async function lastPosition(database: Database, open: OpenChain, tenant: string): Promise<number> {
  await sealLog(database, open, tenant)
  return (await readState(database.reader, tenant)).position
}

const STATE = 'select position, head, removed, removed_head, seal from event_positions where tenant_id = ?'

/** Where the log of a tenant begins and ends. */
export async function readState(connection: Connection, tenant: string, locked = ''): Promise<ChainState> {
  const row = await connection.get(STATE + locked, [tenant])
  return {
    position: Number(row?.position ?? 0),
    head: (row?.head as string | undefined) ?? NO_LINK,
    removed: Number(row?.removed ?? 0),
    removedHead: (row?.removed_head as string | undefined) ?? NO_LINK,
    seal: (row?.seal as string | undefined) ?? '',
  }
}

/** Whoever holds this row numbers alone: a position is only given after all smaller ones are committed. */
export async function lockState(connection: Connection, dialect: DialectName, tenant: string): Promise<ChainState> {
  await connection.run(
    `insert into event_positions (tenant_id, position, head, removed, removed_head, seal)
      values (?, 0, '', 0, '', '') on conflict do nothing`,
    [tenant],
  )
  return readState(connection, tenant, dialect === 'postgres' ? ' for update' : '')
}

export async function writeState(
  connection: Connection,
  chain: Chain,
  tenant: string,
  ends: Omit<ChainState, 'seal'>,
): Promise<void> {
  await connection.run(
    'update event_positions set position = ?, head = ?, removed = ?, removed_head = ?, seal = ? where tenant_id = ?',
    [ends.position, ends.head, ends.removed, ends.removedHead, chain.sealEnds(ends), tenant],
  )
}

export async function chainOf(connection: Connection, open: OpenChain, tenant: string): Promise<Chain> {
  const row = await connection.get('select event_key from tenants where tenant_id = ? and id = ?', [tenant, tenant])
  return open(tenant, row?.event_key as string | undefined)
}

/** On PostgreSQL all at once, out of one text. */
const NUMBER_ALL = `update events set position = (fresh.value ->> 1)::bigint, hash = fresh.value ->> 2
  from json_array_elements(cast(? as json)) as fresh (value)
  where events.tenant_id = ? and events.id = fresh.value ->> 0`

const NUMBER_ONE = 'update events set position = ?, hash = ? where tenant_id = ? and id = ?'

type Numbered = readonly [id: string, position: number, hash: string]

async function number(
  connection: Connection,
  dialect: DialectName,
  tenant: string,
  events: readonly Numbered[],
): Promise<void> {
  if (dialect === 'postgres') {
    await connection.run(NUMBER_ALL, [JSON.stringify(events), tenant])
    return
  }
  for (const [id, position, hash] of events) await connection.run(NUMBER_ONE, [position, hash, tenant, id])
}

async function sealSome(connection: Connection, dialect: DialectName, open: OpenChain, tenant: string): Promise<void> {
  const state = await lockState(connection, dialect, tenant)
  const rows = await connection.all(
    'select * from events where tenant_id = ? and position is null order by id limit ?',
    [tenant, MOST_AT_ONCE],
  )
  if (rows.length === 0) return
  const chain = await chainOf(connection, open, tenant)
  let { position, head } = state
  const fresh = rows.map((row): Numbered => {
    position++
    head = chain.link(head, { position, hash: null, event: toEvent(row) })
    return [row.id as string, position, head]
  })
  await number(connection, dialect, tenant, fresh)
  await writeState(connection, chain, tenant, { ...state, position, head })
}
