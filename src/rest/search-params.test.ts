import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { registry } from '../resources/registry.ts'
import { Problem } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import { parseListQuery, parseQuery } from './search-params.ts'

const plain = { customData: false }
const open = { customData: true }

const list = (
  raw: string,
  resource: Resource = registry.account,
  collection: { customData: boolean; requires?: string } = open,
) => parseListQuery(resource, collection, parseQuery(raw))
const criterion = (raw: string, resource?: Resource) => list(raw, resource).criteria[0]
const text = (attribute: string, match: string, text: string) => ({ on: { attribute }, match, text })

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (Problem.is(error)) return error.code
    throw error
  }
  return 'none'
}

describe('parseQuery', () => {
  test('decodes pairs as forms do, in their order', () => {
    expect(parseQuery('')).toEqual([])
    expect(parseQuery('q=a+b%20c&limit=5')).toEqual([
      ['q', 'a b c'],
      ['limit', '5'],
    ])
    expect(parseQuery('customData.%C3%A4=%F0%9F%94%91&a=%2B&b=x=y')).toEqual([
      ['customData.ä', '🔑'],
      ['a', '+'],
      ['b', 'x=y'],
    ])
  })

  test('empty pairs are none', () => {
    expect(parseQuery('&a=1&&b=2&')).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
  })

  test.each(['a', '=', '=1', 'a=%', 'a=%zz', 'a=%C3', 'a=%ff', '%=1', 'a=1&b', 'a=\ud800'])(
    '%j is malformed',
    (raw) => {
      expect(refusal(() => parseQuery(raw))).toBe('queryMalformed')
    },
  )

  test('a NUL is no text', () => {
    expect(refusal(() => parseQuery('q=a%00'))).toBe('queryValueInvalid')
    expect(refusal(() => parseQuery('customData.a%00=1'))).toBe('queryValueInvalid')
  })
})

describe('REST-C1 paging', () => {
  test('0 and 25 when not said', () => {
    expect(list('')).toEqual({ criteria: [], orderBy: [], offset: 0, limit: 25 })
  })

  test.each([
    ['offset=10&limit=1', 10, 1],
    ['limit=100', 0, 100],
    ['limit=101', 0, 100],
    ['limit=9007199254740991', 0, 100],
    ['offset=9007199254740991', 9007199254740991, 25],
    ['offset=007', 7, 25],
  ])('%s', (raw, offset, limit) => {
    expect(list(raw)).toMatchObject({ offset, limit })
  })

  test.each([
    'limit=0',
    'limit=-1',
    'offset=-1',
    'limit=ten',
    'limit=1.5',
    'offset=1e3',
    'offset=+1',
    'limit=0x10',
    'offset=9007199254740992',
  ])('%s is refused', (raw) => {
    expect(refusal(() => list(raw))).toBe('queryValueInvalid')
  })
})

describe('REST-C4 REST-C5 REST-C6 text and enums', () => {
  test('q is text', () => {
    expect(list('q=*jo*')).toMatchObject({ q: '*jo*', criteria: [] })
    expect(list('q=jo&surname=x')).toMatchObject({ q: 'jo', criteria: [text('surname', 'equals', 'x')] })
  })

  test.each([
    ['Joe', 'equals', 'Joe'],
    ['Joe*', 'prefix', 'Joe'],
    ['*Joe', 'suffix', 'Joe'],
    ['*Joe*', 'contains', 'Joe'],
    ['J*e', 'equals', 'J*e'],
    ['*J*e', 'suffix', 'J*e'],
    ['J%*', 'prefix', 'J%'],
    ['***', 'contains', '*'],
    ['*', 'contains', ''],
    ['**', 'contains', ''],
    [' ', 'equals', ' '],
  ])('TRAP-T27 givenName=%s', (value, match, expected) => {
    expect(criterion(`givenName=${encodeURIComponent(value)}`)).toEqual(text('givenName', match, expected))
  })

  test('all criteria together', () => {
    expect(list('givenName=a*&surname=b&status=enabled').criteria).toEqual([
      text('givenName', 'prefix', 'a'),
      text('surname', 'equals', 'b'),
      { on: { attribute: 'status' }, match: 'is', value: 'ENABLED' },
    ])
  })

  test.each(['EN', 'ENABLED*', '*ENABLED', '*', 'unknown', 'ENABLED '])('status=%s is no complete value', (value) => {
    expect(refusal(() => list(`status=${encodeURIComponent(value)}`))).toBe('queryValueInvalid')
  })

  test('booleans and integers', () => {
    const mapping = registry.accountStoreMapping
    expect(criterion('isDefaultAccountStore=True', mapping)).toEqual({
      on: { attribute: 'isDefaultAccountStore' },
      match: 'is',
      value: true,
    })
    expect(criterion('listIndex=03', mapping)).toEqual({ on: { attribute: 'listIndex' }, match: 'is', value: 3 })
    for (const raw of ['isDefaultAccountStore=1', 'listIndex=x', 'listIndex=1*', 'listIndex=1.5', 'listIndex=1e3']) {
      expect(refusal(() => list(raw, mapping))).toBe('queryValueInvalid')
    }
  })
})

