import { expect, test } from 'vitest'
import { valueAt } from './value-at.ts'

const user = { id: 7, 'a.b': 'whole', a: { b: 'parted' }, emails: [{ value: 'x@example.com' }] }

test('a value is found by name, by path, and among members of arrays', () => {
  expect(valueAt(user, 'id')).toBe(7)
  expect(valueAt(user, 'a.b')).toBe('whole')
  expect(valueAt({ a: { b: 1 } }, 'a.b')).toBe(1)
  expect(valueAt(user, 'emails[0].value')).toBe('x@example.com')
})

test('what is not there is undefined, and nothing of the language is', () => {
  for (const path of ['b', 'a.c', 'emails[1].value', 'id.x', '__proto__', 'constructor.name', 'emails.length', '']) {
    expect(valueAt({ ...user, emails: { 0: 1 } }, path), path).toBeUndefined()
  }
  expect(valueAt(undefined, 'a')).toBeUndefined()
})
