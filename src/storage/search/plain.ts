import type { ListQuery } from '../../core/ports.ts'
import type { ResourceName } from '../../resources/registry.ts'
import { linkColumn, tableOf } from '../columns.ts'
import type { Value } from '../database.ts'
import { scopesOf } from '../relations.ts'
import { columnOf } from './operand.ts'
import { directionWithNulls } from './order.ts'
import type { Statement } from './sql.ts'

/**
 * The page of an unfiltered collection in the default order or by one attribute: an index holds just this order, so the
 * statement is a text that is made once. Undefined for any other query.
 */
export function plainPage(query: ListQuery): Statement | undefined {
  const { resource, tenant, scope, q, criteria = [], orderBy = [], offset, limit } = query
  if (q !== undefined || criteria.length > 0 || orderBy.length > 1) return undefined
  const order = orderBy[0]
  if (order && !('attribute' in order.on)) return undefined
  const member = order && 'attribute' in order.on ? order.on.attribute : 'id'
  const descending = order?.descending ?? false
  if ('through' in scope) {
    if (order) return undefined
    const { through, from, to, id } = scope
    const sql = text(`${resource} ${through} ${from} ${to}`, () => joined(resource, through, from, to))
    return { sql, parameters: [tenant, id, limit, offset, tenant] }
  }
  if (!('by' in scope) || 'of' in scope) return undefined
  if (order && !scopesOf(resource).includes(scope.by)) return undefined
  const near = offset <= MOST_SKIPPED_ROWS
  const sql = text(`${resource} ${scope.by} ${member} ${descending} ${near}`, () =>
    direct(resource, scope.by, member, descending, near),
  )
  const owner: Value[] = scope.by === 'tenant' ? [] : [scope.id]
  return { sql, parameters: [tenant, ...owner, limit, offset, ...(near ? [] : [tenant])] }
}

/** Up to here it costs less to skip rows than to find the ids of the page first. */
const MOST_SKIPPED_ROWS = 1000

const texts = new Map<string, string>()

function text(key: string, make: () => string): string {
  const known = texts.get(key)
  if (known) return known
  const made = make()
  texts.set(key, made)
  return made
}

function direct(resource: ResourceName, by: string, member: string, descending: boolean, near: boolean): string {
  const { name, reads } = tableOf(resource)
  const within = by === 'tenant' ? '' : ` and ${linkColumn(by)} = ?`
  const { column, nullable } = columnOf(resource, member)
  const direction = directionWithNulls(descending, nullable)
  const last = directionWithNulls(descending, false)
  const sorted = member !== 'id'
  const page = `from ${name} where tenant_id = ?${within}
    order by ${sorted ? `${column} ${direction}, ` : ''}id ${last} limit ? offset ?`
  if (near) return `select ${reads.join(', ')} ${page}`
  const ids = `select id${sorted ? `, ${column} as place` : ''} ${page}`
  return rowsOf(resource, ids, `${sorted ? `page.place ${direction}, ` : ''}page.id ${last}`)
}

function joined(resource: ResourceName, through: ResourceName, from: string, to: string): string {
  const far = linkColumn(to)
  const ids = `select ${far} as id from ${tableOf(through).name} where tenant_id = ? and ${linkColumn(from)} = ?
    order by ${far} limit ? offset ?`
  return rowsOf(resource, ids, 'page.id')
}

/** The rows of a page of ids: found in an index alone, so that skipped rows are never read. */
function rowsOf(resource: ResourceName, ids: string, order: string): string {
  const { name, reads } = tableOf(resource)
  return `select ${reads.map((column) => `r.${column}`).join(', ')} from (${ids}) as page
    cross join ${name} as r where r.tenant_id = ? and r.id = page.id order by ${order}`
}
