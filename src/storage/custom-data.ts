import type { CustomDataRecord, Ref } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import { isSearchedByCustomData } from './custom-data-tables.ts'
import type { Connection, Row } from './database.ts'
import { indexLeaves, toLeafIndex } from './leaves.ts'
import { memo } from './memo.ts'
import { customDataTable } from './names.ts'
import { marks } from './statements.ts'

const textsOf = memo((owner: ResourceName) => {
  const table = customDataTable(owner)
  const changing = ['json', 'created_at', 'modified_at', ...(isSearchedByCustomData(owner) ? ['overflow'] : [])]
  return {
    read: `select json, created_at, modified_at from ${table} where tenant_id = ? and id = ?`,
    write: `insert into ${table} (tenant_id, id, ${changing.join(', ')}) values (${marks(2 + changing.length)})
      on conflict (tenant_id, id) do update set ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  }
})

/** Owners asked for in one statement. */
const MOST_AT_ONCE = 500

export async function readCustomData(
  connection: Connection,
  owner: Ref,
  tenant: string,
): Promise<CustomDataRecord | undefined> {
  const row = await connection.get(textsOf(owner.resource).read, [tenant, owner.id])
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
    connection.run(textsOf(owner.resource).write, index ? [...values, index.overflow] : values),
    index && indexLeaves(connection, owner, tenant, index.leaves),
  ])
}

function toRecord(row: Row): CustomDataRecord {
  return { json: row.json as string, createdAt: row.created_at as number, modifiedAt: row.modified_at as number }
}
