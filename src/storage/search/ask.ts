import type { ListQuery } from '../../core/ports.ts'
import type { Connection, Row } from '../database.ts'
import type { Access } from '../reader.ts'
import type { LeafCriterion } from './leaf-criteria.ts'
import { countStatement, pageStatement } from './page.ts'
import { buildSearch, type Search } from './search.ts'
import type { Source } from './source.ts'
import type { Statement } from './sql.ts'

/** One question about a collection, put to one connection. */
export interface Ask {
  access: Access
  query: ListQuery
  source: Source
  /** Owners that satisfy a custom-data criterion by what its index leaves out. */
  overflow?: ReadonlyMap<LeafCriterion, readonly string[]>
  /** The collection is so small that looking at every member beats any index. */
  small?: boolean
}

/** The search as it is put to `connection`: SQLite must be able to stop what goes to the slow one. */
export function searchFor({ access, query, source, overflow, small = false }: Ask, connection: Connection): Search {
  const guarded = access.bounded && access.dialect === 'sqlite' && connection === access.slow
  return buildSearch({ dialect: access.dialect, query, source, overflow: overflow ?? new Map(), small, guarded })
}

export function askPage(ask: Ask, connection: Connection): Promise<Row[]> {
  const { sql, parameters } = pageStatement(searchFor(ask, connection), ask.query)
  return connection.all(sql, parameters)
}

/** How many there are, counted no further than `most` where that is given. */
export async function askSize(ask: Ask, connection: Connection, most?: number): Promise<number> {
  return askNumber(connection, countStatement(searchFor(ask, connection), most))
}

async function askNumber(connection: Connection, { sql, parameters }: Statement): Promise<number> {
  return Number((await connection.get(sql, parameters))?.size)
}
