import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { shareReads } from './shared-reads.ts'

describe('shared reads', () => {
  test('those who ask for the same in one turn of the loop share a read, sent after the last of them asked', async () => {
    let value = 0
    const read: string[] = []
    const ask = shareReads(async (key: string) => {
      read.push(key)
      return `${key}${value}`
    })
    const first = ask('a')
    await Promise.resolve()
    value = 1
    const answers = await Promise.all([first, ask('a'), ask('b')])
    expect(answers).toEqual(['a1', 'a1', 'b1'])
    expect(read).toEqual(['a', 'b'])
  })

  test('who asks while a read is under way gets one of their own', async () => {
    let reads = 0
    const slow = Promise.withResolvers<void>()
    const ask = shareReads(async () => {
      const mine = ++reads
      await slow.promise
      return mine
    })
    const first = ask('a')
    await turn()
    const second = ask('a')
    await turn()
    slow.resolve()
    expect(await Promise.all([first, second])).toEqual([1, 2])
  })

  test('a failure is told to all who shared it, and to nobody later', async () => {
    let fails = true
    const ask = shareReads(async () => {
      if (fails) throw new Error('lost')
      return 'found'
    })
    const outcomes = await Promise.allSettled([ask('a'), ask('a')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fails = false
    expect(await ask('a')).toBe('found')
  })
})
