import { expect, test } from 'vitest'
import { formatForm, parseForm } from './form.ts'

test.each([
  ['', {}],
  ['a=1&b=2', { a: ['1'], b: ['2'] }],
  ['a=1&a=2', { a: ['1', '2'] }],
  ['a', { a: [''] }],
  ['a=b=c', { a: ['b=c'] }],
  ['a+b=c+d%2B', { 'a b': ['c d+'] }],
  ['n=J%C3%B6rg&&', { n: ['Jörg'] }],
  [
    '__proto__=x&constructor=y',
    Object.fromEntries([
      ['__proto__', ['x']],
      ['constructor', ['y']],
    ]),
  ],
])('%j is read', (text, fields) => {
  expect(Object.fromEntries(parseForm(text) ?? [])).toEqual(fields)
})

test.each(['a=%', 'a=%ff', '%zz=1', 'a=\ud800', 'a&'.repeat(1001)])('%# is no form', (text) => {
  expect(parseForm(text)).toBeUndefined()
})

test('what is written is read again', () => {
  const text = formatForm({ next: '/a b?c=d&e=ü', none: undefined })
  expect(Object.fromEntries(parseForm(text) ?? [])).toEqual({ next: ['/a b?c=d&e=ü'] })
})
