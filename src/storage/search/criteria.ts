import type { Bound, Criterion } from '../../core/ports.ts'
import { type ResourceName, registry } from '../../resources/registry.ts'
import type { Resource } from '../../schema/resource.ts'
import { fold } from '../../std/fold.ts'
import type { DialectName, Value } from '../database.ts'
import { afterPrefix, cutKey, KEY_LENGTH } from '../keys.ts'
import { searchedTexts } from '../schema.ts'
import { type ComparedColumn, columnOf } from './operand.ts'
import { allOf, anyOf, type Fragment, literal, name, sql } from './sql.ts'

/** How well an index serves a condition, best first; the best one of a query drives it. */
export const RANK = { unique: 1, equal: 2, leaf: 3, text: 4, prefix: 5, range: 6, word: 7, scan: 9 } as const
export type Rank = (typeof RANK)[keyof typeof RANK]

/** A condition on rows `t` of the listed table. */
export interface Condition {
  rank: Rank
  /** The member whose index serves it. */
  member?: string
  /** The text whose trigrams serve it. */
  substring?: string
  /** `driving`: an index may be used. Otherwise SQLite, which keeps no statistics, is kept from choosing a bad one. */
  build(driving: boolean): Fragment
}

type TextCriterion = Extract<Criterion, { text: string }>
type AttributeCriterion = Criterion & { on: { attribute: string } }

/** The condition of one criterion on an attribute. */
export function attributeCondition(
  dialect: DialectName,
  resource: ResourceName,
  criterion: AttributeCriterion,
): Condition {
  const operand = columnOf(resource, criterion.on.attribute)
  const { member, column, indexed } = operand
  const at = (driving: boolean, other = column) => name(`${driving || dialect === 'postgres' ? '' : '+'}t.${other}`)
  const ranked = (rank: Rank) => (indexed ? rank : RANK.scan)
  switch (criterion.match) {
    case 'is': {
      const value = toValue(criterion.value)
      const rank = isWord(resource, member) ? RANK.word : member === 'id' ? RANK.unique : RANK.equal
      return { rank: ranked(rank), member, build: (driving) => sql`${at(driving)} = ${value}` }
    }
    case 'range':
      return {
        rank: ranked(RANK.range),
        member,
        build: (driving) => within(at(driving), criterion.from, criterion.to, (bound) => bound),
      }
    case 'equals': {
      const rank = member === 'id' || isUnique(resource, member) ? RANK.unique : RANK.equal
      return { rank: ranked(rank), member, build: (driving) => equals(operand, criterion.text, (c) => at(driving, c)) }
    }
    case 'prefix':
      return {
        rank: ranked(RANK.prefix),
        member,
        build: (driving) => beginsWith(operand, criterion.text, (other) => at(driving, other)),
      }
    default:
      return substring(operand, criterion, (other) => at(false, other))
  }
}

/** `q`: the text is somewhere in one of the searchable texts. */
export function anywhere(resource: ResourceName, text: string): Condition {
  const folded = fold(text)
  const at = (column: string) => name(`t.${column}`)
  const conditions = searchedTexts(resource).map((member) =>
    like(columnOf(resource, member), `%${literal(folded)}%`, at),
  )
  return { rank: RANK.text, substring: folded, build: () => anyOf(conditions) }
}

function substring(
  operand: ComparedColumn,
  { match, text }: TextCriterion,
  at: (column: string) => Fragment,
): Condition {
  const folded = operand.folded ? fold(text) : text
  const pattern = `${'%'}${literal(folded)}${match === 'contains' ? '%' : ''}`
  const build = () => like(operand, pattern, at)
  return match === 'contains' && operand.folded
    ? { rank: RANK.text, substring: folded, build }
    : { rank: RANK.scan, build }
}

function equals({ column, folded, whole }: ComparedColumn, text: string, at: (column: string) => Fragment): Fragment {
  if (!folded) return sql`${at(column)} = ${text}`
  const key = fold(text)
  const cut = cutKey(key)
  const same = sql`${at(column)} = ${cut}`
  if (!whole) return same
  const rest = at(whole)
  return sql`${same} and ${cut === key ? sql`${rest} is null` : sql`${rest} = ${key}`}`
}

function beginsWith(operand: ComparedColumn, text: string, at: (column: string) => Fragment): Fragment {
  const { column, folded, whole } = operand
  const prefix = folded ? fold(text) : text
  const range = keyRange(at(column), cutKey(prefix))
  return whole && prefix.length > KEY_LENGTH
    ? sql`${range} and ${at(whole)} like ${`${literal(prefix)}%`} escape '\\'`
    : range
}

/** Keys that begin with `prefix`, as the range that an index understands. */
export function keyRange(key: Fragment, prefix: string): Fragment {
  const end = afterPrefix(prefix)
  return end === undefined ? sql`${key} >= ${prefix}` : sql`${key} >= ${prefix} and ${key} < ${end}`
}

function like({ column, whole }: ComparedColumn, pattern: string, at: (column: string) => Fragment): Fragment {
  const matches = (other: string) => sql`${at(other)} like ${pattern} escape '\\'`
  // The key of a long text is only its beginning: what ends there need not end the text.
  return whole ? sql`(${at(whole)} is null and ${matches(column)} or ${matches(whole)})` : matches(column)
}

/** Between two bounds, each as `read` gives it. */
export function within(
  key: Fragment,
  from: Bound | undefined,
  to: Bound | undefined,
  read: (value: Bound['value']) => Value,
): Fragment {
  const conditions: Fragment[] = []
  if (from) conditions.push(sql`${key} ${name(from.inclusive ? '>=' : '>')} ${read(from.value)}`)
  if (to) conditions.push(sql`${key} ${name(to.inclusive ? '<=' : '<')} ${read(to.value)}`)
  return conditions.length === 0 ? sql`${key} is not null` : allOf(conditions)
}

const toValue = (value: string | number | boolean): Value => (typeof value === 'boolean' ? Number(value) : value)

/** One of a few values, each shared by many rows. */
function isWord(resource: ResourceName, member: string): boolean {
  const attribute = (registry[resource] as Resource).attributes[member]
  return attribute?.kind === 'enum' || attribute?.kind === 'boolean'
}

function isUnique(resource: ResourceName, member: string): boolean {
  return (registry[resource] as Resource).unique.some(({ of }) => of.length === 1 && of[0] === member)
}
