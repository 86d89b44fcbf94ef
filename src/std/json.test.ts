import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  JsonError,
  joinMembers,
  jsonNumberText,
  parseJson,
  parsePlainJson,
  stringifyJson,
  topLevelMembers,
} from './json.ts'

const parse = (text: string) => parseJson(text, { maxDepth: 100 })

function reasonOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof JsonError) return error.reason
    throw error
  }
  return undefined
}

const digits = fc.stringMatching(/^[0-9]{1,25}$/)
/** A number by the grammar of RFC 8259, as a person might write it. */
const numberText = fc
  .record({
    sign: fc.constantFrom('', '-'),
    integer: fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,24}$/)),
    fraction: fc.oneof(
      fc.constant(''),
      digits.map((text) => `.${text}`),
    ),
    exponent: fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/)),
  })
  .map(({ sign, integer, fraction, exponent }) => sign + integer + fraction + exponent)

/** JSON text without white space whose keys are distinct and whose strings are as JSON.stringify writes them. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    numberText,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join()}]`),
    fc
      .uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), tie('value')), { maxLength: 5, selector: ([key]) => key })
      // Integer-like keys would come back in another order.
      .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(`k${key}`)}:${text}`).join()}}`),
  ),
})).value

describe('parseJson and stringifyJson', () => {
  test('give every number back as written', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        expect(stringifyJson(parse(text))).toBe(text)
        expect(stringifyJson(parse(`{"a":[${text}]}`))).toBe(`{"a":[${text}]}`)
        expect(jsonNumberText(parse(text))).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })

  test('give every text back', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(stringifyJson(parse(text))).toBe(text)
      }),
      { numRuns: 1_000 },
    )
  })

  test('agree with JSON.parse but for the numbers', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(stringifyJson(parse(text)))).toEqual(JSON.parse(text))
      }),
    )
  })

  test.each(['0', '-1', '123456789012345', '1.5', '-0.25', '1e+21', '9007199254740991'])(
    '%s is a plain number',
    (text) => {
      expect(parse(text)).toBe(Number(text))
    },
  )

  test.each(['-0', '1.0', '1e2', '1E400', '0.10', '9007199254740993', '12345678901234567890'])(
    '%s is kept raw',
    (text) => {
      expect(typeof parse(text)).toBe('object')
      expect(stringifyJson([parse(text)])).toBe(`[${text}]`)
    },
  )

  test('numbers inside strings do not count', () => {
    expect(parse('{"1.0":"\\"1.0\\\\","b":"x\\\\\\"1.0"}')).toEqual({ '1.0': '"1.0\\', b: 'x\\"1.0' })
  })

  test('no function of ours is called for every value: a number that is not exact costs no more than the rest', () => {
    const parsing = vi.spyOn(JSON, 'parse')
    try {
      parse(`{"a":[-0,${'{},'.repeat(1_000)}1]}`)
      parse(`[${'1.0,'.repeat(1_000)}"plain"]`)
      expect(parsing).not.toHaveBeenCalled()
    } finally {
      parsing.mockRestore()
    }
  })

  test('refuse what JSON.parse refuses and nothing else, also beside numbers that are kept raw', () => {
    const piece = fc.constantFrom(
      ...'[]{}:,"\\ \n\t0123456789.-+eEtrufalsn',
      'true',
      'null',
      '"a"',
      '1.0',
      '-0',
      '01',
      '\\u00e9',
    )
    const broken = fc
      .tuple(jsonText, fc.nat(), fc.nat(3), fc.array(piece, { maxLength: 3 }))
      .map(([text, at, cut, pieces]) => {
        const start = at % (text.length + 1)
        return `[1.0,${text.slice(0, start)}${pieces.join('')}${text.slice(start + cut)}]`
      })
    fc.assert(
      fc.property(broken, (text) => {
        let plain: unknown
        try {
          plain = JSON.parse(text)
        } catch {
          expect(reasonOf(() => parse(text))).toBe('syntax')
          return
        }
        expect(JSON.parse(stringifyJson(parse(text)))).toEqual(plain)
      }),
      { numRuns: 3_000 },
    )
  })

  test('the last of duplicate members wins, raw or not', () => {
    expect(stringifyJson(parse('{"a":1.0,"a":[2.0],"a":3}'))).toBe('{"a":3}')
    expect(stringifyJson(parse('{"a":1,"a":{"b":2.0}}'))).toBe('{"a":{"b":2.0}}')
  })

  test.each(['{"__proto__":{"admin":1}}', '{"__proto__":{"admin":1.0}}'])('%s is plain data', (text) => {
    const value = parse(text) as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.hasOwn(value, '__proto__')).toBe(true)
    expect((value as { admin?: unknown }).admin).toBeUndefined()
    expect(stringifyJson(value)).toBe(text)
  })

  test('an object that looks like a raw number is none', () => {
    const value = parse('{"rawJSON":"1.0","n":2.0}')
    expect(jsonNumberText(value)).toBeUndefined()
    expect(stringifyJson(value)).toBe('{"rawJSON":"1.0","n":2.0}')
  })
})

describe('what is refused', () => {
  test.each(['', ' ', '{', '[1,]', "{'a':1}", '01', '1.', '+1', 'NaN', '"\n"', '"', '{"a":1}}', 'nul', '"\\'])(
    '%j is malformed',
    (text) => {
      expect(reasonOf(() => parse(text))).toBe('syntax')
    },
  )

  test('malformed text with inexact numbers too', () => {
    expect(reasonOf(() => parse('[1.0'))).toBe('syntax')
  })

  test('where plain numbers are wanted, the bounds are the same', () => {
    expect(parsePlainJson('{"a":[1.0,-0]}', { maxDepth: 2 })).toEqual({ a: [1, -0] })
    expect(reasonOf(() => parsePlainJson('[[]]', { maxDepth: 1 }))).toBe('depth')
    expect(reasonOf(() => parsePlainJson('[1.0', { maxDepth: 1 }))).toBe('syntax')
  })

  test('depth is counted in arrays and objects', () => {
    expect(parseJson('1', { maxDepth: 0 })).toBe(1)
    expect(reasonOf(() => parseJson('[]', { maxDepth: 0 }))).toBe('depth')
    expect(parseJson('[{},[],{}]', { maxDepth: 2 })).toEqual([{}, [], {}])
    expect(reasonOf(() => parseJson('[{"a":[]}]', { maxDepth: 2 }))).toBe('depth')
  })

  test('brackets in strings do not count', () => {
    expect(parseJson('["[[[\\"[[["]', { maxDepth: 1 })).toEqual(['[[["[[['])
  })

  test('a million levels are refused before anything is parsed', () => {
    const parsing = vi.spyOn(JSON, 'parse')
    try {
      expect(reasonOf(() => parse('['.repeat(1_000_000)))).toBe('depth')
      expect(reasonOf(() => parse(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`))).toBe('depth')
      expect(parsing).not.toHaveBeenCalled()
    } finally {
      parsing.mockRestore()
    }
  })

  test('a text of quotes and backslashes is scanned in linear time', () => {
    const text = `"${'\\"'.repeat(5_000)}${'\\\\'.repeat(5_000)}"`
    const looks = [vi.spyOn(String.prototype, 'charCodeAt'), vi.spyOn(String.prototype, 'indexOf')]
    try {
      parse(text)
      expect(looks.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBeLessThan(3 * text.length)
    } finally {
      for (const look of looks) look.mockRestore()
    }
  })
})

test('stringifyJson refuses what has no text', () => {
  expect(() => stringifyJson(undefined)).toThrow(TypeError)
  expect(() => stringifyJson(1n)).toThrow(TypeError)
})

test('jsonNumberText knows numbers only', () => {
  expect(jsonNumberText(1.5)).toBe('1.5')
  expect(jsonNumberText(-0)).toBe('0')
  for (const value of [Number.NaN, Infinity, '1', null, undefined, {}, [], true]) {
    expect(jsonNumberText(value)).toBeUndefined()
  }
})

describe('topLevelMembers and joinMembers', () => {
  test('keep the text of the members', () => {
    const members = topLevelMembers(' { "a" : [1.0, {"b" :"}"} ] ,\n"2":2e0,"1":"x,\\"y" } ')
    expect([...members]).toEqual([
      ['a', '[1.0, {"b" :"}"} ]'],
      ['2', '2e0'],
      ['1', '"x,\\"y"'],
    ])
    expect(joinMembers(members)).toBe('{"a":[1.0, {"b" :"}"} ],"2":2e0,"1":"x,\\"y"}')
  })

  test('are inverse to each other on any object', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        if (!text.startsWith('{')) return
        expect(joinMembers(topLevelMembers(text))).toBe(text)
      }),
      { numRuns: 1_000 },
    )
  })

  test('agree with JSON.parse about the members, white space and all', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom('', ' ', '\t', '\n'), (value, space) => {
        const members = topLevelMembers(JSON.stringify(value, null, space))
        const parsed = [...members].map(([key, text]) => [key, JSON.parse(text)])
        expect(Object.fromEntries(parsed)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('the last of duplicate members wins, in whatever spelling', () => {
    expect([...topLevelMembers('{"a":1,"b":2,"\\u0061":3}')]).toEqual([
      ['a', '3'],
      ['b', '2'],
    ])
  })

  test('__proto__ is a member like any other', () => {
    expect(joinMembers(topLevelMembers('{"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1}}')
  })

  test('merging touches nothing nested', () => {
    const stored = topLevelMembers('{"kept":{"n":1.00},"changed":1}')
    for (const [key, text] of topLevelMembers('{"changed":[2.0]}')) stored.set(key, text)
    expect(joinMembers(stored)).toBe('{"kept":{"n":1.00},"changed":[2.0]}')
  })

  test.each(['', '[]', '1', '{', '{"a"}', '{"a":1', '{"a":1,}', '{"a":1} x', '{a:1}', '{,}'])(
    '%j is no object',
    (text) => {
      expect(reasonOf(() => topLevelMembers(text))).toBe('syntax')
    },
  )
})
