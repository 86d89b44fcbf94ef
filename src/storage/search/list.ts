import type { Criterion, ListQuery, Page } from '../../core/ports.ts'
import type { Entity, ResourceName } from '../../resources/registry.ts'
import { tableOf } from '../columns.ts'
import type { Row } from '../database.ts'
import type { Access } from '../reader.ts'
import { type Ask, askPage, askSize, searchFor } from './ask.ts'
import { RANK } from './criteria.ts'
import type { LeafCriterion } from './leaf-criteria.ts'
import { overflowMatches } from './overflow.ts'
import { plainPage } from './plain.ts'
import { COUNTED_AT_ONCE, isSmall, SMALL, sizeOf } from './size.ts'
import { resolveSource } from './source.ts'
import { chooseWalks } from './walk.ts'

/** Index entries a flat page may skip. */
const MOST_SKIPPED = 50_000
/** Matches a flat page may sort. */
const MOST_SORTED = 2000

/** One page of a collection and the size of the whole. What is not flat goes to the slow connection. */
export async function list<N extends ResourceName>(access: Access, query: ListQuery<N>): Promise<Page<N>> {
  const source = await resolveSource(access, query)
  if (source.ways.length === 0) return { items: [], size: 0 }
  const ask: Ask = { access, query, source }
  const { rows, size } = isFiltered(query) ? await search(ask) : await browse(ask)
  const table = tableOf(query.resource)
  return { items: rows.map((row) => table.toEntity(row) as Entity<N>), size }
}

interface Found {
  rows: Row[]
  size: number
}

const isFiltered = ({ q, criteria = [] }: ListQuery): boolean => q !== undefined || criteria.length > 0

/** A whole collection, in some order. */
async function browse(ask: Ask): Promise<Found> {
  const { access, query, source } = ask
  const size = await sizeOf(ask)
  const read = query.offset + query.limit
  const plain = plainPage(query)
  if (plain && (read <= MOST_SKIPPED || size <= SMALL)) {
    return { rows: await access.fast.all(plain.sql, plain.parameters), size }
  }
  const inOrder = !query.orderBy?.length
  const flat = size <= SMALL || (!plain && inOrder && read * source.ways.length <= MOST_SKIPPED)
  const walked = inOrder ? ask : { ...ask, source: await chooseWalks(ask) }
  return { rows: await askPage(walked, flat ? access.fast : access.slow), size }
}

/** What satisfies all criteria. */
async function search(asked: Ask): Promise<Found> {
  const { access, query, source } = asked
  const ask = { ...asked, overflow: await overflowOf(access, query) }
  const { rank } = searchFor(ask, access.fast)
  if (rank === RANK.unique) return onFast(ask)

  const lone = (query.criteria?.length ?? 0) + (query.q === undefined ? 0 : 1) === 1
  const direct = source.ways.length === 1 && source.ways[0]?.kind === 'direct'
  const indexed = rank !== undefined && rank !== RANK.text && rank < RANK.scan
  if (lone && direct && indexed) {
    const size = await askSize(ask, access.fast, COUNTED_AT_ONCE + 1)
    const inOrder = !query.orderBy?.length && (rank <= RANK.leaf || rank === RANK.word)
    if (size <= (inOrder ? COUNTED_AT_ONCE : MOST_SORTED)) return { rows: await askPage(ask, access.fast), size }
  } else if (await isSmall(ask)) {
    return onFast({ ...ask, small: true })
  }
  const size = await askSize(ask, access.slow)
  return { rows: size === 0 ? [] : await askPage(ask, access.slow), size }
}

async function onFast(ask: Ask): Promise<Found> {
  const size = await askSize(ask, ask.access.fast)
  return { rows: size === 0 ? [] : await askPage(ask, ask.access.fast), size }
}

async function overflowOf(access: Access, query: ListQuery): Promise<Map<LeafCriterion, readonly string[]>> {
  const overflow = new Map<LeafCriterion, readonly string[]>()
  for (const criterion of query.criteria ?? []) {
    if (isLeafCriterion(criterion)) overflow.set(criterion, await overflowMatches(access, query, criterion))
  }
  return overflow
}

function isLeafCriterion(criterion: Criterion): criterion is LeafCriterion {
  return 'customData' in criterion.on
}
