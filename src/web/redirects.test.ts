import { describe, expect, test } from 'vitest'
import { safeDestination, withDestination } from './redirects.ts'

const origin = 'https://shop.example'

/** Ways to leave the site, of attacks.md C7 and beyond. */
const hostile = [
  '//evil.example',
  '///evil.example',
  '////evil.example/a',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  'https://evil.example',
  'http://evil.example/me',
  'https:evil.example',
  'https:/evil.example',
  'https:////evil.example',
  'https:\\\\evil.example',
  'http://x//evil.example',
  'HTTPS://EVIL.EXAMPLE',
  'ftp://evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  '\tjavascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://shop.example/x',
  'mailto:a@evil.example',
  'file:///etc/passwd',
  '/\t/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '//evil.example ',
  '/%09/evil.example',
  '/%0a/evil.example',
  '/%0d%0aSet-Cookie:a=b',
  '/a\r\nSet-Cookie: a=b',
  '/%2f/evil.example',
  '/%2Fevil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  '/%252fevil.example',
  '/%255cevil.example',
  '/%25252fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/a/../%2fevil.example',
  './/evil.example',
  '..//evil.example',
  '/%2e/%2fevil.example',
  '/\u0000/evil.example',
  '/\u2028/evil.example',
  '/\u0085/evil.example',
  '\ufeff//evil.example',
  '//evil%E3%80%82example',
  '//shop.example@evil.example',
  'https://shop.example@evil.example',
  'https://shop.example.evil.example',
  'https://user:pass@shop.example/me',
  'https://shop.example:444/me',
  'http://shop.example/me',
  'http://[',
  '/%',
  '/%ff',
  '/\ud800',
  `/${'a'.repeat(2000)}`,
  '',
  ' /me',
]

describe('safeDestination', () => {
  test('there are sixty hostile forms', () => expect(hostile.length).toBeGreaterThanOrEqual(60))

  test.each(hostile)('WEB-W56 ATTACK-C7 ATTACK-C8 ATTACK-R1 refuses %j', (value) => {
    expect(safeDestination(value, origin)).toBeUndefined()
    expect(safeDestination(value, undefined)).toBeUndefined()
  })

  test('none is none', () => expect(safeDestination(undefined, origin)).toBeUndefined())

  test.each([
    ['/', '/'],
    ['/me', '/me'],
    ['me', '/me'],
    ['?a=b', '/?a=b'],
    ['#top', '/#top'],
    ['/reports?id=4&next=//evil.example#top', '/reports?id=4&next=//evil.example#top'],
    ['/a//b', '/a//b'],
    ['/a/../b', '/b'],
    ['/J%C3%B6rg', '/J%C3%B6rg'],
    ['/Jörg', '/J%C3%B6rg'],
    ['/a%20b', '/a%20b'],
    ['/search?q=50%25', '/search?q=50%25'],
    ['/mail/a@evil.example', '/mail/a@evil.example'],
  ])('keeps %j as %j', (value, kept) => {
    expect(safeDestination(value, origin)).toBe(kept)
    expect(safeDestination(value, undefined)).toBe(kept)
  })

  test('an address of our own loses its origin', () => {
    expect(safeDestination('https://shop.example/me?a=b', origin)).toBe('/me?a=b')
    expect(safeDestination('https://shop.example/me', undefined)).toBeUndefined()
  })

  test('what it keeps, a browser keeps here', () => {
    for (const value of ['/me', '/a//b', '?a=b', '/reports?next=//evil.example#x']) {
      expect(new URL(safeDestination(value, origin) as string, origin).origin).toBe(origin)
    }
  })
})

test('withDestination encodes the destination, so that nothing can be added to the address', () => {
  expect(withDestination('/login', '/me?a=b&c=d#e')).toBe('/login?next=%2Fme%3Fa%3Db%26c%3Dd%23e')
  expect(withDestination('/login?status=created#x', '/me')).toBe('/login?status=created&next=%2Fme#x')
  expect(withDestination('/login', undefined)).toBe('/login')
})
