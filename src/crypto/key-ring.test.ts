import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { generateKey, parseKeyRing } from './key-ring.ts'

const bytes = randomBytes(32)
const howTo = /Make one with: node -p/

describe('parseKeyRing', () => {
  test.each(['base64url', 'base64', 'hex'] as const)('reads %s', (encoding) => {
    expect(Buffer.from(parseKeyRing(bytes.toString(encoding))[0].key)).toEqual(bytes)
  })

  test('reads hexadecimal in capitals', () => {
    expect(Buffer.from(parseKeyRing(bytes.toString('hex').toUpperCase())[0].key)).toEqual(bytes)
  })

  test('keeps the order of a list', () => {
    const [a, b, c] = [generateKey(), generateKey(), generateKey()]
    const ring = parseKeyRing(`\n ${a} ,${b}\r\n\n${c}\n`)
    expect(ring.map(({ key }) => Buffer.from(key).toString('base64url'))).toEqual([a, b, c])
  })

  test('names keys by their content', () => {
    const [first] = parseKeyRing(bytes.toString('hex'))
    const [second] = parseKeyRing(bytes.toString('base64'))
    expect(first.id).toMatch(/^[0-9a-f]{8}$/)
    expect(second.id).toBe(first.id)
    expect(parseKeyRing(generateKey())[0].id).not.toBe(first.id)
  })

  test.each([
    ['nothing', ''],
    ['blanks', ' ,\n '],
    ['a pass phrase', 'correct horse battery staple'],
    ['16 bytes', randomBytes(16).toString('base64url')],
    ['33 bytes', randomBytes(33).toString('base64url')],
    ['zeros', Buffer.alloc(32).toString('base64url')],
    ['one repeated byte', 'ab'.repeat(32)],
    ['a repeated pattern', '0123456789abcdef'.repeat(4)],
    ['a good key and a bad one', `${generateKey()},${'00'.repeat(32)}`],
  ])('refuses %s and says how to make a key', (_, text) => {
    expect(() => parseKeyRing(text)).toThrow(howTo)
  })

  test('never shows the key it refuses', () => {
    const secret = randomBytes(31).toString('base64url')
    expect(() => parseKeyRing(secret)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(secret) }),
    )
  })

  test('refuses the same key twice', () => {
    expect(() => parseKeyRing(`${bytes.toString('hex')},${bytes.toString('base64')}`)).toThrow(/twice/)
  })
})

test('generateKey makes keys that are accepted', () => {
  for (let i = 0; i < 1_000; i++) parseKeyRing(generateKey())
  expect(generateKey()).toMatch(/^[\w-]{43}$/)
})
