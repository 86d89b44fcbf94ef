import type { Criterion } from '../../core/ports.ts'
import type { ResourceName } from '../../resources/registry.ts'
import { fold } from '../../std/fold.ts'
import type { DialectName, Value } from '../database.ts'
import { leavesTable } from '../names.ts'
import { type Condition, keyRange, RANK, within } from './criteria.ts'
import { type Fragment, join, listOf, literal, name, sql } from './sql.ts'

export type LeafCriterion = Criterion & { on: { customData: readonly string[] } }

/** A condition on leaves `l`, in the ways an index can serve it; a leaf that satisfies one of them satisfies it. */
export interface LeafCondition {
  ways: readonly Fragment[]
  /** Leaves that satisfy it come out of the index in the order of their owners' ids. */
  ordered: boolean
}

/** What the leaves at the path must be. Text is compared folded; a number is also found by an equal number. */
export function leafCondition(criterion: LeafCriterion): LeafCondition {
  const path = sql`l.path = ${criterion.on.customData.join('.')}`
  const at = (condition: Fragment) => sql`${path} and ${condition}`
  const key = sql`l.text_key`
  switch (criterion.match) {
    case 'equals': {
      const number = toNumber(criterion.text)
      const texts = at(sql`${key} = ${fold(criterion.text)}`)
      return { ways: number === undefined ? [texts] : [texts, at(sql`l.number = ${number}`)], ordered: true }
    }
    case 'is':
      return typeof criterion.value === 'number'
        ? { ways: [at(sql`l.number = ${criterion.value}`)], ordered: true }
        : { ways: [at(sql`${key} = ${fold(String(criterion.value))}`)], ordered: true }
    case 'prefix':
      return { ways: [at(keyRange(key, fold(criterion.text)))], ordered: false }
    case 'suffix':
      return { ways: [at(sql`${key} like ${`%${literal(fold(criterion.text))}`} escape '\\'`)], ordered: false }
    case 'contains':
      return { ways: [at(sql`${key} like ${`%${literal(fold(criterion.text))}%`} escape '\\'`)], ordered: false }
    case 'range': {
      const { from, to } = criterion
      const numeric = typeof (from ?? to)?.value === 'number'
      const range = numeric
        ? sql`l.number is not null and ${within(sql`l.number`, from, to, Number)}`
        : sql`l.kind = 'date' and ${within(key, from, to, (value): Value => fold(String(value)))}`
      return { ways: [at(range)], ordered: false }
    }
  }
}

/** The same for rows `t` of the listed table; `overflow` are owners found by reading what the leaves leave out. */
export function leafRows(
  dialect: DialectName,
  resource: ResourceName,
  tenant: string,
  criterion: LeafCriterion,
  overflow: readonly string[],
  guard: Fragment,
): Condition {
  const { ways } = leafCondition(criterion)
  const owners = join(
    ways.map(
      (way) =>
        sql`select l.id from ${name(leavesTable(resource))} as l where l.tenant_id = ${tenant} and ${way}${guard}`,
    ),
    ' union all ',
  )
  const exact = criterion.match === 'equals' || criterion.match === 'is'
  return {
    rank: exact ? RANK.leaf : RANK.scan,
    build(driving) {
      const indexed = dialect === 'postgres' ? amongOnPostgres(owners, driving) : amongOnSqlite(owners, driving)
      return overflow.length === 0 ? indexed : sql`(${indexed} or t.id in ${listOf(overflow)})`
    },
  }
}

const amongOnSqlite = (owners: Fragment, driving: boolean) => sql`${name(driving ? 't.id' : '+t.id')} in (${owners})`

/**
 * Written so that the owners are found once, whatever the statistics say of a table that has just been filled: by a plain
 * `in` it may look for them anew for every row.
 */
const amongOnPostgres = (owners: Fragment, driving: boolean) =>
  driving ? sql`t.id = any(array(${owners}))` : sql`(t.id in (${owners}) or 1 = 0)`

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The number a text stands for, as near as JavaScript has one. */
export function toNumber(text: string): number | undefined {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
