import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSharedTurns } from './shared-turns.ts'

/** Runs that end when they are told to. */
function runs() {
  const begun: PromiseWithResolvers<number>[] = []
  return {
    begun,
    run: () => {
      const one = Promise.withResolvers<number>()
      begun.push(one)
      return one.promise
    },
  }
}

test('all who ask while one run is under way share the next, which begins when that has ended', async () => {
  const share = createSharedTurns<number>()
  const { begun, run } = runs()
  const first = share('a', run)
  const others = Array.from({ length: 10 }, () => share('a', run))
  await turn()
  expect(begun).toHaveLength(1)
  begun[0]?.resolve(1)
  expect(await first).toBe(1)
  await turn()
  expect(begun).toHaveLength(2)
  const late = share('a', run)
  begun[1]?.resolve(2)
  expect(await Promise.all(others)).toEqual(Array(10).fill(2))
  await turn()
  begun[2]?.resolve(3)
  expect(await late).toBe(3)
  const afterwards = share('a', run)
  expect(begun).toHaveLength(4)
  begun[3]?.resolve(4)
  expect(await afterwards).toBe(4)
})

test('a run that fails fails for those who share it alone, and other keys wait for nobody', async () => {
  const share = createSharedTurns<number>()
  const { begun, run } = runs()
  const first = share('a', run)
  const second = share('a', run)
  const other = share('b', run)
  begun[1]?.resolve(5)
  expect(await other).toBe(5)
  begun[0]?.reject(new Error('lost'))
  await expect(first).rejects.toThrow('lost')
  await turn()
  begun[2]?.resolve(2)
  expect(await second).toBe(2)
})
