import { expect, test } from 'vitest'
import { createManualClock, systemClock } from './clock.ts'

test('the system clock tells milliseconds', () => {
  const before = Date.now()
  const now = systemClock.now()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test('a manual clock stands still until it is moved', () => {
  const clock = createManualClock(1_000)
  expect(clock.now()).toBe(1_000)
  clock.advance(500)
  expect(clock.now()).toBe(1_500)
  clock.advance(-1_000)
  expect(clock.now()).toBe(500)
  clock.set(42)
  expect(clock.now()).toBe(42)
})
