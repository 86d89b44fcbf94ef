import type { Store } from '../core/ports.ts'
import { type ResourceName, registry } from '../resources/registry.ts'
import type { Resource } from '../schema/resource.ts'
import { storedResources } from './columns.ts'
import type { Database, Row } from './database.ts'
import { snake, tableName } from './names.ts'

type Reseal = Parameters<Store['resealAll']>[0]

/** The operator's work is for all tenants. */
export const ALL_TENANTS = 'select tenant_id from tenants order by tenant_id'

/** A table with sealed columns, and how their places name it. */
interface SealedTable {
  table: string
  resource: string
  sealed: readonly string[]
}

/** Sealed columns that no declaration names. */
const OTHERS: readonly SealedTable[] = [
  { table: 'outbox', resource: 'outbox', sealed: ['payload'] },
  { table: 'idempotency_keys', resource: 'idempotencyKey', sealed: ['answer'] },
]

const ROWS_AT_ONCE = 1000

/**
 * Shows every sealed value to `reseal` and keeps what it gives back, a batch of rows in each transaction. A value that
 * changed in the meantime is left as it is now: whoever wrote it sealed it with the present key. Gives the number of
 * values replaced.
 */
export async function resealAll(database: Database, reseal: Reseal): Promise<number> {
  let replaced = 0
  const tenants = await database.reader.all(ALL_TENANTS, [])
  for (const { tenant_id: tenant } of tenants) {
    for (const resource of storedResources) {
      const sealed = sealedAttributes(resource)
      if (sealed.length === 0) continue
      replaced += await resealTable(
        database,
        { table: tableName(resource), resource, sealed },
        tenant as string,
        reseal,
      )
    }
    for (const table of OTHERS) replaced += await resealTable(database, table, tenant as string, reseal)
  }
  return replaced
}

function sealedAttributes(resource: ResourceName): string[] {
  const { attributes }: Resource = registry[resource]
  return Object.keys(attributes).filter((name) => {
    const attribute = attributes[name]
    return attribute?.kind === 'string' && attribute.sealed
  })
}

async function resealTable(
  database: Database,
  { table, resource, sealed: attributes }: SealedTable,
  tenant: string,
  reseal: Reseal,
): Promise<number> {
  const columns = attributes.map(snake)
  let replaced = 0
  let last = ''
  for (;;) {
    const rows = await database.reader.all(
      `select id, ${columns.join(', ')} from ${table} where tenant_id = ? and id > ? order by id limit ?`,
      [tenant, last, ROWS_AT_ONCE],
    )
    if (rows.length === 0) return replaced
    last = rows.at(-1)?.id as string
    const changes = rows.flatMap((row) => changesOf(row, attributes, resource, tenant, reseal))
    if (changes.length === 0) continue
    replaced += await database.write(async (connection) => {
      let changed = 0
      for (const { id, column, before, after } of changes) {
        const sql = `update ${table} set ${column} = ? where tenant_id = ? and id = ? and ${column} = ?`
        changed += await connection.run(sql, [after, tenant, id, before])
      }
      return changed
    })
  }
}

function changesOf(row: Row, attributes: readonly string[], resource: string, tenant: string, reseal: Reseal) {
  return attributes.flatMap((attribute) => {
    const before = row[snake(attribute)] as string | null
    const id = row.id as string
    // Empty is what was given up in the outbox, or is not answered yet.
    if (before === null || before === '') return []
    const after = reseal(before, { tenant, table: resource, row: id, column: attribute })
    return after === before ? [] : [{ id, column: snake(attribute), before, after }]
  })
}
