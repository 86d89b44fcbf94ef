import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseIso, toIso } from './iso.ts'

const instants = fc.date({ noInvalidDate: true }).map((date) => date.getTime())
const commonEra = fc
  .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.getTime())

describe('toIso', () => {
  test('writes what Date writes', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        expect(toIso(ms)).toBe(new Date(ms).toISOString())
      }),
    )
  })

  test('for any number of days', () => {
    const start = Date.UTC(2020, 0)
    for (let day = 0; day < 2_500; day++) {
      const ms = start + day * 86_400_000 + 86_399_999
      expect(toIso(ms)).toBe(new Date(ms).toISOString())
    }
  })

  test('drops fractions downwards, on either side of the epoch', () => {
    expect(toIso(0.9)).toBe('1970-01-01T00:00:00.000Z')
    expect(toIso(-0.1)).toBe('1969-12-31T23:59:59.999Z')
  })

  test.each([Number.NaN, Infinity, 8.64e15 + 86_400_000])('refuses %d', (ms) => {
    expect(() => toIso(ms)).toThrow(RangeError)
  })
})

describe('parseIso', () => {
  test('is the inverse of toIso', () => {
    fc.assert(
      fc.property(commonEra, (ms) => {
        expect(parseIso(toIso(ms))).toBe(ms)
      }),
    )
  })

  test.each([
    ['2015-08-25T19:57:05.976Z', '2015-08-25T19:57:05.976Z'],
    ['2015-08-25T19:57:05Z', '2015-08-25T19:57:05.000Z'],
    ['2015-08-25T19:57Z', '2015-08-25T19:57:00.000Z'],
    ['2015-08-25T19:57:05.9Z', '2015-08-25T19:57:05.900Z'],
    ['2015-08-25T19:57:05.976999999Z', '2015-08-25T19:57:05.976Z'],
    ['2015-08-25T19:57:05,5+02:00', '2015-08-25T17:57:05.500Z'],
    ['2015-08-25T19:57:05-0730', '2015-08-26T03:27:05.000Z'],
    ['2015-08-25T19:57:05+02', '2015-08-25T17:57:05.000Z'],
    ['2016-02-29T00:00:00Z', '2016-02-29T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(parseIso(text)).toBe(Date.parse(expected))
  })

  test.each([
    '',
    '2015',
    '2015-08-25',
    '2015-08-25T19:57:05.976',
    '2015-08-25 19:57:05Z',
    '2015-02-29T00:00:00Z',
    '2015-02-30T00:00:00Z',
    '2015-13-01T00:00:00Z',
    '2015-00-01T00:00:00Z',
    '2015-01-01T24:00:00Z',
    '2015-01-01T00:60:00Z',
    '2015-01-01T00:00:60Z',
    '2015-01-01T00:00:00.Z',
    '2015-01-01T00:00:00+25:00',
    '2015-01-01T00:00:00Z\n',
    'x2015-01-01T00:00:00Z',
    '02015-01-01T00:00:00Z',
  ])('%j is none', (text) => {
    expect(parseIso(text)).toBeUndefined()
  })
})
