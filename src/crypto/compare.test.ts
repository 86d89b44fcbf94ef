import { createHash, timingSafeEqual } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { isDigestOf, sameSecret, sha256 } from './compare.ts'

vi.mock('node:crypto', { spy: true })

const digest = (text: string) => createHash('sha256').update(text).digest()

test('GOAL-M4 the same secrets are the same, whatever their length', () => {
  expect(sameSecret('secret', 'secret')).toBe(true)
  expect(sameSecret('', '')).toBe(true)
  expect(sameSecret('é', new TextEncoder().encode('é'))).toBe(true)
  expect(sameSecret('secret', 'secres')).toBe(false)
  expect(sameSecret('secret', 'secret ')).toBe(false)
  expect(sameSecret('secret', '')).toBe(false)
  expect(sameSecret('Secret', 'secret')).toBe(false)
})

test('GOAL-M4 what decides is the digests, in constant time, however much of a guess is right', () => {
  const secret = 'x'.repeat(2_000)
  for (const guess of ['', 'y', `y${secret.slice(1)}`, `${secret.slice(1)}y`, `${secret}x`, secret]) {
    vi.mocked(timingSafeEqual).mockClear()
    expect(sameSecret(secret, guess)).toBe(guess === secret)
    expect(vi.mocked(timingSafeEqual).mock.calls).toEqual([[digest(secret), digest(guess)]])
  }
})

test('GOAL-M4 a secret is known by its digest, compared in constant time', () => {
  for (const guess of ['', 'secres', 'secret ', 'secret']) {
    vi.mocked(timingSafeEqual).mockClear()
    expect(isDigestOf(sha256('secret'), guess)).toBe(guess === 'secret')
    expect(vi.mocked(timingSafeEqual).mock.calls).toEqual([[digest('secret'), digest(guess)]])
  }
  expect(isDigestOf('', '')).toBe(false)
  expect(isDigestOf(sha256('secret').slice(1), 'secret')).toBe(false)
})

// FIPS 180-4 examples.
test('sha256', () => {
  expect(sha256('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  expect(sha256(new Uint8Array())).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
})
