import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createQueue, hashingSlots, QueueFull } from './queue.ts'

/** A task that runs until told. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let started = false
  const task = () => {
    started = true
    return promise
  }
  return { task, resolve, reject, hasStarted: () => started }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

describe('GOAL-G1 the queue', () => {
  test('runs so many at a time, and the next in order', async () => {
    const queue = createQueue({ running: 2, waiting: 3 })
    const tasks = Array.from({ length: 5 }, held)
    const results = tasks.map(({ task }) => queue.run(task))
    const started = () => tasks.map((task) => Number(task.hasStarted())).join('')
    await soon()
    expect(started()).toBe('11000')
    tasks[1]?.resolve('b')
    expect(await results[1]).toBe('b')
    await soon()
    expect(started()).toBe('11100')
    tasks[0]?.reject(new Error('a'))
    await expect(results[0]).rejects.toThrow('a')
    await soon()
    expect(started()).toBe('11110')
    for (const task of tasks) task.resolve('')
    await Promise.all(results.slice(1))
  })

  test('rejects at once what finds no place, and takes more when there is room again', async () => {
    const queue = createQueue({ running: 1, waiting: 1 })
    const [first, second, third] = [held(), held(), held()]
    const results = [queue.run(first.task), queue.run(second.task)]
    const error = await queue.run(third.task).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(QueueFull)
    expect((error as QueueFull).retryAfterSeconds).toBe(1)
    expect(third.hasStarted()).toBe(false)
    first.resolve('')
    await results[0]
    const again = queue.run(third.task)
    second.resolve('')
    third.resolve('c')
    expect(await again).toBe('c')
  })

  test('a task that throws gives its place back', async () => {
    const queue = createQueue({ running: 1, waiting: 0 })
    const broken = () => {
      throw new Error('broken')
    }
    await expect(queue.run(broken)).rejects.toThrow('broken')
    expect(await queue.run(async () => 'next')).toBe('next')
  })

  test('tells how long the line takes', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const queue = createQueue({ running: 1, waiting: 40 })
    // The average approaches 100 ms: 80 after twelve.
    for (let i = 0; i < 12; i++) await queue.run(async () => void vi.advanceTimersByTime(100))
    const blocker = held()
    const results = Array.from({ length: 41 }, () => queue.run(blocker.task))
    const error = await queue.run(blocker.task).catch((reason: unknown) => reason)
    expect((error as QueueFull).retryAfterSeconds).toBe(4)
    blocker.resolve('')
    await Promise.all(results)
  })

  test('is drained when the last has ended', async () => {
    const queue = createQueue({ running: 1, waiting: 1 })
    await queue.drained()
    const [first, second] = [held(), held()]
    const results = [queue.run(first.task), queue.run(second.task)]
    let drained = false
    const both = Promise.all([queue.drained(), queue.drained()]).then(() => {
      drained = true
    })
    first.resolve('')
    await results[0]
    await soon()
    expect(drained).toBe(false)
    second.resolve('')
    await both
  })
})

describe('GOAL-G1 slots', () => {
  test.each([
    // cores, UV_THREADPOOL_SIZE, slots
    [1, undefined, 2],
    [2, undefined, 2],
    [16, undefined, 2],
    [16, '12', 10],
    [4, '12', 5],
    [4, '3', 1],
    [4, '1', 1],
    [4, 'nonsense', 1],
  ])('%d cores, pool of %s: %d', (cores, pool, slots) => {
    // An argument that is undefined would read this process's own.
    expect(pool === undefined ? hashingSlots(cores, '4') : hashingSlots(cores, pool)).toBe(slots)
  })

  test('the pool has four threads by default', () => {
    const before = process.env.UV_THREADPOOL_SIZE
    delete process.env.UV_THREADPOOL_SIZE
    expect(hashingSlots(16)).toBe(2)
    process.env.UV_THREADPOOL_SIZE = '9'
    expect(hashingSlots(16)).toBe(7)
    if (before === undefined) delete process.env.UV_THREADPOOL_SIZE
    else process.env.UV_THREADPOOL_SIZE = before
  })
})
