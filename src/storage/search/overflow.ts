import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ListQuery } from '../../core/ports.ts'
import { Problem } from '../../schema/problems.ts'
import { fold } from '../../std/fold.ts'
import { parseJson } from '../../std/json.ts'
import { leaves } from '../../std/json-leaves.ts'
import { type IndexedLeaf, STORED_DEPTH, toIndexed } from '../leaves.ts'
import { customDataTable } from '../names.ts'
import type { Access } from '../reader.ts'
import { type LeafCriterion, toNumber } from './leaf-criteria.ts'

const OWNERS_AT_ONCE = 20
const LONGEST_MS = 2000

/**
 * Owners whose custom data satisfies a criterion, among those with scalars that are not in the index: too many, or too
 * long. Few have such; their texts are read in small portions, between which others get their turn.
 * @throws Problem queryTimeout
 */
export async function overflowMatches(
  access: Access,
  { resource, tenant }: ListQuery,
  criterion: LeafCriterion,
): Promise<string[]> {
  const table = customDataTable(resource)
  const start = performance.now()
  const found: string[] = []
  let last = ''
  for (;;) {
    const rows = await access.fast.all(
      `select id, json from ${table} where tenant_id = ? and overflow = 1 and id > ? order by id limit ?`,
      [tenant, last, OWNERS_AT_ONCE],
    )
    for (const { id, json } of rows) {
      if (satisfies(json as string, criterion)) found.push(id as string)
      if (access.bounded) await nextTurn()
      if (access.bounded && performance.now() - start > LONGEST_MS) {
        throw new Problem('queryTimeout', { seconds: LONGEST_MS / 1000 })
      }
    }
    if (rows.length < OWNERS_AT_ONCE) return found
    last = rows.at(-1)?.id as string
  }
}

function satisfies(json: string, criterion: LeafCriterion): boolean {
  const path = criterion.on.customData.join('.')
  const all = leaves(parseJson(json, { maxDepth: STORED_DEPTH }), { maxLeaves: Infinity, maxBytes: Infinity })
  return all.leaves.some((leaf) => leaf.path === path && matches(toIndexed(leaf), criterion))
}

/** The same answer for one leaf that `leafCondition` gives in SQL. */
export function matches({ key, kind, number }: IndexedLeaf, criterion: LeafCriterion): boolean {
  switch (criterion.match) {
    case 'equals':
      return key === fold(criterion.text) || (number !== null && number === toNumber(criterion.text))
    case 'is':
      return typeof criterion.value === 'number' ? number === criterion.value : key === fold(String(criterion.value))
    case 'prefix':
      return key.startsWith(fold(criterion.text))
    case 'suffix':
      return key.endsWith(fold(criterion.text))
    case 'contains':
      return key.includes(fold(criterion.text))
    case 'range': {
      const { from, to } = criterion
      const numeric = typeof (from ?? to)?.value === 'number'
      if (numeric ? number === null : kind !== 'date') return false
      const value = numeric ? (number as number) : key
      const bound = (text: string | number) => (numeric ? Number(text) : fold(String(text)))
      const after = !from || (from.inclusive ? value >= bound(from.value) : value > bound(from.value))
      const before = !to || (to.inclusive ? value <= bound(to.value) : value < bound(to.value))
      return after && before
    }
  }
}
