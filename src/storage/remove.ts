import type { ResourceName } from '../resources/registry.ts'
import { cascadeOf, type Doomed, idsOf, parametersOf } from './cascade.ts'
import { linkColumn, storedResources } from './columns.ts'
import { COUNTED, type PendingCounts } from './counts.ts'
import { isSearchedByCustomData } from './custom-data-tables.ts'
import type { Connection, DialectName } from './database.ts'
import { customDataTable, leavesTable, tableName, textTable } from './names.ts'
import { ownTables } from './own-tables.ts'
import { customDataOwners, relations } from './relations.ts'
import { searchedTexts } from './schema.ts'
import { statementsOf } from './statements.ts'

/**
 * Deletes one row. Foreign keys take along what belongs to it; here is done, table by table and never row by row, what
 * they cannot: links to clear, full-text rows, sizes of collections. False when it was not there.
 */
export async function removeWhole(
  connection: Connection,
  dialect: DialectName,
  counts: PendingCounts,
  resource: ResourceName,
  tenant: string,
  id: string,
): Promise<boolean> {
  const { get, getLocked, remove } = statementsOf(resource)
  // Who holds the row keeps others from adding to what belongs to it.
  if (!(await connection.get(dialect === 'postgres' ? getLocked : get, [tenant, id]))) return false
  await counts.flush(connection)
  if (resource === 'tenant') return removeTenant(connection, dialect, tenant)
  const cascade = cascadeOf(resource)
  await clearLinks(connection, cascade, tenant, id)
  await settleCounts(connection, dialect, counts, cascade, tenant, id)
  if (dialect === 'sqlite') await removeTexts(connection, cascade, tenant, id)
  return (await connection.run(remove, [tenant, id])) > 0
}

async function clearLinks(connection: Connection, cascade: Doomed[], tenant: string, id: string): Promise<void> {
  for (const doomed of cascade) {
    for (const { from, to, column, onDelete } of relations) {
      if (to !== doomed.resource || onDelete !== 'clear') continue
      await connection.run(
        `update ${tableName(from)} set ${column} = null where tenant_id = ? and ${column} in (${idsOf(doomed)})`,
        [tenant, ...parametersOf(doomed, tenant, id)],
      )
    }
  }
}

async function settleCounts(
  connection: Connection,
  dialect: DialectName,
  counts: PendingCounts,
  cascade: Doomed[],
  tenant: string,
  id: string,
): Promise<void> {
  for (const doomed of cascade) {
    const { resource } = doomed
    const scopes = COUNTED[resource] ?? []
    if (scopes.length === 0) continue
    const from = `from ${tableName(resource)} where ${doomed.sql}`
    const parameters = parametersOf(doomed, tenant, id)
    // A row that another transaction is deleting must not be counted by both.
    if (dialect === 'postgres') await connection.all(`select id ${from} for update`, parameters)
    for (const scope of scopes) {
      const owner = linkColumn(scope)
      const rows = await connection.all(
        `select ${owner} as owner, count(*) as size ${from} group by ${owner}`,
        parameters,
      )
      const gone = scope === 'tenant' ? undefined : cascade.find(({ resource: to }) => to === targetOf(resource, scope))
      for (const row of rows) {
        counts.add({ tenant, resource, scope, owner: row.owner as string }, -Number(row.size))
      }
      if (!gone) continue
      await counts.flush(connection)
      await connection.run(
        `delete from counts where tenant_id = ? and resource = ? and scope = ? and owner_id in (${idsOf(gone)})`,
        [tenant, resource, scope, ...parametersOf(gone, tenant, id)],
      )
    }
  }
}

function targetOf(resource: ResourceName, link: string): string | undefined {
  return relations.find((relation) => relation.from === resource && relation.link === link)?.to
}

async function removeTexts(connection: Connection, cascade: Doomed[], tenant: string, id: string): Promise<void> {
  for (const doomed of cascade) {
    if (searchedTexts(doomed.resource).length === 0) continue
    await connection.run(
      `delete from ${textTable(doomed.resource)} where rowid in (
        select rowid from ${tableName(doomed.resource)} where ${doomed.sql}
      )`,
      parametersOf(doomed, tenant, id),
    )
  }
}

/** Everything a tenant has, table by table; the tenant's own row first, since it points at others. */
async function removeTenant(connection: Connection, dialect: DialectName, tenant: string): Promise<boolean> {
  const clear = (table: string) => connection.run(`delete from ${table} where tenant_id = ?`, [tenant])
  for (const { from, column, onDelete } of relations) {
    if (onDelete !== 'clear') continue
    await connection.run(`update ${tableName(from)} set ${column} = null where tenant_id = ?`, [tenant])
  }
  for (const owner of customDataOwners) {
    if (isSearchedByCustomData(owner)) await clear(leavesTable(owner))
    await clear(customDataTable(owner))
  }
  for (const resource of storedResources) {
    if (dialect === 'sqlite' && searchedTexts(resource).length > 0) {
      const rows = `select rowid from ${tableName(resource)} where tenant_id = ?`
      await connection.run(`delete from ${textTable(resource)} where rowid in (${rows})`, [tenant])
    }
  }
  for (const resource of storedResources) await clear(tableName(resource))
  for (const { name, primaryKey } of ownTables) if (primaryKey.includes('tenant_id')) await clear(name)
  return true
}
