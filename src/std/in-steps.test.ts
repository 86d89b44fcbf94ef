import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { inSteps } from './in-steps.ts'

let now = 0

beforeEach(() => {
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    now += ms
  },
}))

const taking = async (ms: number) => {
  now += ms
}

test.each([
  [0, 100],
  [4, 100],
  [99.5, 100],
  [101, 200],
])('ATTACK-I2 what takes %d ms is answered after %d', async (ms, answered) => {
  await inSteps(() => taking(ms))
  expect(now).toBe(answered)
})

test('ATTACK-I2 a failure takes as long as a success', async () => {
  const failing = () => taking(7).then(() => Promise.reject(new Error('no')))
  await expect(inSteps(failing)).rejects.toThrow('no')
  expect(now).toBe(100)
})