describe('REST-C7 REST-C9 moments', () => {
  test.each(['createdAt', 'modifiedAt', 'passwordModifiedAt'])('%s', (name) => {
    expect(criterion(`${name}=%5B2015-01-01T00:00:00.000Z,+2016)`)).toEqual({
      on: { attribute: name },
      match: 'range',
      from: { value: Date.parse('2015-01-01'), inclusive: true },
      to: { value: Date.parse('2016-01-01'), inclusive: false },
    })
  })

  test('every resource has its times', () => {
    for (const resource of Object.values(registry)) {
      expect(refusal(() => list('createdAt=2015&orderBy=modifiedAt', resource))).toBe('none')
    }
  })

  test('REST-C10 bad and inverted', () => {
    expect(refusal(() => list('createdAt=[2015-13,]'))).toBe('queryValueInvalid')
    expect(refusal(() => list('createdAt=2015*'))).toBe('queryValueInvalid')
    expect(refusal(() => list('createdAt=*'))).toBe('queryValueInvalid')
    expect(refusal(() => list('createdAt=[2016,2015]'))).toBe('rangeInverted')
  })
})

describe('custom data', () => {
  const on = (...customData: string[]) => ({ customData })

  test('REST-C11 text with wildcards', () => {
    expect(criterion('customData.color=Re*')).toEqual({ on: on('color'), match: 'prefix', text: 'Re' })
    expect(criterion('customData.color=*')).toEqual({ on: on('color'), match: 'contains', text: '' })
  })

  test('REST-C12 nested keys', () => {
    expect(criterion('customData.a.b%20c.d=x')).toEqual({ on: on('a', 'b c', 'd'), match: 'equals', text: 'x' })
    expect(criterion('customData.__proto__=x')).toEqual({ on: on('__proto__'), match: 'equals', text: 'x' })
  })

  test('REST-C13 numbers exactly, by prefix, by range', () => {
    expect(criterion('customData.score=10')).toEqual({ on: on('score'), match: 'equals', text: '10' })
    expect(criterion('customData.score=1*')).toEqual({ on: on('score'), match: 'prefix', text: '1' })
    const range = (from: [number, boolean] | null, to: [number, boolean] | null) => ({
      on: on('score'),
      match: 'range',
      ...(from && { from: { value: from[0], inclusive: from[1] } }),
      ...(to && { to: { value: to[0], inclusive: to[1] } }),
    })
    expect(criterion('customData.score=[0,1000]')).toEqual(range([0, true], [1000, true]))
    expect(criterion('customData.score=(0,1000]')).toEqual(range([0, false], [1000, true]))
    expect(criterion('customData.score=[0.01, 999.99)')).toEqual(range([0.01, true], [999.99, false]))
    expect(criterion('customData.score=[50,]')).toEqual(range([50, true], null))
    expect(criterion('customData.score=[,-1.5e3]')).toEqual(range(null, [-1500, true]))
    expect(criterion('customData.score=[1990,2015]')).toEqual(range([1990, true], [2015, true]))
  })

  test('REST-C14 dates by range, without shorthand', () => {
    expect(criterion('customData.born=2015')).toEqual({ on: on('born'), match: 'equals', text: '2015' })
    expect(criterion('customData.born=[2015]')).toEqual({
      on: on('born'),
      match: 'range',
      from: { value: '2015', inclusive: true },
      to: { value: '2016', inclusive: false },
    })
    expect(criterion('customData.born=[2015-03-01,2016]')).toEqual({
      on: on('born'),
      match: 'range',
      from: { value: '2015-03', inclusive: true },
      to: { value: '2016-01-01T00:00:00.000Z', inclusive: true },
    })
  })

  test('brackets without a comma are text', () => {
    expect(criterion('customData.note=(sic)')).toEqual({ on: on('note'), match: 'equals', text: '(sic)' })
    expect(criterion('customData.note=[x]')).toEqual({ on: on('note'), match: 'equals', text: '[x]' })
  })

  test('ranges of other things, inverted ranges, broken paths', () => {
    expect(refusal(() => list('customData.a=[a,b]'))).toBe('queryValueInvalid')
    expect(refusal(() => list('customData.a=[1,2015-01]'))).toBe('queryValueInvalid')
    expect(refusal(() => list('customData.a=[1e999,]'))).toBe('queryValueInvalid')
    expect(refusal(() => list('customData.a=[2,1]'))).toBe('rangeInverted')
    expect(refusal(() => list('customData.a=[2015-02,2015-01]'))).toBe('rangeInverted')
    for (const name of ['customData.', 'customData..a', 'customData.a.', `customData.${'a'.repeat(3000)}`]) {
      expect(refusal(() => list(`${name}=1`))).toBe('queryMalformed')
    }
  })

  test('only where the collection offers it', () => {
    expect(refusal(() => list('customData.a=1', registry.account, plain))).toBe('queryNotSupported')
    expect(refusal(() => list('orderBy=customData.a', registry.account, plain))).toBe('orderByNotSupported')
    expect(refusal(() => list('customData=1'))).toBe('queryNotSupported')
  })
})

