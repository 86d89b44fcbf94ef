import type { CustomDataRecord, Ref } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import { isSearchedByCustomData } from './custom-data-tables.ts'
import type { Connection, Row } from './database.ts'
import { indexLeaves } from './leaves.ts'
import { customDataTable } from './names.ts'
import { marks } from './statements.ts'

/** Owners asked for in one statement. */
const MOST_AT_ONCE = 500

export async function readCustomData(
  connection: Connection,
  owner: Ref,
  tenant: string,
): Promise<CustomDataRecord | undefined> {
  const row = await connection.get(
    `select json, created_at, modified_at from ${customDataTable(owner.resource)} where tenant_id = ? and id = ?`,
    [tenant, owner.id],
  )
  return row && toRecord(row)
}

export async function readCustomDataOf(
  connection: Connection,
  resource: ResourceName,
  tenant: string,
  ids: readonly string[],
): Promise<Map<string, CustomDataRecord>> {
  const found = new Map<string, CustomDataRecord>()
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const some = ids.slice(start, start + MOST_AT_ONCE)
    const rows = await connection.all(
      `select id, json, created_at, modified_at from ${customDataTable(resource)}
        where tenant_id = ? and id in (${marks(some.length)})`,
      [tenant, ...some],
    )
    for (const row of rows) found.set(row.id as string, toRecord(row))
  }
  return found
}

/** Replaces the custom data of an owner, and brings the index over it to the new state. */
export async function writeCustomData(
  connection: Connection,
  owner: Ref,
  tenant: string,
  { json, createdAt, modifiedAt }: CustomDataRecord,
): Promise<void> {
  const table = customDataTable(owner.resource)
  const searched = isSearchedByCustomData(owner.resource)
  await connection.run(
    `insert into ${table} (tenant_id, id, json, created_at, modified_at${searched ? ', overflow' : ''})
      values (?, ?, ?, ?, ?${searched ? ', 0' : ''})
      on conflict (tenant_id, id) do update set
        json = excluded.json, created_at = excluded.created_at, modified_at = excluded.modified_at`,
    [tenant, owner.id, json, createdAt, modifiedAt],
  )
  if (searched) await indexLeaves(connection, owner, tenant, json)
}

function toRecord(row: Row): CustomDataRecord {
  return { json: row.json as string, createdAt: row.created_at as number, modifiedAt: row.modified_at as number }
}
