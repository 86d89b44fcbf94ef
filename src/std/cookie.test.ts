import { describe, expect, test } from 'vitest'
import { type CookieAttributes, readCookie, writeCookie } from './cookie.ts'

const plain: CookieAttributes = { path: '/', httpOnly: true, secure: false, sameSite: 'Lax' }

describe('readCookie', () => {
  test.each([
    ['a=1', 'a', '1'],
    ['b=2; a=1', 'a', '1'],
    ['ba=2; a=1', 'a', '1'],
    ['b=a=3; a=1', 'a', '1'],
    ['b=2;a=1', 'a', '1'],
    ['a=1; a=2', 'a', '1'],
    ['a="1"', 'a', '1'],
    ['a=', 'a', ''],
    ['a', 'a', undefined],
    ['aa=1', 'a', undefined],
    ['b=x a=1', 'a', undefined],
    ['', 'a', undefined],
    ['__Host-a=x.y-z_', '__Host-a', 'x.y-z_'],
  ])('%j holds %s as %j', (header, name, value) => expect(readCookie(header, name)).toBe(value))

  test('no header holds none', () => expect(readCookie(undefined, 'a')).toBeUndefined())
})

describe('writeCookie', () => {
  test('writes what is asked for', () => {
    expect(writeCookie('a', 'b.c', plain)).toBe('a=b.c; Path=/; HttpOnly; SameSite=Lax')
    expect(
      writeCookie('a', 'b', {
        path: '/x',
        domain: 'example.com',
        expires: 0,
        httpOnly: false,
        secure: true,
        sameSite: 'None',
      }),
    ).toBe('a=b; Path=/x; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; SameSite=None')
  })

  test.each([
    ['a b', 'x', {}],
    ['a', 'x; Domain=evil', {}],
    ['a', 'x\r\nSet-Cookie: b=c', {}],
    ['a', 'x', { path: '/; Domain=evil' }],
    ['a', 'x', { path: 'x' }],
    ['a', 'x', { domain: 'example.com; Secure' }],
  ])('refuses %j %j %j', (name, value, attributes) => {
    expect(() => writeCookie(name, value, { ...plain, ...attributes })).toThrow(TypeError)
  })
})
