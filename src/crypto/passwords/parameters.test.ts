import { expect, test } from 'vitest'
import { parseCount, parseParameters } from './parameters.ts'

test.each([
  ['0', 0],
  ['1', 1],
  ['9999999999', 9_999_999_999],
])('%s counts', (text, count) => {
  expect(parseCount(text)).toBe(count)
})

test.each([undefined, '', '01', '-1', '+1', '1.0', '1e3', ' 1', '1\n', '0x1', '10000000000'])('%j does not', (text) => {
  expect(parseCount(text)).toBeUndefined()
})

test('parameters come in any order', () => {
  expect(parseParameters('ln=14,r=8,p=1', ['ln', 'r', 'p'])).toEqual({ ln: 14, r: 8, p: 1 })
  expect(parseParameters('p=1,ln=14,r=8', ['ln', 'r', 'p'])).toEqual({ ln: 14, r: 8, p: 1 })
})

test.each(['', 'a=1', 'a=1,b=2,c=3', 'a=1,a=1', 'a=1,b=', 'a=1,b', 'a=1,b=2=3', 'a=1,b=2,', 'a=1,b=02', 'a=1, b=2'])(
  '%j is not exactly a and b',
  (text) => {
    expect(parseParameters(text, ['a', 'b'])).toBeUndefined()
  },
)