describe('REST-C15 REST-C16 order', () => {
  const order = (statement: string) => list(`orderBy=${encodeURIComponent(statement)}`).orderBy
  const by = (attribute: string, descending = false) => ({ on: { attribute }, descending })

  test('one and several, both directions', () => {
    expect(order('surname')).toEqual([by('surname')])
    expect(order('surname,givenName desc,createdAt asc')).toEqual([
      by('surname'),
      by('givenName', true),
      by('createdAt'),
    ])
    expect(order(' surname DESC , email ')).toEqual([by('surname', true), by('email')])
  })

  test('custom data', () => {
    expect(order('customData.a.b desc,customData.my key,surname')).toEqual([
      { on: { customData: ['a', 'b'] }, descending: true },
      { on: { customData: ['my key'] }, descending: false },
      by('surname'),
    ])
  })

  test('an attribute named again', () => {
    expect(order('surname,surname desc')).toEqual([by('surname')])
  })

  test.each([
    'surname,',
    ',',
    'surname,,email',
    'surname up',
    'surname desc asc',
    'customData.',
    Array(21).fill('surname').join(),
  ])('REST-C17 malformed: %s', (statement) => {
    expect(refusal(() => order(statement))).toBe('orderByMalformed')
  })

  test.each([
    'password',
    'fullName',
    'directory',
    'eventKey',
    'nothing',
    '__proto__',
    'constructor',
    'href',
    'id',
    "surname';--",
    'desc',
  ])('REST-C17 unsupported: %s', (statement) => {
    expect(refusal(() => order(statement))).toBe('orderByNotSupported')
  })
})

