import type { ListQuery } from '../../core/ports.ts'
import { linkColumn, tableOf } from '../columns.ts'
import { leafScopes } from '../custom-data-tables.ts'
import type { DialectName } from '../database.ts'
import { leavesTable, tableName, textTable } from '../names.ts'
import { anywhere, attributeCondition, type Condition, RANK } from './criteria.ts'
import { type LeafCriterion, leafCondition, leafRows } from './leaf-criteria.ts'
import { type Place, placesOf } from './order.ts'
import type { Source, Way } from './source.ts'
import { allOf, type Fragment, join, name, sql } from './sql.ts'
import { trigramsOf } from './trigrams.ts'

/** One select of ids; a search is all of them together. */
export interface Branch {
  from: Fragment
  id: Fragment
  conditions: readonly Fragment[]
  /** An id may come more than once. */
  distinct: boolean
}

export interface Search {
  branches: readonly Branch[]
  places: readonly Place[]
  /** The rows come from an index that holds another order: SQLite must not walk the whole scope to spare the sort. */
  sorts: boolean
  /** How well the best condition is served; undefined without any. */
  rank: number | undefined
}

export interface SearchOptions {
  dialect: DialectName
  query: ListQuery
  source: Source
  /** Owners that satisfy a custom-data criterion by what its index leaves out. */
  overflow: ReadonlyMap<LeafCriterion, readonly string[]>
  /** Statements carry the sign by which SQLite stops itself. */
  guarded: boolean
  /** The collection is so small that looking at every member beats any index. */
  small: boolean
}

export function buildSearch(options: SearchOptions): Search {
  const { query, source, guarded } = options
  const sqlite = options.dialect === 'sqlite'
  const guard = guarded ? sql`latchkey_deadline() = 1` : undefined
  const places = placesOf(query)
  const leaves = leafBranches(options, guard)
  if (leaves) return { branches: leaves.branches, places, sorts: sqlite && !leaves.ordered, rank: leaves.rank }

  const conditions = conditionsOf(options, guard)
  const driver = conditions.filter(({ rank }) => rank < RANK.scan).sort((a, b) => a.rank - b.rank)[0]
  const texts = sqlite && !options.small && driver?.rank === RANK.text
  const trigrams = texts && driver.substring !== undefined ? trigramsOf(driver.substring) : undefined
  const leading = trigrams ? driver : driver?.rank === RANK.text ? undefined : driver
  const needsTable = conditions.length > 0 || places.length > 0
  const branches = source.ways.map((way) => {
    const selective = leading !== undefined && leading.rank <= RANK.prefix
    const branch = branchOf(query, way, { needsTable, selective, trigrams })
    const built = conditions.map((condition) => condition.build(condition === leading))
    return { ...branch, conditions: [...(guard ? [guard] : []), ...branch.conditions, ...built], distinct: false }
  })
  return {
    branches,
    places,
    sorts: sqlite && places.length === 0 && (leading?.rank === RANK.prefix || leading?.rank === RANK.range),
    rank: leading?.rank ?? (conditions.length > 0 ? RANK.scan : undefined),
  }
}

function conditionsOf({ dialect, query, overflow }: SearchOptions, guard: Fragment | undefined): Condition[] {
  const { resource, tenant, q, criteria = [] } = query
  const conditions = criteria.map((criterion) =>
    'attribute' in criterion.on
      ? attributeCondition(dialect, resource, criterion as Parameters<typeof attributeCondition>[2])
      : leafRows(
          dialect,
          resource,
          tenant,
          criterion as LeafCriterion,
          overflow.get(criterion as LeafCriterion) ?? [],
          guard ? sql` and ${guard}` : sql``,
        ),
  )
  return q === undefined ? conditions : [anywhere(resource, q), ...conditions]
}

interface BranchOptions {
  needsTable: boolean
  /** A condition on the listed table finds few rows: they lead, not the joining table. */
  selective: boolean
  /** What the full-text table is asked for; it leads then. */
  trigrams: string | undefined
}

function branchOf({ resource, tenant }: ListQuery, way: Way, options: BranchOptions): Omit<Branch, 'distinct'> {
  const table = tableOf(resource).name
  const { trigrams, needsTable, selective } = options
  const text = textTable(resource)
  // `cross join` keeps SQLite to the order of the tables; PostgreSQL chooses by its statistics.
  const led = trigrams ? sql`${name(text)} as f cross join ${name(table)} as t` : sql`${name(table)} as t`
  const found = trigrams ? [sql`${name(`f.${text}`)} match ${trigrams}`, sql`t.rowid = f.rowid`] : []
  const own = sql`t.tenant_id = ${tenant}`
  if (way.kind === 'chosen') return { from: led, id: sql`t.id`, conditions: [...found, own, way.condition] }
  if (way.kind === 'direct') {
    const within = way.column ? [sql`${name(`t.${way.column}`)} = ${way.owner}`] : []
    return { from: led, id: sql`t.id`, conditions: [...found, own, ...within] }
  }
  const through = name(tableName(way.through))
  const far = name(`m.${linkColumn(way.to)}`)
  const near = [sql`m.tenant_id = ${tenant}`, sql`${name(`m.${linkColumn(way.from)}`)} = ${way.owner}`]
  if (!needsTable) return { from: sql`${through} as m`, id: far, conditions: near }
  const joined = [own, sql`t.id = ${far}`]
  return trigrams || selective || way.walks
    ? { from: sql`${led} cross join ${through} as m`, id: sql`t.id`, conditions: [...found, ...near, ...joined] }
    : { from: sql`${through} as m cross join ${name(table)} as t`, id: far, conditions: [...near, ...joined] }
}

/** A lone criterion on custom data in the default order is read from the leaves alone, within the tenant or a directory. */
function leafBranches(
  { query, source, overflow }: SearchOptions,
  guard: Fragment | undefined,
): { branches: Branch[]; ordered: boolean; rank: number } | undefined {
  const { resource, tenant, q, criteria = [], orderBy = [] } = query
  const criterion = criteria[0]
  if (q !== undefined || orderBy.length > 0 || criteria.length !== 1 || !criterion) return undefined
  if (!('customData' in criterion.on)) return undefined
  const columns = leafScopes(resource).map(linkColumn)
  if (!source.ways.every((way) => way.kind === 'direct' && (!way.column || columns.includes(way.column))))
    return undefined

  const { ways, ordered } = leafCondition(criterion as LeafCriterion)
  const extra = overflow.get(criterion as LeafCriterion) ?? []
  const branches = source.ways.flatMap((way) => {
    const scope = way.kind === 'direct' && way.column ? { column: way.column, owner: way.owner } : undefined
    const within = (alias: string) => [
      ...(guard ? [guard] : []),
      sql`${name(alias)}.tenant_id = ${tenant}`,
      ...(scope ? [sql`${name(`${alias}.${scope.column}`)} = ${scope.owner}`] : []),
    ]
    const indexed = ways.map(
      (condition): Branch => ({
        from: sql`${name(leavesTable(resource))} as l`,
        id: sql`l.id`,
        conditions: [...within('l'), condition],
        distinct: true,
      }),
    )
    if (extra.length === 0) return indexed
    const read: Branch = {
      from: sql`${name(tableName(resource))} as t`,
      id: sql`t.id`,
      conditions: [...within('t'), sql`t.id in (${join([...extra])})`],
      distinct: false,
    }
    return [...indexed, read]
  })
  return { branches, ordered, rank: ordered ? RANK.leaf : RANK.range }
}

export const where = ({ conditions }: Branch): Fragment => allOf(conditions)
