import type { ResourceName } from '../resources/registry.ts'
import type { Value } from './database.ts'
import { memo } from './memo.ts'
import { tableName } from './names.ts'
import { relations } from './relations.ts'

/** A condition on one table, and what its marks stand for. */
export interface Doomed {
  resource: ResourceName
  sql: string
  marks: readonly ('tenant' | 'id')[]
}

/** What goes when one resource goes, itself first; each table with the condition that finds the rows to go in it. */
export const cascadeOf: (root: ResourceName) => Doomed[] = memo(derive)

export const parametersOf = ({ marks }: Doomed, tenant: string, id: string): Value[] =>
  marks.map((mark) => (mark === 'tenant' ? tenant : id))

/** `select id` of the rows to go. */
export const idsOf = ({ resource, sql }: Doomed): string => `select id from ${tableName(resource)} where ${sql}`

function derive(root: ResourceName): Doomed[] {
  const doomed = new Map<ResourceName, Doomed>([
    [root, { resource: root, sql: 'tenant_id = ? and id = ?', marks: ['tenant', 'id'] }],
  ])
  // A table is reached when all its ways up that lead to the root are known; the pointers have no cycles.
  const visit = (resource: ResourceName): Doomed | undefined => {
    const known = doomed.get(resource)
    if (known) return known
    const ways = relations
      .filter(({ from, onDelete, to }) => from === resource && onDelete === 'delete' && to !== resource)
      .flatMap(({ column, to }) => {
        const target = visit(to)
        if (!target) return []
        if (to === root) return [{ sql: `${column} = ?`, marks: ['id' as const] }]
        return [{ sql: `${column} in (${idsOf(target)})`, marks: target.marks }]
      })
    if (ways.length === 0) return undefined
    // One way each: SQLite would answer an `or` by reading all of the tenant.
    const [only] = ways
    const each = ways.map(({ sql }) => `select id from ${tableName(resource)} where tenant_id = ? and ${sql}`)
    const found: Doomed =
      ways.length === 1 && only
        ? { resource, sql: `tenant_id = ? and ${only.sql}`, marks: ['tenant', ...only.marks] }
        : {
            resource,
            sql: `tenant_id = ? and id in (${each.join(' union all ')})`,
            marks: ['tenant', ...ways.flatMap(({ marks }) => ['tenant' as const, ...marks])],
          }
    doomed.set(resource, found)
    return found
  }
  for (const { from } of relations) visit(from)
  return [...doomed.values()]
}
