import { expect, test } from 'vitest'
import { sortedPasswords } from '../../../test/support/common-passwords.ts'
import { isCommonPassword } from './common-passwords.ts'

test('GOAL-I12 the list is the one that its maker makes, and every password on it is found', async () => {
  const all = sortedPasswords()
  expect(all.length).toBeGreaterThan(49_000)
  const missing: string[] = []
  for (const password of all) if (!(await isCommonPassword(password))) missing.push(password)
  expect(missing).toEqual([])
})

test('what stands between two of them, before the first and after the last is not found', async () => {
  const all = sortedPasswords()
  const known = new Set(all)
  for (const password of ['', '\n', '!', '~~~~~~', ...all.map((each) => `${each}\u0001`), `${all[0]}\n${all[1]}`]) {
    if (!known.has(password.trim()) && (await isCommonPassword(password))) expect.fail(password)
  }
})
