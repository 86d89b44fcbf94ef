import type { Criterion, ListQuery } from '../core/ports.ts'
import type { ToMany } from '../schema/link.ts'

/** One page of a collection (contract/rest.md 1.8). */
export interface CollectionPage {
  /** Without a query: clients append their own. */
  href: string
  offset: number
  limit: number
  /** Number of all matches, not of the items here. */
  size: number
  /** JSON texts of the members. */
  items: readonly string[]
}

/** The JSON text of a collection. */
export function toCollection({ href, offset, limit, size, items }: CollectionPage): string {
  return `{"href":"${href}","offset":${offset},"limit":${limit},"size":${size},"items":[${items.join(',')}]}`
}

/** The order asked for, or else the declared one. */
export function orderOf({ order }: Pick<ToMany, 'order'>, asked: ListQuery['orderBy'] = []): ListQuery['orderBy'] & {} {
  return asked.length > 0 || !order ? asked : [{ on: { attribute: order }, descending: false }]
}

/** What a collection link asks of its members besides. */
export function criteriaOf({ source }: Pick<ToMany, 'source'>): Criterion[] {
  const where = 'by' in source ? (source.where ?? {}) : {}
  return Object.entries(where).map(([attribute, value]) => ({ on: { attribute }, match: 'is', value }))
}
