import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesToText, decodeBase64, decodeBase64url, encodeBase64url, textToBytes } from './base64url.ts'

const buffers = fc.uint8Array({ maxLength: 100 })

describe('encode and strict decode', () => {
  test('agree with Buffer and with each other', () => {
    fc.assert(
      fc.property(buffers, (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64url(text)).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  test.each(['A', 'AAAAA', 'AA==', 'A+', 'A/', 'A A', 'AB', 'AAB', 'AAé', 'A\u0141', 'AA\n'])('refuses %j', (text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })

  test('has one text for each byte string', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = decodeBase64url(text)
        if (bytes) expect(encodeBase64url(bytes)).toBe(text)
      }),
    )
  })
})

describe('lenient decode', () => {
  test('reads both alphabets, with and without padding', () => {
    fc.assert(
      fc.property(buffers, (bytes) => {
        const standard = Buffer.from(bytes).toString('base64')
        for (const text of [standard, standard.replaceAll('=', ''), encodeBase64url(bytes)]) {
          expect(decodeBase64(text)).toEqual(new Uint8Array(bytes))
        }
      }),
    )
  })

  test('ignores bits left over', () => {
    expect(decodeBase64('AB')).toEqual(new Uint8Array([0]))
    expect(decodeBase64('AAB=')).toEqual(new Uint8Array([0, 0]))
  })

  test.each(['A', 'A===', 'AA=', 'AAA==', 'AAAA=', 'A=A=', '=', 'A A', 'AA\n'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined()
  })
})

test('text and bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(bytesToText(textToBytes(text))).toBe(text)
    }),
  )
  expect(bytesToText(new Uint8Array([0xff]))).toBeUndefined()
  expect(bytesToText(new Uint8Array([0xef, 0xbb, 0xbf, 0x41]))).toBe('\ufeffA')
})
