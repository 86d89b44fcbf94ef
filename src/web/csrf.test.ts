import { expect, test } from 'vitest'
import { createCsrfTokens, isForeign } from './csrf.ts'
import type { WebRequest } from './request.ts'

test('WEB-W117 a token holds for its session, any number of times, and for no other', () => {
  const tokens = createCsrfTokens('secret')
  const token = tokens.issue('session-1')
  expect(tokens.isFor('session-1', token)).toBe(true)
  expect(tokens.isFor('session-1', token)).toBe(true)
  expect(tokens.isFor('session-2', token)).toBe(false)
  expect(createCsrfTokens('other').isFor('session-1', token)).toBe(false)
  expect(createCsrfTokens('secret').isFor('session-1', token)).toBe(true)
})

test.each([undefined, '', '.', 'a.b', 'undefined', 'a.b.c'])('ATTACK-R2 %j is no token', (token) => {
  const tokens = createCsrfTokens('secret')
  expect(tokens.isFor('session-1', token)).toBe(false)
  expect(tokens.isFor('', token)).toBe(false)
})

test('nobody holds a token', () => {
  const tokens = createCsrfTokens('secret')
  expect(tokens.isFor('', tokens.issue(''))).toBe(false)
})

const ours = 'https://shop.example'
test.each([
  [{}, false],
  [{ origin: ours }, false],
  [{ origin: ours, 'sec-fetch-site': 'same-origin' }, false],
  [{ 'sec-fetch-site': 'same-origin' }, false],
  [{ 'sec-fetch-site': 'none' }, false],
  [{ 'sec-fetch-site': 'same-site' }, true],
  [{ 'sec-fetch-site': 'cross-site' }, true],
  [{ origin: 'null' }, true],
  [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, true],
  [{ origin: 'https://evil.example' }, true],
  [{ origin: 'https://shop.example.evil.example' }, true],
  [{ origin: 'http://shop.example' }, true],
  [{ origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }, false],
])('WEB-W117 a request with %j is foreign: %s', (headers: Record<string, string>, foreign) => {
  const request = { header: (name: string) => headers[name] } as WebRequest
  expect(isForeign(request, ours, ['https://app.example'])).toBe(foreign)
})
