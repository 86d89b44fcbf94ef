import { expect, test } from 'vitest'
import { parseJson } from './json.ts'
import { findBadText, isWellFormedText } from './text.ts'

test.each(['', 'a', 'é', '😀', '\u0001', '\ufffd', '\uffff'])('%j is well formed', (text) => {
  expect(isWellFormedText(text)).toBe(true)
})

test.each(['\0', 'a\0b', '\ud83d', '\ude00', 'a\ud83d b', '\ude00\ud83d'])('%j is not', (text) => {
  expect(isWellFormedText(text)).toBe(false)
})

test.each<[unknown, string | undefined]>([
  [{ a: [1, null, true, { b: 'fine' }] }, undefined],
  ['bad\0', ''],
  [{ a: { b: ['x', '\ud800'] } }, 'a.b'],
  [{ a: { 'b\0': 1 } }, 'a.b\ufffd'],
  [{ '\ud800': 1 }, '\ufffd'],
  [{ good: 1, 'b\ud800': 'x' }, 'b\ufffd'],
])('%j: %j', (value, path) => {
  expect(findBadText(value)).toBe(path)
})

test('escapes in JSON are seen after parsing, raw numbers are no text', () => {
  expect(findBadText(parseJson('{"n":1.0,"a":"\\u0000"}', { maxDepth: 9 }))).toBe('a')
  expect(findBadText(parseJson('[1.0]', { maxDepth: 9 }))).toBeUndefined()
})
