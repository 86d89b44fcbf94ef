import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { registry } from '../resources/registry.ts'
import { parseJson } from '../std/json.ts'
import { boolean, integer, string, strings, type WriteMode } from './attribute.ts'
import { type ParseHelpers, parseBody } from './parse.ts'
import { Problem, type ProblemCode, type ProblemDetail } from './problems.ts'
import { defineResource, type Resource } from './resource.ts'

const helpers: ParseHelpers = {
  declarationOf: (name) => (registry as Record<string, Resource>)[name] as Resource,
  toRef(href) {
    const [kind = '', id = ''] = href.replace('ours/', '').split('/')
    return href.startsWith('ours/') ? { resource: kind, id } : undefined
  },
}

const parse = (resource: Resource, body: unknown, mode: WriteMode = 'create', more: Partial<ParseHelpers> = {}) =>
  parseBody(resource, body, mode, { ...helpers, ...more })

function refusal(run: () => unknown): { code: ProblemCode; detail: ProblemDetail<ProblemCode> } {
  try {
    run()
  } catch (error) {
    if (Problem.is(error)) return { code: error.code, detail: error.detail }
    throw error
  }
  throw new Error('nothing was refused')
}

const {
  account,
  application,
  directory,
  apiKey,
  groupMembership,
  accountStoreMapping,
  passwordStrength,
  organization,
} = registry
const person = { email: 'joe@example.com', password: 'Changeme1!' }

describe('what a client may not set', () => {
  test('a representation sent back is accepted whole, and changes only what is writable (TRAP-T3, REST-A12)', () => {
    const sentBack = {
      href: 'https://elsewhere/accounts/1',
      createdAt: 'yesterday',
      modifiedAt: 7,
      username: 'joe',
      email: 'joe@example.com',
      givenName: 'Joe',
      fullName: 'Somebody Else',
      status: 'ENABLED',
      passwordModifiedAt: 'never',
      tenant: { href: 'ours/tenant/other' },
      directory: { href: 'ours/directory/other', name: 'expanded', status: 'DISABLED' },
      customData: { href: 'ours/x', createdAt: 'x', modifiedAt: 'x' },
      groups: { href: 'x', items: [{ name: 'admins' }], size: 1 },
      providerData: 'anything',
    }
    expect(parse(account, sentBack, 'update')).toEqual({
      values: { username: 'joe', email: 'joe@example.com', givenName: 'Joe', status: 'ENABLED' },
    })
  })

  test('create-only links cannot be moved by an update', () => {
    expect(parse(groupMembership, { account: { href: 'ours/account/9' } }, 'update')).toEqual({ values: {} })
  })

  test.each(['eventKey', 'isAdmin', 'id', '__proto__', 'constructor', 'passwordHash'])(
    'a name that no representation shows is unknown: %s (REST-A13)',
    (name) => {
      const body = JSON.parse(`{"${name}": "x"}`)
      expect(refusal(() => parse(account, body, 'update'))).toEqual({
        code: 'unknownProperty',
        detail: { property: name, resource: 'account' },
      })
    },
  )

  test('the id is known where representations show it, and still not settable', () => {
    expect(parse(apiKey, { id: 'ANOTHER', secret: 'mine', name: 'ci' })).toEqual({ values: { name: 'ci' } })
  })

  test('members that old clients send for nothing are let through, others of that kind are not', () => {
    const body = { accountStore: { href: 'ours/directory/d' }, organization: { href: 'ours/organization/o' } }
    expect(parse(accountStoreMapping, body, 'create', { settled: ['application'] }).values).toEqual({
      accountStore: { resource: 'directory', id: 'd' },
    })
    expect(refusal(() => parse(directory, { name: 'x', organization: null })).code).toBe('unknownProperty')
  })
})

describe('required properties (REST-A14)', () => {
  test.each([undefined, null, '', '   \t'])('a creation with email %j is refused, naming it', (email) => {
    expect(refusal(() => parse(account, { password: 'x', email }))).toEqual({
      code: 'required',
      detail: { resource: 'account', property: 'email' },
    })
  })
  test('an update may leave it out and may not clear it', () => {
    expect(parse(account, { givenName: 'Joe' }, 'update').values).toEqual({ givenName: 'Joe' })
    expect(refusal(() => parse(account, { email: null }, 'update')).code).toBe('required')
    expect(refusal(() => parse(account, { password: ' ' }, 'update')).code).toBe('required')
  })
  test('the first one in the order of the declaration is reported', () => {
    expect(refusal(() => parse(organization, {})).detail).toEqual({ resource: 'organization', property: 'name' })
    expect(refusal(() => parse(organization, { name: 'x' })).detail).toMatchObject({ property: 'nameKey' })
  })
})

