import type { ListQuery, Page } from '../../core/ports.ts'
import type { Entity, ResourceName } from '../../resources/registry.ts'
import { linkColumn, tableOf } from '../columns.ts'
import type { Access } from '../reader.ts'
import { plainPage } from './plain.ts'

/** One page of a collection and the size of the whole. */
export async function list<N extends ResourceName>(access: Access, query: ListQuery<N>): Promise<Page<N>> {
  const plain = plainPage(query)
  if (!plain) throw new Error('this search is not written yet')
  const rows = await access.fast.all(plain.sql, plain.parameters)
  const table = tableOf(query.resource)
  const { scope } = query
  if (!('by' in scope)) throw new Error('this search is not written yet')
  const within = scope.by === 'tenant' ? '' : ` and ${linkColumn(scope.by)} = ?`
  const n = await access.fast.get(
    `select count(*) as n from ${table.name} where tenant_id = ?${within}`,
    scope.by === 'tenant' ? [query.tenant] : [query.tenant, scope.id],
  )
  return { items: rows.map((row) => table.toEntity(row) as Entity<N>), size: Number(n?.n) }
}
