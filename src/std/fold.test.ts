import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, identityKey } from './fold.ts'

describe('fold', () => {
  test.each([
    ['ASCII', 'JSmith@Example.COM', 'jsmith@example.com'],
    ['final sigma', 'ὈΔΥΣΣΕΎΣ', 'ὀδυσσεύσ'],
    ['final sigma, small', 'ς', 'σ'],
    ['sharp s', 'Straße', 'strasse'],
    ['capital sharp s', 'STRAẞE', 'strasse'],
    ['dotted I', 'İstanbul', 'istanbul'],
    ['dotted I, decomposed', 'I\u0307stanbul', 'istanbul'],
    ['dotless i', 'ırmak', 'irmak'],
    ['long s', 'ſam', 'sam'],
    ['Kelvin sign', '\u212Aelvin', 'kelvin'],
    ['combining marks compose', 'e\u0301', 'é'],
    ['capitals with combining marks', 'E\u0301', 'é'],
    ['marks in another order', 'a\u0323\u0302', 'ậ'],
    ['caron on a capital that has no composed form', 'J\u030C', 'ǰ'],
    ['full width', 'Ｊｏｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'joe@example.com'],
    ['ligature', 'ﬀoo', 'ffoo'],
    ['Cherokee folds to capitals', '\uAB70', '\u13A0'],
    ['outside the basic plane', '𐐀', '𐐨'],
    ['mathematical letters', '𝐉𝐨𝐞', 'joe'],
    ['iota subscript', 'ᾼ', 'αι'],
    ['untouched', '漢字', '漢字'],
    ['empty', '', ''],
  ])('%s', (_, text, expected) => {
    expect(fold(text)).toBe(expected)
  })

  test('is idempotent on every character', () => {
    for (let code = 0; code < 0x110000; code++) {
      const once = fold(String.fromCodePoint(code))
      if (fold(once) !== once) expect.fail(`U+${code.toString(16)}`)
    }
  })

  test('is idempotent, and blind to case and normal form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const key = fold(text)
        expect(fold(key)).toBe(key)
        expect(fold(text.normalize('NFD'))).toBe(key)
        expect(fold(text.normalize('NFKC'))).toBe(key)
      }),
    )
  })

  test('the fast path gives what the slow one gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(fold(text)).toBe(fold(`${text}é`).slice(0, -1))
      }),
    )
  })
})

describe('identityKey', () => {
  test.each([
    ["O'Brien+tag@Example.com", "o'brien+tag@example.com"],
    ["!#$%&'*+-/=?^_`{|}~.@", "!#$%&'*+-/=?^_`{|}~.@"],
    ['CORP\\joe', 'corp\\joe'],
    ['josé@exámple.es', 'josé@exámple.es'],
    ['用户@例子.广告', '用户@例子.广告'],
    ['अजय@डाटा.भारत', 'अजय@डाटा.भारत'],
    ['٣٤٥', '٣٤٥'],
    ['ｊｏｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'joe@example.com'],
    ['İı\u212Aſ', 'iiks'],
  ])('%s', (text, key) => {
    expect(identityKey(text)).toBe(key)
  })

  test.each([
    ['space', 'joe smith'],
    ['no-break space', 'joe\u00a0smith'],
    ['tab', 'joe\t'],
    ['line feed at the end', 'joe\n'],
    ['NUL', 'joe\0'],
    ['delete', 'joe\x7f'],
    ['zero-width joiner', 'joe\u200dsmith'],
    ['zero-width non-joiner', 'joe\u200csmith'],
    ['zero-width space', 'joe\u200b'],
    ['byte order mark', '\ufeffjoe'],
    ['soft hyphen', 'jo\u00ade'],
    ['right-to-left override', 'joe\u202e'],
    ['variation selector, a mark', 'joe\ufe0f'],
    ['grapheme joiner, a mark', 'jo\u034fe'],
    ['Hangul filler, a letter', 'joe\u3164'],
    ['half-width Hangul filler, a letter', 'joe\uffa0'],
    ['emoji', 'joe😀'],
    ['symbol', 'joe™€'],
    ['curly apostrophe', 'o’brien'],
    ['spacing accent, NFKC makes it a space', 'joe\u00b4'],
    ['lone surrogate', 'joe\ud800'],
    ['private use', 'joe\ue000'],
    ['unassigned', 'joe\u0378'],
  ])('refuses %s', (_, text) => {
    expect(identityKey(text)).toBeUndefined()
  })
})
