import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problem } from '../schema/problems.ts'
import { toIso } from '../std/iso.ts'
import { parseDateTextRange, parseDatetimeRange } from './datetime-range.ts'

const at = (value: string, inclusive: boolean) => ({ value: Date.parse(value), inclusive })
const parse = (text: string) => parseDatetimeRange(text, 'createdAt')
const code = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return Problem.is(error) ? error.code : `bug: ${error}`
  }
  return 'no problem'
}

describe('REST-C7 brackets', () => {
  test.each([
    ['[2015-01-01,2015-02-01]', true, true],
    ['(2015-01-01,2015-02-01)', false, false],
    ['[2015-01-01,2015-02-01)', true, false],
    ['(2015-01-01,2015-02-01]', false, true],
    ['[2015-01-01, 2015-02-01]', true, true],
  ])('%s', (text, from, to) => {
    expect(parse(text)).toEqual({ from: at('2015-01-01', from), to: at('2015-02-01', to) })
  })

  test('open ends', () => {
    expect(parse('[2015,]')).toEqual({ from: at('2015-01-01', true) })
    expect(parse('(2015, )')).toEqual({ from: at('2015-01-01', false) })
    expect(parse('[,2015]')).toEqual({ to: at('2015-01-01', true) })
  })

  test('a range of one moment is none that is inverted', () => {
    expect(parse('[2015,2015-01-01T00:00:00.000Z]')).toEqual({
      from: at('2015-01-01', true),
      to: at('2015-01-01', true),
    })
  })

  test('REST-C10 the end before the start', () => {
    expect(code(() => parse('[2016,2015]'))).toBe('rangeInverted')
    expect(code(() => parse('(2015-01-01T00:00:00.001Z,2015)'))).toBe('rangeInverted')
  })
})

describe('REST-C8 precision', () => {
  const units = [
    ['2015', '2015-01-01', '2016-01-01'],
    ['2015-12', '2015-12-01', '2016-01-01'],
    ['2016-02', '2016-02-01', '2016-03-01'],
    ['2015-02-28', '2015-02-28', '2015-03-01'],
    ['2015-02-03T12', '2015-02-03T12:00:00Z', '2015-02-03T13:00:00Z'],
    ['2015-02-03T12Z', '2015-02-03T12:00:00Z', '2015-02-03T13:00:00Z'],
    ['2015-02-03T12:59', '2015-02-03T12:59:00Z', '2015-02-03T13:00:00Z'],
    ['2015-02-03T12:59:58', '2015-02-03T12:59:58Z', '2015-02-03T12:59:59Z'],
    ['2015-02-03T12:59:58Z', '2015-02-03T12:59:58Z', '2015-02-03T12:59:59Z'],
    ['2015-02-03T12:59:58+02:00', '2015-02-03T10:59:58Z', '2015-02-03T10:59:59Z'],
    ['2015-02-03T12:59:58.976Z', '2015-02-03T12:59:58.976Z', '2015-02-03T12:59:58.977Z'],
    ['2015-02-03T12:59:58.976543', '2015-02-03T12:59:58.976Z', '2015-02-03T12:59:58.977Z'],
    ['9999', '9999-01-01', '+010000-01-01T00:00:00Z'],
    ['0000', '0000-01-01', '0001-01-01'],
  ] as const

  test.each(units)('%s alone is everything inside', (text, start, end) => {
    expect(parse(text)).toEqual({ from: at(start, true), to: at(end, false) })
  })

  test.each(units)('%s as a bound is its start', (text, start) => {
    expect(parse(`[${text},]`)).toEqual({ from: at(start, true) })
    expect(parse(`(${text},]`)).toEqual({ from: at(start, false) })
    expect(parse(`[,${text})`)).toEqual({ to: at(start, false) })
  })

  test('any moment, in any bracket, comes back', () => {
    const moment = fc.integer({ min: Date.parse('0000-01-01'), max: Date.parse('9999-12-31T23:59:59.999Z') })
    fc.assert(
      fc.property(moment, moment, fc.boolean(), fc.boolean(), (a, b, fromInclusive, toInclusive) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const text = `${fromInclusive ? '[' : '('}${toIso(from)},${toIso(to)}${toInclusive ? ']' : ')'}`
        expect(parse(text)).toEqual({
          from: { value: from, inclusive: fromInclusive },
          to: { value: to, inclusive: toInclusive },
        })
      }),
    )
  })

  test('every moment lies in each of its units', () => {
    const moment = fc.integer({ min: Date.parse('0001-01-01'), max: Date.parse('9998-12-31') })
    fc.assert(
      fc.property(moment, fc.constantFrom(4, 7, 10, 13, 16, 19, 23), (ms, length) => {
        const { from, to } = parse(toIso(ms).slice(0, length)) ?? {}
        expect(from?.value).toBeLessThanOrEqual(ms)
        expect(to?.value).toBeGreaterThan(ms)
      }),
    )
  })
})

