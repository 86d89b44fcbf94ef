import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from './json.ts'
import { leaves } from './json-leaves.ts'

const bounds = { maxLeaves: 1_000, maxBytes: 256 }
const parse = (text: string) => parseJson(text, { maxDepth: 100 })

test('every scalar has a path, a kind and a text', () => {
  const value = parse('{"a":{"b":"x","n":1.50},"list":[1,[true],{"c":null}],"huge":1e400}')
  expect(leaves(value, bounds)).toEqual({
    leaves: [
      { path: 'a.b', kind: 'string', text: 'x' },
      { path: 'a.n', kind: 'number', text: '1.50', number: 1.5 },
      { path: 'list', kind: 'number', text: '1', number: 1 },
      { path: 'list', kind: 'boolean', text: 'true' },
      { path: 'list.c', kind: 'null', text: 'null' },
      { path: 'huge', kind: 'number', text: '1e400' },
    ],
    omitted: 0,
  })
})

test('a scalar alone has the empty path, and so has an empty name', () => {
  expect(leaves('x', bounds).leaves).toEqual([{ path: '', kind: 'string', text: 'x' }])
  expect(leaves({ '': { a: 1 } }, bounds).leaves[0]?.path).toBe('.a')
})

test('the first ones are kept, the rest is counted', () => {
  const { leaves: kept, omitted } = leaves([1, 2, 3, { a: 4 }], { maxLeaves: 2, maxBytes: 10 })
  expect(kept.map((leaf) => leaf.text)).toEqual(['1', '2'])
  expect(omitted).toBe(2)
})

test('long ones are skipped and take no place', () => {
  const value = { long: 'x'.repeat(11), wide: '€€€€', fits: '€€€x', short: 'x' }
  const { leaves: kept, omitted } = leaves(value, { maxLeaves: 2, maxBytes: 10 })
  expect(kept.map((leaf) => leaf.path)).toEqual(['fits', 'short'])
  expect(omitted).toBe(2)
})

test('what lies under a long name is counted only', () => {
  const value = { ['k'.repeat(11)]: { a: 1, b: [2, 3] }, a: { ['k'.repeat(9)]: 4, kkk: 5 } }
  expect(leaves(value, { maxLeaves: 9, maxBytes: 10 })).toEqual({
    leaves: [{ path: 'a.kkk', kind: 'number', text: '5', number: 5 }],
    omitted: 4,
  })
})

test('no scalar is lost between kept and omitted', () => {
  const count = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? Object.values(value).reduce<number>((sum, each) => sum + count(each), 0)
      : 1
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(5), fc.nat(6), (value, maxLeaves, maxBytes) => {
      const found = leaves(value, { maxLeaves, maxBytes })
      expect(found.leaves.length + found.omitted).toBe(count(value))
      expect(found.leaves.length).toBeLessThanOrEqual(maxLeaves)
      for (const leaf of found.leaves) {
        expect(Buffer.byteLength(leaf.text)).toBeLessThanOrEqual(maxBytes)
        expect(Buffer.byteLength(leaf.path)).toBeLessThanOrEqual(maxBytes)
      }
    }),
  )
})