describe('parameters', () => {
  test.each(['password', 'eventKey', 'fullName', 'directory', 'nocache', '__proto__', 'toString', 'id', 'Email'])(
    'REST-C17 %s cannot be searched by',
    (name) => {
      expect(refusal(() => list(`${name}=true`))).toBe('queryNotSupported')
    },
  )

  test.each(['q', 'limit', 'orderBy', 'expand', 'givenName', 'customData.a', 'nothing'])(
    '%s without a value',
    (name) => {
      expect(refusal(() => list(`${name}=`))).toBe('queryValueMissing')
    },
  )

  test('TRAP-T2 the same pair twice is one, two values are refused', () => {
    expect(list('email=a&expand=groups&email=a&expand=groups')).toMatchObject({
      expand: 'groups',
      criteria: [text('email', 'equals', 'a')],
    })
    for (const raw of [
      'email=a&email=b',
      'limit=1&limit=2',
      'orderBy=email&orderBy=surname',
      'createdAt=2015&createdAt=2016',
    ]) {
      expect(refusal(() => list(raw))).toBe('queryRepeated')
    }
  })

  test('TRAP-T25 what speaks to somebody else is no criterion', () => {
    const raw =
      'encryptSecret=true&encryptionKeySalt=abc&encryptionKeySize=256&encryptionKeyIterations=1024&_method=GET'
    expect(list(raw).criteria).toEqual([])
  })

  test('a required one', () => {
    const collection = { customData: false, requires: 'id' }
    expect(list('id=ABC&expand=account', registry.apiKey, collection)).toMatchObject({
      criteria: [{ on: { attribute: 'id' }, match: 'is', value: 'ABC' }],
      expand: 'account',
    })
    expect(refusal(() => list('limit=1', registry.apiKey, collection))).toBe('queryValueMissing')
    expect(refusal(() => list('id=', registry.apiKey, collection))).toBe('queryValueMissing')
    expect(refusal(() => list('id=ABC', registry.apiKey, plain))).toBe('queryNotSupported')
  })

  test('bounds', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `customData.k${i}=1`).join('&')
    expect(list(many(50)).criteria).toHaveLength(50)
    expect(refusal(() => list(many(51)))).toBe('queryValueInvalid')
    expect(refusal(() => list(`q=${'a'.repeat(2048)}`))).toBe('none')
    expect(refusal(() => list(`q=${'a'.repeat(2049)}`))).toBe('queryValueInvalid')
    expect(refusal(() => list(`q=${encodeURIComponent('ä'.repeat(1025))}`))).toBe('queryValueInvalid')
  })
})

describe('REST-C23 every declared attribute', () => {
  const cases = Object.values(registry as Record<string, Resource>).flatMap((resource) =>
    Object.entries(resource.attributes).map(([name, attribute]) => ({ resource, name, attribute, of: resource.name })),
  )
  const sample = {
    string: 'x',
    enum: '',
    boolean: 'true',
    integer: '1',
    datetime: '2015',
    strings: 'x',
    list: 'x',
    object: 'x',
    switches: 'x',
    joined: 'x',
    derived: 'x',
  }

  test.each(cases)('$of.$name', ({ resource, name, attribute }) => {
    const value = attribute.kind === 'enum' ? (attribute.values[0] ?? '') : sample[attribute.kind]
    const search = 'search' in attribute && attribute.search
    const sort = 'sort' in attribute && attribute.sort
    expect(refusal(() => list(`${name}=${value}`, resource))).toBe(search ? 'none' : 'queryNotSupported')
    expect(refusal(() => list(`orderBy=${name}`, resource))).toBe(sort ? 'none' : 'orderByNotSupported')
  })
})

describe('ATTACK-J1 whatever comes', () => {
  const resources = Object.values(registry as Record<string, Resource>)
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'q',
      'limit',
      'offset',
      'orderBy',
      'expand',
      'createdAt',
      'status',
      'email',
      'customData.a',
      'listIndex',
    ),
  )
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[[(*]?[\w:., -]{0,12}[\])*]?$/))

  test('raw query strings give pairs or a problem', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[%&=+\dA-Fa-f]*$/)), (raw) => {
        expect(refusal(() => parseQuery(raw))).toMatch(/^(none|query)/)
      }),
      { numRuns: 2_000 },
    )
  })

  test('pairs come back from their encoding', () => {
    const pair = fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }))
    const sound = fc.array(pair.filter(([a, b]) => (a + b).isWellFormed() && !(a + b).includes('\0')))
    fc.assert(
      fc.property(sound, (pairs) => {
        expect(parseQuery(new URLSearchParams(pairs).toString())).toEqual(pairs)
        expect(parseQuery(pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&'))).toEqual(pairs)
      }),
    )
  })

  test('parameters give a list or a problem', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, value), { maxLength: 6 }),
        fc.constantFrom(...resources),
        fc.boolean(),
        (pairs, resource, customData) => {
          expect(refusal(() => parseListQuery(resource, { customData }, pairs))).toMatch(/^(none|query|orderBy|range)/)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
