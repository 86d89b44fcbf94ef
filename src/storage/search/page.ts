import type { ListQuery } from '../../core/ports.ts'
import { tableOf } from '../columns.ts'
import { direction, directionWithNulls, type Place } from './order.ts'
import { type Branch, type Search, where } from './search.ts'
import { type Fragment, join, name, type Statement, sql } from './sql.ts'

/**
 * The rows of a page. Ids are found first, in indexes alone where that is possible; only the page's own rows are read.
 * Several branches are merged: each gives no more than could be on the page.
 */
export function pageStatement(search: Search, { resource, tenant, offset, limit }: ListQuery): Statement {
  const { branches, places } = search
  const [only] = branches
  const ids =
    branches.length === 1 && only
      ? select(only, search, sql`limit ${limit} offset ${offset}`)
      : sql`select * from (${union(branches, (branch) => select(branch, search, sql`limit ${offset + limit}`))}) as members
          ${orderBy('members', places)} limit ${limit} offset ${offset}`
  const { name: table, reads } = tableOf(resource)
  return sql`select ${name(reads.map((column) => `r.${column}`).join(', '))} from (${ids}) as page
    cross join ${name(table)} as r where r.tenant_id = ${tenant} and r.id = page.id ${orderBy('page', places)}`
}

/** How many there are, counted no further than `most` where that is given. */
export function countStatement({ branches }: Search, most?: number): Statement {
  const bound = most === undefined ? sql`` : sql`limit ${most}`
  const ids = (branch: Branch) =>
    sql`select ${branch.distinct ? sql`distinct ` : sql``}${branch.id} as id from ${branch.from} where ${where(branch)} ${bound}`
  const [only] = branches
  const members = branches.length === 1 && only ? ids(only) : union(branches, ids)
  return sql`select count(*) as size from (${members}) as members`
}

function select(branch: Branch, { places, sorts }: Search, bound: Fragment): Fragment {
  const columns = places.map(({ value }, at) => sql`, ${value} as ${name(placeName(at))}`)
  const distinct = branch.distinct ? sql`distinct ` : sql``
  // An expression, not a column: no index has this order.
  const id = sorts ? sql`+${branch.id}` : branch.id
  return sql`select ${distinct}${branch.id} as id${join(columns, '')} from ${branch.from} where ${where(branch)}
    ${orderBy(undefined, places, id)} ${bound}`
}

function union(branches: readonly Branch[], each: (branch: Branch) => Fragment): Fragment {
  const parts = branches.map((branch, at) => sql`select * from (${each(branch)}) as ${name(`b${at}`)}`)
  return join(parts, ' union ')
}

function orderBy(table: string | undefined, places: readonly Place[], id: Fragment = name(`${table}.id`)): Fragment {
  const by = places.map(({ descending, nullable, value }, at) => {
    const place = table === undefined ? value : name(`${table}.${placeName(at)}`)
    return sql`${place} ${name(directionWithNulls(descending, nullable))}`
  })
  return sql`order by ${join([...by, sql`${id} ${direction(places[0]?.descending ?? false)}`])}`
}

const placeName = (at: number): string => `place${at + 1}`
