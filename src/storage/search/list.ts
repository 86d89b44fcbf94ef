import type { Criterion, ListQuery, Page } from '../../core/ports.ts'
import type { Entity, ResourceName } from '../../resources/registry.ts'
import { tableOf } from '../columns.ts'
import { readCount } from '../counts.ts'
import type { Connection, Row } from '../database.ts'
import type { Access } from '../reader.ts'
import { RANK } from './criteria.ts'
import type { LeafCriterion } from './leaf-criteria.ts'
import { overflowMatches } from './overflow.ts'
import { countStatement, pageStatement } from './page.ts'
import { plainPage } from './plain.ts'
import { buildSearch, type Search } from './search.ts'
import { resolveSource, type Source } from './source.ts'
import type { Statement } from './sql.ts'

/** Sizes are counted up to here by whoever asks, beyond where long reads go. */
const COUNTED_AT_ONCE = 10_000
/** A collection this small is looked through member by member. */
const SMALL = 1000
/** Index entries a flat page may skip or sort. */
const MOST_SKIPPED = 50_000
const MOST_SORTED = 2000
/** Branches of a merge that are each read at once. */
const MOST_MERGED = 10

/** One page of a collection and the size of the whole. What is not flat goes to the slow connection. */
export async function list<N extends ResourceName>(access: Access, query: ListQuery<N>): Promise<Page<N>> {
  const table = tableOf(query.resource)
  const source = await resolveSource(access, query)
  if (source.ways.length === 0) return { items: [], size: 0 }
  const { rows, size } = isFiltered(query) ? await search(access, query, source) : await browse(access, query, source)
  return { items: rows.map((row) => table.toEntity(row) as Entity<N>), size }
}

interface Found {
  rows: Row[]
  size: number
}

const isFiltered = ({ q, criteria = [] }: ListQuery): boolean => q !== undefined || criteria.length > 0

/** A whole collection, in some order. */
async function browse(access: Access, query: ListQuery, source: Source): Promise<Found> {
  const size = await sizeOf(access, query, source)
  const plain = plainPage(query)
  const merged = source.ways.length > 1 || source.ways[0]?.kind === 'chosen'
  const read = query.offset + query.limit
  const flat = plain
    ? read <= MOST_SKIPPED
    : merged && !query.orderBy?.length && read * source.ways.length <= MOST_SKIPPED
  const connection = flat || size <= SMALL ? access.fast : access.slow
  const statement = (guarded: boolean) =>
    plain && !guarded ? plain : pageStatement(searchOf(access, query, source, { guarded }), query)
  return { rows: await all(access, connection, statement), size }
}

/** The size of a whole collection: kept, or counted. */
async function sizeOf(access: Access, query: ListQuery, source: Source): Promise<number> {
  if (source.counted) {
    await access.beforeCount?.()
    let sum = 0
    for (const counted of source.counted) {
      const { size, rows } = await readCount(access.fast, counted)
      access.summed?.(counted, rows)
      sum += size
    }
    return sum
  }
  const whole = searchOf(access, { ...query, orderBy: [] }, source, {})
  if (source.ways.length <= MOST_MERGED) {
    const some = await count(access.fast, countStatement(whole, COUNTED_AT_ONCE + 1))
    if (some <= COUNTED_AT_ONCE) return some
  }
  return countAll(access, access.slow, (guarded) => searchOf(access, { ...query, orderBy: [] }, source, { guarded }))
}

/** What satisfies all criteria. */
async function search(access: Access, query: ListQuery, source: Source): Promise<Found> {
  const overflow = new Map<LeafCriterion, readonly string[]>()
  for (const criterion of query.criteria ?? []) {
    if (isLeafCriterion(criterion)) overflow.set(criterion, await overflowMatches(access, query, criterion))
  }
  const build = (guarded: boolean, small = false) => searchOf(access, query, source, { guarded, small, overflow })

  const { rank } = build(false)
  const lone = (query.criteria?.length ?? 0) + (query.q === undefined ? 0 : 1) === 1
  const direct = source.ways.length === 1 && source.ways[0]?.kind === 'direct'
  if (rank === RANK.unique) return onFast(access, query, build(false))
  if (lone && direct && rank !== undefined && rank !== RANK.text && rank < RANK.scan) {
    const size = await count(access.fast, countStatement(build(false), COUNTED_AT_ONCE + 1))
    const inOrder = rank <= RANK.leaf || rank === RANK.word
    const flat = size <= (inOrder && !query.orderBy?.length ? COUNTED_AT_ONCE : MOST_SORTED)
    if (flat) return { rows: await all(access, access.fast, () => pageStatement(build(false), query)), size }
  } else if (await isSmall(access, query, source)) {
    return onFast(access, query, build(false, true))
  }
  const size = await countAll(access, access.slow, build)
  const rows = size === 0 ? [] : await all(access, access.slow, (guarded) => pageStatement(build(guarded), query))
  return { rows, size }
}

async function onFast(access: Access, query: ListQuery, found: Search): Promise<Found> {
  const size = await count(access.fast, countStatement(found))
  return { rows: size === 0 ? [] : await all(access, access.fast, () => pageStatement(found, query)), size }
}

async function isSmall(access: Access, query: ListQuery, source: Source): Promise<boolean> {
  if (source.ways.length > MOST_MERGED) return false
  const { q: _, criteria: __, orderBy: ___, ...whole } = query
  const members = countStatement(searchOf(access, whole, source, {}), SMALL + 1)
  return (await count(access.fast, members)) <= SMALL
}

function isLeafCriterion(criterion: Criterion): criterion is LeafCriterion {
  return 'customData' in criterion.on
}

interface Choices {
  guarded?: boolean
  small?: boolean
  overflow?: ReadonlyMap<LeafCriterion, readonly string[]>
}

function searchOf(access: Access, query: ListQuery, source: Source, choices: Choices): Search {
  const { guarded = false, small = false, overflow = new Map() } = choices
  return buildSearch({ dialect: access.dialect, query, source, guarded, small, overflow })
}

type Guarded<T> = (guarded: boolean) => T

function all(access: Access, connection: Connection, statement: Guarded<Statement>): Promise<Row[]> {
  const { sql, parameters } = statement(needsGuard(access, connection))
  return connection.all(sql, parameters)
}

function countAll(access: Access, connection: Connection, build: Guarded<Search>): Promise<number> {
  return count(connection, countStatement(build(needsGuard(access, connection))))
}

const needsGuard = (access: Access, connection: Connection): boolean =>
  access.bounded && access.dialect === 'sqlite' && connection === access.slow

async function count(connection: Connection, { sql, parameters }: Statement): Promise<number> {
  return Number((await connection.get(sql, parameters))?.size)
}
