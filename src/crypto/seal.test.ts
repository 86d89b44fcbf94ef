import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generateKey, parseKeyRing } from './key-ring.ts'
import { createDataKey, createDataSeal, createSeal, type DataSeal, type Place, SealError } from './seal.ts'

const place: Place = { tenant: 't1', table: 'api_keys', row: 'r1', column: 'secret' }
const ring = () => parseKeyRing(generateKey())

function reasonOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof SealError) return error.reason
    throw error
  }
  return undefined
}

describe.each<[string, () => DataSeal]>([
  ['a ring', () => createSeal(ring())],
  ['a data key', () => createDataSeal(createDataKey())],
])('GOAL-M5 sealed with %s', (_, create) => {
  test('what was sealed opens', () => {
    const seal = create()
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(seal.open(seal.seal(bytes, place), place)).toEqual(Buffer.from(bytes))
      }),
    )
    expect(seal.open(seal.seal('sécret', place), place).toString()).toBe('sécret')
  })

  test('never gives the same text twice', () => {
    const seal = create()
    const texts = Array.from({ length: 1_000 }, () => seal.seal('same', place))
    expect(new Set(texts).size).toBe(1_000)
  })

  test.each<keyof Place>(['tenant', 'table', 'row', 'column'])('moved to another %s it fails', (part) => {
    const seal = create()
    expect(reasonOf(() => seal.open(seal.seal('x', place), { ...place, [part]: 'other' }))).toBe('forged')
  })

  test('parts that run together are other places', () => {
    const seal = create()
    const sealed = seal.seal('x', { tenant: 'ab', table: 'c', row: '', column: 'd' })
    expect(reasonOf(() => seal.open(sealed, { tenant: 'a', table: 'bc', row: '', column: 'd' }))).toBe('forged')
    expect(reasonOf(() => seal.open(sealed, { tenant: 'ab', table: 'c', row: 'd', column: '' }))).toBe('forged')
  })

  test('no changed, dropped or added character opens', () => {
    const seal = create()
    const sealed = seal.seal('a secret of some length', place)
    for (let i = 0; i < sealed.length; i++) {
      for (const replacement of ['', 'A', 'B', '-', '.', '=', `${sealed[i]}A`]) {
        const changed = sealed.slice(0, i) + replacement + sealed.slice(i + 1)
        if (changed !== sealed)
          expect(
            reasonOf(() => seal.open(changed, place)),
            changed,
          ).toBeDefined()
      }
    }
  })

  test('nothing may follow it', () => {
    const seal = create()
    const sealed = seal.seal('x', place)
    for (const more of ['.', '.x', ' ', '\n', '='])
      expect(reasonOf(() => seal.open(sealed + more, place))).toBe('malformed')
  })

  test('no flipped bit opens', () => {
    const seal = create()
    const sealed = seal.seal('xyz', place)
    const start = sealed.lastIndexOf('.') + 1
    const bytes = Buffer.from(sealed.slice(start), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(reasonOf(() => seal.open(sealed.slice(0, start) + flipped.toString('base64url'), place))).toBe('forged')
    }
  })

  test.each(['', 'x', 's1', 's1.', 'd1.', 's1..', 'plain text', `d1.${'A'.repeat(36)}`])('%j does not open', (text) => {
    expect(reasonOf(() => create().open(text, place))).toBeDefined()
  })

  test('another key does not open it', () => {
    expect(reasonOf(() => create().open(create().seal('x', place), place))).toBeDefined()
  })
})

describe('rotation', () => {
  const older = generateKey()
  const newer = generateKey()

  test('the old key opens, the new one seals', () => {
    const before = createSeal(parseKeyRing(older))
    const after = createSeal(parseKeyRing(`${newer},${older}`))
    const sealed = before.seal('x', place)
    expect(before.isCurrent(sealed)).toBe(true)
    expect(after.isCurrent(sealed)).toBe(false)
    expect(after.open(sealed, place).toString()).toBe('x')
    const again = after.seal('x', place)
    expect(after.isCurrent(again)).toBe(true)
    expect(createSeal(parseKeyRing(newer)).open(again, place).toString()).toBe('x')
    expect(reasonOf(() => before.open(again, place))).toBe('unknown-key')
    expect(reasonOf(() => createSeal(parseKeyRing(newer)).open(sealed, place))).toBe('unknown-key')
  })

  test('a text under the name of another key is forged', () => {
    const after = createSeal(parseKeyRing(`${newer},${older}`))
    const [, newerId] = after.seal('x', place).split('.')
    const [, , box] = createSeal(parseKeyRing(older)).seal('x', place).split('.')
    expect(reasonOf(() => after.open(`s1.${newerId}.${box}`, place))).toBe('forged')
  })
})

test('the form stays readable for ever', () => {
  // Key bytes 0 to 31, nonce of twelve sevens; made with another implementation of AES-GCM.
  const seal = createSeal(parseKeyRing('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'))
  expect(seal.open('s1.17a55480.BwcHBwcHBwcHBwcHaRjJJgphauy2L8Jy_DRIJ3hZqCteyA', place).toString()).toBe('frozen')
})

test('a data key has 32 bytes', () => {
  expect(createDataKey()).toHaveLength(32)
  expect(() => createDataSeal(new Uint8Array(16))).toThrow(RangeError)
})
