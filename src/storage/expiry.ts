import { type ResourceName, registry } from '../resources/registry.ts'
import type { Resource } from '../schema/resource.ts'
import { storedResources } from './columns.ts'
import { createPendingCounts } from './counts.ts'
import type { Database } from './database.ts'
import { snake, tableName } from './names.ts'
import { removeWhole } from './remove.ts'
import { ALL_TENANTS } from './reseal.ts'

/** Rows deleted in one transaction: others that write wait for no more than these. */
const AT_ONCE = 100

/** Resources that end by themselves, those that others belong to last: their end would take the others along one by one. */
const ENDING = storedResources.filter((name) => expiryOf(name) !== undefined).toReversed()

/** The column that says when a row of this resource has ended. */
export function expiryOf(resource: ResourceName): string | undefined {
  const { expires }: Resource = registry[resource]
  return expires === undefined ? undefined : snake(expires)
}

/**
 * Deletes rows that ended before `now`, one-time things, and answers kept for a repetition: at most `limit` of each kind and tenant, a few in each
 * transaction. Gives the number deleted; what is left over is for the next time.
 */
export async function removeExpired(
  database: Database,
  now: number,
  limit: number,
  nextId: () => string,
): Promise<number> {
  let removed = 0
  for (const { tenant_id: tenant } of await database.reader.all(ALL_TENANTS, [])) {
    for (const resource of ENDING) {
      removed += await removeRows(database, resource, tenant as string, now, limit, nextId)
    }
    for (const table of ENDED) removed += await removeFrom(database, table, tenant as string, now, limit)
  }
  return removed
}

async function removeRows(
  database: Database,
  resource: ResourceName,
  tenant: string,
  now: number,
  limit: number,
  nextId: () => string,
): Promise<number> {
  const column = expiryOf(resource)
  const ended = `select id from ${tableName(resource)} where tenant_id = ? and ${column} <= ? order by ${column} limit ?`
  const rows = await database.reader.all(ended, [tenant, now, limit])
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    await database.write(async (connection) => {
      const counts = createPendingCounts(nextId)
      for (const { id } of rows.slice(start, start + AT_ONCE)) {
        await removeWhole(connection, database.dialect, counts, resource, tenant, id as string)
      }
      await counts.flush(connection)
    })
  }
  return rows.length
}

/** Rows that are nobody's but their tenant's. */
const ENDED = [
  { name: 'one_time', key: 'kind, key_digest' },
  { name: 'idempotency_keys', key: 'id' },
] as const

async function removeFrom(
  database: Database,
  { name, key }: (typeof ENDED)[number],
  tenant: string,
  now: number,
  limit: number,
): Promise<number> {
  let removed = 0
  while (removed < limit) {
    const some = await database.write((connection) =>
      connection.run(
        `delete from ${name} where tenant_id = ? and (${key}) in (
          select ${key} from ${name} where tenant_id = ? and expires_at <= ? order by expires_at limit ?
          ${database.dialect === 'postgres' ? 'for update skip locked' : ''}
        )`,
        [tenant, tenant, now, AT_ONCE],
      ),
    )
    removed += some
    if (some < AT_ONCE) break
  }
  return removed
}