describe('null', () => {
  test('clears optional attributes on update and means nothing on creation', () => {
    expect(parse(account, { givenName: null }, 'update').values).toEqual({ givenName: null })
    expect(parse(account, { ...person, givenName: null }).values).toEqual(person)
  })
  test('brings attributes that always have a value back to their default', () => {
    expect(parse(application, { authorizedCallbackUris: null }, 'update').values).toEqual({
      authorizedCallbackUris: [],
    })
  })
  test('does not enable what was disabled', () => {
    expect(refusal(() => parse(application, { status: null }, 'update'))).toMatchObject({ code: 'required' })
  })
  test('is ignored for links and custom data', () => {
    expect(parse(account, { customData: null, directory: null }, 'update')).toEqual({ values: {} })
  })
})

describe('empty bodies (REST-A17)', () => {
  test.each([undefined, null, {}])('%j creates what requires nothing', (body) => {
    expect(parse(apiKey, body)).toEqual({ values: {} })
  })
  test.each([undefined, null, {}])('%j updates nothing and is refused', (body) => {
    expect(refusal(() => parse(apiKey, body, 'update')).code).toBe('nothingToUpdate')
  })
  test.each([[[]], ['text'], [7], [parseJson('1.0', { maxDepth: 1 })]])('%j is no body', (body) => {
    expect(refusal(() => parse(apiKey, body)).code).toBe('bodyMalformed')
  })
})

describe('text', () => {
  test.each([7, true, {}, ['a'], { $ne: null }])('%j is no string (ATTACK-J1)', (email) => {
    expect(refusal(() => parse(account, { ...person, email }))).toEqual({
      code: 'wrongType',
      detail: { property: 'email', expected: 'a string' },
    })
  })
  test.each(['a\0b@example.com', 'a\ud800@example.com'])(
    'NUL and half characters are refused: %j (ATTACK-J6)',
    (email) => {
      expect(refusal(() => parse(account, { ...person, email })).code).toBe('badEncoding')
    },
  )
  test('lengths count UTF-16 units', () => {
    expect(parse(directory, { name: '😀'.repeat(127) }).values.name).toHaveLength(254)
    expect(refusal(() => parse(directory, { name: '😀'.repeat(128) }))).toEqual({
      code: 'tooLong',
      detail: { property: 'name', max: 255 },
    })
    expect(refusal(() => parse(account, { ...person, givenName: '' })).code).toBe('tooShort')
  })
  test.each(['joe', '@example.com', 'joe@', 'joe smith@example.com', 'joe@exam\u200dple.com'])(
    '%j is no e-mail',
    (email) => {
      expect(refusal(() => parse(account, { ...person, email })).code).toBe('badFormat')
    },
  )
  test.each(['joe smith', 'joe\u200b'])('%j is no username', (username) => {
    expect(refusal(() => parse(account, { ...person, username })).code).toBe('badFormat')
  })
  test.each(['-a', 'a-', 'A', 'a_b', 'é'])('%j is no name key', (nameKey) => {
    expect(refusal(() => parse(organization, { name: 'x', nameKey })).code).toBe('badFormat')
  })
})

describe('loose spellings (REST-A15, TRAP-T21)', () => {
  test.each(['disabled', 'Disabled', ' DISABLED '])('%j is the status DISABLED', (status) => {
    expect(parse(directory, { name: 'x', status }).values.status).toBe('DISABLED')
  })
  test('other words are unsupported, other types wrong', () => {
    expect(refusal(() => parse(directory, { name: 'x', status: 'OFF' }))).toEqual({
      code: 'unsupportedValue',
      detail: { property: 'status', supported: ['ENABLED', 'DISABLED'] },
    })
    expect(refusal(() => parse(directory, { name: 'x', status: true })).code).toBe('wrongType')
  })
  test.each([
    ['3', 3],
    [3, 3],
    [parseJson('3.0', { maxDepth: 1 }), 3],
    [parseJson('3e0', { maxDepth: 1 }), 3],
  ])('%j is the integer %d', (listIndex, number) => {
    expect(parse(accountStoreMapping, { listIndex }, 'update').values).toEqual({ listIndex: number })
  })
  test.each(['3.5', 3.5, true, '', 'three', [3], {}])('%j is no integer', (listIndex) => {
    expect(refusal(() => parse(accountStoreMapping, { listIndex }, 'update')).code).toBe('wrongType')
  })
  test.each([
    ['true', true],
    ['False', false],
    [true, true],
  ])('%j is the boolean %j', (isDefaultAccountStore, value) => {
    expect(parse(accountStoreMapping, { isDefaultAccountStore }, 'update').values).toEqual({
      isDefaultAccountStore: value,
    })
  })
  test.each(['yes', 1, '1', {}])('%j is no boolean', (isDefaultAccountStore) => {
    expect(refusal(() => parse(accountStoreMapping, { isDefaultAccountStore }, 'update')).code).toBe('wrongType')
  })
  test('lists have further spellings of their names (TRAP-T30)', () => {
    expect(parse(registry.idSite, { authorizedOriginURLs: ['https://a'] }, 'update').values).toEqual({
      authorizedOriginUris: ['https://a'],
    })
  })
})

