import { registry } from '../../resources/registry.ts'
import type { Resource } from '../../schema/resource.ts'
import { linkColumn, storedResources } from '../columns.ts'
import { COUNTED } from '../counts.ts'
import type { Database } from '../database.ts'
import { customDataTable, tableName } from '../names.ts'
import { customDataOwners, relations } from '../relations.ts'
import { expectedTables } from '../schema.ts'
import { error, type Finding, ok } from './finding.ts'

const RESTORE = 'compare with a backup: rows were changed by something else than latchkey'

/** Rows that point at nothing: by each key of the schema, enforced or not. */
export async function examineOrphans({ dialect, slowReader }: Database): Promise<Finding[]> {
  const found: Finding[] = []
  let keys = 0
  for (const { name, foreignKeys } of expectedTables(dialect)) {
    for (const { columns, references } of foreignKeys) {
      const column = columns[1] as string
      keys++
      const row = await slowReader.get(
        `select count(*) as found from ${name} c where c.${column} is not null
          and not exists (select 1 from ${references} p where p.tenant_id = c.tenant_id and p.id = c.${column})`,
        [],
      )
      const count = Number(row?.found)
      if (count > 0)
        found.push(error('orphans', `${count} row(s) of ${name} belong to no row of ${references}`, RESTORE))
    }
  }
  return found.length > 0 ? found : [ok('orphans', `no row points at nothing, by ${keys} keys`)]
}

/** Rows without a part that each of their kind has. */
export async function examineParts({ slowReader }: Database): Promise<Finding[]> {
  const parts = relations
    .filter(({ link, from }) => link === undefined && (registry[from] as Resource).stored !== 'sometimes')
    .map(({ from, to }) => [tableName(from), tableName(to)])
  const data = customDataOwners.map((owner) => [customDataTable(owner), tableName(owner)])
  const found: Finding[] = []
  for (const [part, owner] of [...parts, ...data]) {
    const row = await slowReader.get(
      `select count(*) as found from ${owner} o
        where not exists (select 1 from ${part} p where p.tenant_id = o.tenant_id and p.id = o.id)`,
      [],
    )
    const count = Number(row?.found)
    if (count > 0) found.push(error('parts', `${count} row(s) of ${owner} lack their row in ${part}`, RESTORE))
  }
  const { length } = Object.keys(registry)
  return found.length > 0 ? found : [ok('parts', `of ${length} kinds of resource, all have what belongs to them`)]
}

/** Sizes that are kept and not counted must be those of what is there. */
export async function examineSizes({ slowReader }: Database): Promise<Finding[]> {
  const found: Finding[] = []
  for (const resource of storedResources) {
    // Of the log the last position is its size (counts.ts).
    if (resource === 'event') continue
    for (const scope of COUNTED[resource] ?? []) {
      const column = linkColumn(scope)
      const rows = await slowReader.all(
        `select coalesce(k.owner, m.owner) as owner, coalesce(k.size, 0) as kept, coalesce(m.size, 0) as size
          from (select tenant_id || ' ' || owner_id as owner, sum(delta) as size from counts
            where resource = ? and scope = ? group by tenant_id, owner_id) k
          full join (select tenant_id || ' ' || ${column} as owner, count(*) as size from ${tableName(resource)}
            group by tenant_id, ${column}) m on m.owner = k.owner
          where coalesce(k.size, 0) <> coalesce(m.size, 0) limit 20`,
        [resource, scope],
      )
      if (rows.length > 0) {
        const [first] = rows
        found.push(
          error(
            'sizes',
            `${rows.length === 20 ? '20 or more' : rows.length} collection(s) of ${resource} by ${scope} have another size than is kept, such as ${first?.size} and not ${first?.kept}`,
          ),
        )
      }
    }
  }
  return found.length > 0 ? found : [ok('sizes', 'every collection has as many members as it says')]
}
