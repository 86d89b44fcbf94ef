import { describe, expect, test } from 'vitest'
import { createHrefs } from './href.ts'

const { base, toHref, parseHref } = createHrefs('https://id.example.com/v1/')

test('every href begins with the configured base URL (REST-A11)', () => {
  expect(base).toBe('https://id.example.com/v1')
  expect(toHref('account', 'abc')).toBe('https://id.example.com/v1/accounts/abc')
})

describe('reading an href', () => {
  test.each([
    'https://id.example.com/v1/directories/d1',
    'https://id.example.com/v1//directories//d1/',
    'https://id.example.com/v1/directories/d1?expand=provider',
  ])('%s is that resource', (href) => {
    expect(parseHref(href)).toEqual({ resource: 'directory', id: 'd1' })
  })

  test.each([
    'https://evil.example.com/v1/directories/d1',
    'http://id.example.com/v1/directories/d1',
    'https://id.example.com:444/v1/directories/d1',
    'https://id.example.com.evil.com/v1/directories/d1',
    'https://id.example.com/v1x/directories/d1',
    'https://id.example.com/v1@evil.com/directories/d1',
    'https://id.example.com/v1/directories/not%20an%20id',
    'not found',
    '/v1/directories/d1',
    '',
    'javascript:alert(1)',
    'https://id.example.com/v1',
    'https://id.example.com/v1/directories',
    'https://id.example.com/v1/unknown/d1',
    'https://id.example.com/v1/directories/d1/accounts',
    'https://id.example.com/v1/customData/d1',
  ])('%j names no resource here', (href) => {
    expect(parseHref(href)).toBeUndefined()
  })
})
