import { describe, expect, test } from 'vitest'
import { createRouter } from './router.ts'
import { routes } from './routes.ts'

const match = createRouter(routes, '/v1')
const found = (path: string) => {
  const matched = match(path)
  return matched && { path: matched.routes.values().next().value?.path, params: matched.params }
}

test('segments at the places of names are handed on', () => {
  expect(found('/v1/accounts/a1')).toEqual({ path: '/accounts/:id', params: ['a1'] })
  expect(found('/v1/accounts/a1/customData/my%20field')).toEqual({
    path: '/accounts/:id/customData/:field',
    params: ['a1', 'my%20field'],
  })
})

test('a literal segment goes before a name', () => {
  expect(found('/v1/tenants/current')?.path).toBe('/tenants/current')
  expect(found('/v1/tenants/t1')?.path).toBe('/tenants/:id')
})

test.each(['/v1/accounts/a1/', '/v1//accounts//a1', '//v1/accounts/a1//'])('%s is the same resource', (path) => {
  expect(found(path)).toEqual({ path: '/accounts/:id', params: ['a1'] })
})

describe('what is no route', () => {
  test.each([
    '/v1',
    '/',
    '',
    '/accounts/a1',
    '/v1/Accounts/a1',
    '/v1/%61ccounts/a1',
    '/v1/accounts/a1/..',
    '/v1/accounts/../directories',
    '/v1/accounts/a%2Fb',
    '/v1/accounts/a;b',
    `/v1/accounts/${'a'.repeat(65)}`,
    '/v1/accounts/a1/unknown',
    '/v1/constructor',
    '/v1/customData/a1',
  ])('%s', (path) => {
    expect(match(path)).toBeUndefined()
  })
})

test('every path has each method once, and ids of its own kind of place', () => {
  const keys = routes.map(({ method, path }) => `${method} ${path}`)
  expect(new Set(keys).size).toBe(keys.length)
})

describe('routes follow the declarations', () => {
  const has = (method: string, path: string) => routes.some((route) => route.method === method && route.path === path)
  test.each([
    ['POST', '/applications'],
    ['GET', '/accounts'],
    ['POST', '/directories/:id/accounts'],
    ['POST', '/applications/:id/groups'],
    ['POST', '/accounts/:id/apiKeys'],
    ['POST', '/groupMemberships'],
    ['POST', '/applications/:id/loginAttempts'],
    ['GET', '/directories/:id/provider'],
    ['POST', '/passwordPolicies/:id/strength'],
    ['DELETE', '/organizations/:id/customData/:field'],
    ['GET', '/groups/:id/accountMemberships'],
  ])('%s %s is there', (method, path) => {
    expect(has(method, path)).toBe(true)
  })
  test.each([
    ['POST', '/accounts'],
    ['POST', '/groups'],
    ['POST', '/apiKeys'],
    ['GET', '/groupMemberships'],
    ['POST', '/tenants'],
    ['DELETE', '/tenants/:id'],
    ['POST', '/groupMemberships/:id'],
    ['POST', '/groups/:id/accounts'],
    ['GET', '/applications/:id/loginAttempts'],
    ['DELETE', '/directories/:id/provider'],
  ])('%s %s is not', (method, path) => {
    expect(has(method, path)).toBe(false)
  })
})