describe('REST-C10 no range at all', () => {
  test.each([
    '',
    '[',
    '[]',
    '[,]',
    '( , )',
    '[2015',
    '2015]',
    '(2015)',
    '[2015]',
    '[2015,2016,2017]',
    '[[2015,2016]]',
    '2015,2016',
    'yesterday',
    '15',
    '20155',
    '2015-1',
    '2015-13',
    '2015-02-30',
    '2015-02-03T24',
    '2015-02-03T12:60',
    '2015-02-03 12:00',
    '2015Z',
    '2015-02-03Z',
    '2015*',
    '*2015*',
    '[2015*,]',
    '2015-02-03T12:59:58.Z',
    '1422967000000',
  ])('%j', (text) => {
    expect(parse(text)).toBeUndefined()
  })
})

describe('REST-C14 dates stored as text', () => {
  const spellings = (iso: string) => [
    iso,
    iso.replace('.000Z', 'Z'),
    iso.slice(0, 19),
    iso.slice(0, 16),
    iso.slice(0, 10),
  ]
  const holds = (range: string, stored: string): boolean => {
    const { from, to } = parseDateTextRange(range, 'customData.born') ?? {}
    if (from && !(from.inclusive ? stored >= from.value : stored > from.value)) return false
    return !(to && !(to.inclusive ? stored <= to.value : stored < to.value))
  }

  test('there is no shorthand', () => {
    expect(parseDateTextRange('2015', 'customData.born')).toBeUndefined()
    expect(parseDateTextRange('2015-01-01T00:00:00.000Z', 'customData.born')).toBeUndefined()
  })

  test('a unit in brackets', () => {
    expect(parseDateTextRange('[2015]', 'customData.born')).toEqual({
      from: { value: '2015', inclusive: true },
      to: { value: '2016', inclusive: false },
    })
    expect(parseDateTextRange('[2015-12]', 'customData.born')).toEqual({
      from: { value: '2015-12', inclusive: true },
      to: { value: '2016', inclusive: false },
    })
  })

  test.each(['[2015-03-01,]', '[2015-03-01T00,]', '[2015-03,]'])('%s holds its start in every spelling', (range) => {
    for (const stored of spellings('2015-03-01T00:00:00.000Z')) expect(holds(range, stored)).toBe(true)
    for (const stored of spellings('2015-02-28T23:59:00.000Z')) expect(holds(range, stored)).toBe(false)
  })

  test.each(['[,2015-03-01)', '[,2015-03)'])('%s holds nothing of its end', (range) => {
    for (const stored of spellings('2015-03-01T00:00:00.000Z')) expect(holds(range, stored)).toBe(false)
    for (const stored of spellings('2015-02-28T23:59:00.000Z')) expect(holds(range, stored)).toBe(true)
  })

  test('(2015-03,2015-04] leaves out the first moment and takes in the last', () => {
    expect(holds('(2015-03,2015-04]', '2015-03-01')).toBe(false)
    expect(holds('(2015-03,2015-04]', '2015-03-01T00:00:00.000Z')).toBe(false)
    expect(holds('(2015-03,2015-04]', '2015-03-01T00:00:00.001Z')).toBe(true)
    expect(holds('(2015-03,2015-04]', '2015-04-01')).toBe(true)
    expect(holds('(2015-03,2015-04]', '2015-04-01T00:00:00.000Z')).toBe(true)
    expect(holds('(2015-03,2015-04]', '2015-04-01T00:00:00.001Z')).toBe(false)
  })

  test('as text or as moments, for dates with milliseconds it is the same', () => {
    const moment = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2030-12-31') })
    const precise = fc.tuple(moment, fc.constantFrom(4, 7, 10, 13, 16, 19, 23)).map(([ms, n]) => toIso(ms).slice(0, n))
    const opening = fc.constantFrom('[', '(')
    const closing = fc.constantFrom(']', ')')
    fc.assert(
      fc.property(precise, precise, opening, closing, moment, (a, b, open, close, any) => {
        const start = (text: string) => parse(`[${text},]`)?.from?.value ?? 0
        const [from, to] = start(a) <= start(b) ? [a, b] : [b, a]
        const range = `${open}${from},${to}${close}`
        for (const ms of [
          any,
          start(from) - 1,
          start(from),
          start(from) + 1,
          start(to) - 1,
          start(to),
          start(to) + 1,
        ]) {
          const inside =
            (open === '[' ? ms >= start(from) : ms > start(from)) && (close === ']' ? ms <= start(to) : ms < start(to))
          expect(holds(range, toIso(ms))).toBe(inside)
        }
      }),
    )
  })
})

test('no text makes it throw anything but a problem', () => {
  const shaped = fc.stringMatching(/^[[(]?[-0-9TZ:.+]{0,12},? ?[-0-9TZ:.+]{0,12}[\])]?$/)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), shaped), (text) => {
      expect(code(() => parse(text))).toMatch(/^(no problem|rangeInverted)$/)
      expect(code(() => parseDateTextRange(text, 'customData.x'))).toMatch(/^(no problem|rangeInverted)$/)
    }),
    { numRuns: 2_000 },
  )
})
