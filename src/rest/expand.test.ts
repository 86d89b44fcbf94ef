import { describe, expect, test } from 'vitest'
import { registry } from '../resources/registry.ts'
import { Problem } from '../schema/problems.ts'
import { boundExpansion, parseExpand } from './expand.ts'

const expand = (text: string | undefined) =>
  parseExpand(registry.account, text).map(({ name, offset, limit }) => ({ name, offset, limit }))

function code(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    if (Problem.is(error)) return error.code
    throw error
  }
  return undefined
}

test('nothing asked, nothing expanded', () => {
  expect(expand(undefined)).toEqual([])
})

test('links are separated by commas, options of collections stand in parentheses', () => {
  const whole = { offset: 0, limit: 25 }
  expect(expand('directory')).toEqual([{ name: 'directory', ...whole }])
  expect(expand('groups(offset:5,limit:10),customData, tenant')).toEqual([
    { name: 'groups', offset: 5, limit: 10 },
    { name: 'customData', ...whole },
    { name: 'tenant', ...whole },
  ])
  expect(expand('groups(limit:10, offset:5)')).toEqual([{ name: 'groups', offset: 5, limit: 10 }])
  expect(expand('groups(limit:3)')).toEqual([{ name: 'groups', offset: 0, limit: 3 }])
})

test('a link named twice is expanded once', () => {
  expect(expand('groups,groups(limit:1)')).toEqual([{ name: 'groups', offset: 0, limit: 1 }])
})

test('more than 100 members are 100', () => {
  expect(expand('groups(limit:1000)')).toEqual([{ name: 'groups', offset: 0, limit: 100 }])
})

describe('what cannot be read is refused', () => {
  test.each([
    '',
    ',',
    'groups,',
    'groups()',
    'groups(5,30)',
    'groups(offset:)',
    'groups(limit:-1)',
    'groups(limit:0)',
    'groups(limit:1,limit:2)',
    'groups(size:1)',
    'groups(offset:0',
    'groups(offset:0))',
    'groups((limit:1))',
    'directory(limit:1)',
  ])('%j', (text) => {
    expect(code(() => expand(text))).toBe('queryValueInvalid')
  })
})

describe('what is no expandable link is refused (REST-C22)', () => {
  test.each(['nothing', 'email', 'constructor', '__proto__', 'href', 'groups.accounts', 'groups;directory'])(
    '%s of an account',
    (text) => {
      expect(code(() => expand(text))).toBe('notExpandable')
    },
  )
  test('actions, look-ups that need a parameter, and hidden links', () => {
    expect(code(() => parseExpand(registry.application, 'loginAttempts'))).toBe('notExpandable')
    expect(code(() => parseExpand(registry.application, 'apiKeys'))).toBe('notExpandable')
    expect(code(() => parseExpand(registry.tenant, 'ownerAccount'))).toBe('notExpandable')
  })
})

test('an answer has a bounded number of members (ATTACK-R14)', () => {
  const groups = parseExpand(registry.account, 'groups(limit:100),customData,directory')
  expect(code(() => boundExpansion(groups, 100))).toBeUndefined()
  const more = parseExpand(registry.account, 'groups(limit:100),applications(limit:1)')
  expect(code(() => boundExpansion(more, 100))).toBe('queryValueInvalid')
})
