import type { ListQuery } from '../../core/ports.ts'
import { leavesTable } from '../names.ts'
import { columnOf } from './operand.ts'
import { type Fragment, name, sql } from './sql.ts'

/** One column a page is ordered by, before the id. */
export interface Place {
  value: Fragment
  descending: boolean
  nullable: boolean
}

/**
 * What a page is ordered by: columns of rows `t`, or what their custom data holds at a path (what is none or no number
 * first, by its text; then the numbers). The id comes last and follows the direction of the first column.
 */
export function placesOf({ resource, tenant, orderBy = [] }: ListQuery): Place[] {
  return orderBy.flatMap(({ on, descending }) => {
    if ('attribute' in on) {
      const { column, nullable } = columnOf(resource, on.attribute)
      return [{ value: name(`t.${column}`), descending, nullable }]
    }
    const leaf = (column: string) => sql`(select min(l.${name(column)}) from ${name(leavesTable(resource))} as l
      where l.tenant_id = ${tenant} and l.id = t.id and l.path = ${on.customData.join('.')})`
    return [
      { value: leaf('number'), descending, nullable: true },
      { value: leaf('text_key'), descending, nullable: true },
    ]
  })
}

export const direction = (descending: boolean): Fragment => name(descending ? 'desc' : 'asc')

/**
 * Absent values come first upwards and last downwards, on both databases. Where none can be absent nothing is said of
 * them: PostgreSQL would take it for an order that the index does not have.
 */
export function directionWithNulls(descending: boolean, nullable: boolean): string {
  const nulls = descending ? ' nulls last' : ' nulls first'
  return `${descending ? 'desc' : 'asc'}${nullable ? nulls : ''}`
}
