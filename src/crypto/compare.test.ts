import { expect, test } from 'vitest'
import { sameSecret, sha256 } from './compare.ts'

test('GOAL-M4 the same secrets are the same, whatever their length', () => {
  expect(sameSecret('secret', 'secret')).toBe(true)
  expect(sameSecret('', '')).toBe(true)
  expect(sameSecret('é', new TextEncoder().encode('é'))).toBe(true)
  expect(sameSecret('secret', 'secres')).toBe(false)
  expect(sameSecret('secret', 'secret ')).toBe(false)
  expect(sameSecret('secret', '')).toBe(false)
  expect(sameSecret('Secret', 'secret')).toBe(false)
})

test('GOAL-M4 a common beginning costs no time', () => {
  const secret = 'x'.repeat(200_000)
  const time = (guess: string) => {
    const started = process.cpuUsage()
    for (let i = 0; i < 20; i++) sameSecret(secret, guess)
    return process.cpuUsage(started).user
  }
  const guesses = [`y${secret.slice(1)}`, `${secret.slice(1)}y`]
  const shortest = [Infinity, Infinity]
  for (let round = 0; round < 20; round++) {
    for (const [i, guess] of guesses.entries()) shortest[i] = Math.min(shortest[i] ?? 0, time(guess))
  }
  // Compared character by character, the second takes hundreds of times the first.
  expect((shortest[1] ?? 0) / (shortest[0] ?? 0)).toBeLessThan(3)
})

// FIPS 180-4 examples.
test('sha256', () => {
  expect(sha256('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  expect(sha256(new Uint8Array())).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
})