describe('bounds (REST-A18)', () => {
  test('one bound is named alone, two bounds together', () => {
    expect(refusal(() => parse(accountStoreMapping, { listIndex: -1 }, 'update'))).toEqual({
      code: 'belowMinimum',
      detail: { property: 'listIndex', min: 0 },
    })
    expect(refusal(() => parse(passwordStrength, { minLength: 256 }, 'update'))).toEqual({
      code: 'outOfRange',
      detail: { property: 'minLength', min: 1, max: 255 },
    })
    const huge = parseJson('1e400', { maxDepth: 1 })
    expect(refusal(() => parse(passwordStrength, { minLength: huge }, 'update')).code).toBe('outOfRange')
  })
  test('lists have a total length', () => {
    const uris = ['x'.repeat(2001), 'x'.repeat(2000)]
    expect(refusal(() => parse(application, { authorizedCallbackUris: uris }, 'update')).code).toBe('tooLong')
    expect(refusal(() => parse(application, { authorizedCallbackUris: 'x' }, 'update')).code).toBe('wrongType')
  })
})

describe('links', () => {
  const to = (href: unknown) => ({ application: { href: 'ours/application/a' }, accountStore: { href } })
  test('become ids, or references where there are several kinds of target', () => {
    expect(parse(accountStoreMapping, to('ours/group/g')).values).toEqual({
      application: 'a',
      accountStore: { resource: 'group', id: 'g' },
    })
  })
  test.each([
    ['not found', 'invalid'],
    [undefined, 'invalid'],
    [7, 'invalid'],
    ['ours/account/a', 'invalid'],
    ['theirs/group/g', 'invalid'],
  ])('href %j is refused: %s (REST-F12)', (href, code) => {
    expect(refusal(() => parse(accountStoreMapping, to(href))).code).toBe(code)
  })
  test('a bare text is of the wrong type, an absent required link is missing', () => {
    expect(refusal(() => parse(groupMembership, { account: 'ours/account/a' })).code).toBe('wrongType')
    expect(refusal(() => parse(groupMembership, { account: { href: 'ours/account/a' }, group: null }))).toEqual({
      code: 'required',
      detail: { resource: 'groupMembership', property: 'group' },
    })
  })
})

describe('parts in the body of their owner', () => {
  test('custom data is handed on as it is, numbers included', () => {
    const body = parseJson('{"name":"x","customData":{"n":0.00,"nothing":null}}', { maxDepth: 9 })
    expect(JSON.stringify(parse(directory, body).customData)).toBe('{"n":0.00,"nothing":null}')
  })
  test('custom data must be an object of well-formed texts', () => {
    expect(refusal(() => parse(directory, { name: 'x', customData: [] })).code).toBe('wrongType')
    expect(refusal(() => parse(directory, { name: 'x', customData: { a: ['\ud800'] } }))).toEqual({
      code: 'badEncoding',
      detail: { property: 'customData.a' },
    })
  })
  test('a nested provider is held to what exists', () => {
    const items = [{ name: 'locale', accountAttributes: ['surname'] }]
    const provider = { providerId: 'google', providerType: 'Google', scopes: ['a'], userInfoMappingRules: { items } }
    expect(parse(directory, { name: 'x', provider })).toEqual({
      values: { name: 'x' },
      parts: {
        provider: {
          values: { providerId: 'google', providerType: 'google', scope: ['a'] },
          parts: { userInfoMappingRules: { values: { items } } },
        },
      },
    })
    const code = (given: object) => refusal(() => parse(directory, { name: 'x', provider: given })).code
    expect(code({ providerType: 'myspace' })).toBe('unsupportedValue')
    expect(code({ providerId: 7 })).toBe('wrongType')
    expect(code({ unheardOf: 1 })).toBe('unknownProperty')
    expect(code({ userInfoMappingRules: { items: [{ name: 'a' }] } })).toBe('required')
    expect(code({ tokenEndpoint: 'ftp://id.example.com' })).toBe('badFormat')
  })
})

test('no body makes it throw anything but a Problem', () => {
  const everything = defineResource({
    name: 'everything',
    path: 'everythings',
    description: '',
    attributes: {
      text: string({ description: '', max: 5 }),
      number: integer({ description: '', max: 3 }),
      flag: boolean({ description: '' }),
      list: strings({ description: '' }),
    },
    links: account.links,
  })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('text', 'number', 'flag', 'list', 'customData'), fc.jsonValue()),
      ),
      fc.constantFrom<WriteMode>('create', 'update'),
      (body, mode) => {
        try {
          const { values } = parse(everything, body, mode)
          expect(Object.keys(values)).toEqual(expect.not.arrayContaining(['customData']))
        } catch (error) {
          if (!Problem.is(error)) throw error
        }
      },
    ),
  )
})
