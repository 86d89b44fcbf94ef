import type { CustomDataRecord, Ref } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import { isSearchedByCustomData } from './custom-data-tables.ts'
import type { Connection, Row } from './database.ts'
import { indexLeaves, toLeafIndex } from './leaves.ts'
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
  const index = isSearchedByCustomData(owner.resource) ? toLeafIndex(json) : undefined
  const values = [tenant, owner.id, json, createdAt, modifiedAt]
  await Promise.all([
    connection.run(upsert(owner.resource, index !== undefined), index ? [...values, index.overflow] : values),
    index && indexLeaves(connection, owner, tenant, index.leaves),
  ])
}

function upsert(resource: ResourceName, indexed: boolean): string {
  const columns = ['json', 'created_at', 'modified_at', ...(indexed ? ['overflow'] : [])]
  return `insert into ${customDataTable(resource)} (tenant_id, id, ${columns.join(', ')})
    values (?, ?, ${marks(columns.length)})
    on conflict (tenant_id, id) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`
}

function toRecord(row: Row): CustomDataRecord {
  return { json: row.json as string, createdAt: row.created_at as number, modifiedAt: row.modified_at as number }
}
