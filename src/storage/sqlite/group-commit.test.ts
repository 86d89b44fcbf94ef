import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Problem } from '../../schema/problems.ts'
import type { Connection } from '../database.ts'
import { createGroupCommit, type TransactionControl } from './group-commit.ts'

/** A transaction that writes down what happens to it, and fails where a test wants it. */
function recorder(fail: { at?: string; drops?: boolean } = {}) {
  const log: string[] = []
  let open = false
  const step = (name: string, then: () => void = () => {}) => {
    log.push(name)
    if (fail.at !== name) return then()
    if (fail.drops) open = false
    throw new Error(`${name} failed`)
  }
  const opened = (value: boolean) => () => {
    open = value
  }
  const control: TransactionControl = {
    begin: async () => step('begin', opened(true)),
    savepoint: () => step('savepoint'),
    release: () => step('release'),
    rollbackTo: () => step('rollbackTo'),
    commit: () => step('commit', opened(false)),
    rollback: () => step('rollback', opened(false)),
    isOpen: () => open,
  }
  const run = async (sql: string) => {
    step(sql)
    return 1
  }
  const connection: Connection = { get: async () => undefined, all: async () => [], run }
  return { log, control, connection }
}

// A batch ends early where units take long, which is for a test to decide and not for the machine.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const write = (sql: string) => async (connection: Connection) => {
  await connection.run(sql, [])
  return sql
}
const refuse = (sql: string) => async (connection: Connection) => {
  await connection.run(sql, [])
  throw new RangeError(sql)
}

describe('a lone unit', () => {
  test('is the whole transaction', async () => {
    const { log, control, connection } = recorder()
    expect(await createGroupCommit(control, connection).write(write('a'))).toBe('a')
    expect(log).toEqual(['begin', 'a', 'commit'])
  })

  test('that refuses is rolled back', async () => {
    const { log, control, connection } = recorder()
    await expect(createGroupCommit(control, connection).write(refuse('a'))).rejects.toThrow(RangeError)
    expect(log).toEqual(['begin', 'a', 'rollback'])
  })
})

describe('units that come together', () => {
  test('share one commit, each under its savepoint, and are answered after it', async () => {
    const { log, control, connection } = recorder()
    const commits = createGroupCommit(control, connection)
    const answered = (name: string) => () => void log.push(`answer ${name}`)
    await Promise.allSettled([
      commits.write(write('a')).then(answered('a')),
      commits.write(refuse('b')).catch(answered('b')),
      commits.write(write('c')).then(answered('c')),
    ])
    expect(log).toEqual([
      ...['begin', 'savepoint', 'a', 'release', 'savepoint', 'b', 'rollbackTo', 'release', 'savepoint', 'c', 'release'],
      ...['commit', 'answer a', 'answer b', 'answer c'],
    ])
  })

  test.each(['begin', 'savepoint', 'release', 'commit'])('all fail when %s fails', async (at) => {
    const { log, control, connection } = recorder({ at })
    const commits = createGroupCommit(control, connection)
    const outcomes = await Promise.allSettled([commits.write(write('a')), commits.write(refuse('b'))])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(log.filter((step) => step === 'commit').length).toBe(at === 'commit' ? 1 : 0)
    if (at !== 'begin') expect(log.at(-1)).toBe('rollback')
    expect(control.isOpen()).toBe(false)
  })

  test('all fail, to be tried again, when the database drops the transaction under one of them', async () => {
    const { log, control, connection } = recorder({ at: 'b', drops: true })
    const commits = createGroupCommit(control, connection)
    const swallow = async (own: Connection) => {
      await own.run('b', []).catch(() => {})
      return 'as if nothing had happened'
    }
    const outcomes = await Promise.allSettled([
      commits.write(write('a')),
      commits.write(swallow),
      commits.write(write('c')),
    ])
    for (const outcome of outcomes.slice(0, 2)) {
      expect(outcome.status).toBe('rejected')
      expect(Problem.is((outcome as PromiseRejectedResult).reason, 'overloaded')).toBe(true)
    }
    // What had not run yet is not touched by it.
    expect(outcomes[2]).toMatchObject({ status: 'fulfilled', value: 'c' })
    expect(log).toEqual(['begin', 'savepoint', 'a', 'release', 'savepoint', 'b', 'begin', 'c', 'commit'])
  })

  test('a crowd is split, so that the first does not wait for the last', async () => {
    const { log, control, connection } = recorder()
    const commits = createGroupCommit(control, connection)
    await Promise.all(Array.from({ length: 300 }, (_, n) => commits.write(write(String(n)))))
    expect(log.filter((step) => step === 'commit')).toHaveLength(3)
    expect(log.filter((step) => /^\d+$/.test(step)).map(Number)).toEqual(Array.from({ length: 300 }, (_, n) => n))
  })

  test('a slow unit ends its batch', async () => {
    const { log, control, connection } = recorder()
    const commits = createGroupCommit(control, connection)
    const slow = async () => void vi.advanceTimersByTime(20)
    await Promise.all([commits.write(slow), commits.write(write('b'))])
    expect(log.filter((step) => step === 'commit')).toHaveLength(2)
  })
})

test('a unit that waits for something else is given up, and the others go on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const { control, connection } = recorder()
  const commits = createGroupCommit(control, connection)
  const begun = Promise.withResolvers<void>()
  const hanging = commits.write(() => {
    begun.resolve()
    return new Promise(() => {})
  })
  const other = commits.write(write('b'))
  const refused = expect(hanging).rejects.toThrow('outside of its transaction')
  await begun.promise
  vi.advanceTimersByTime(5000)
  await refused
  expect(await other).toBe('b')
})

test('a unit’s connection is dead after it', async () => {
  const { control, connection } = recorder()
  const commits = createGroupCommit(control, connection)
  const kept = await commits.write(async (own) => own)
  await expect(kept.run('late', [])).rejects.toThrow('after it ended')
})

test('settled waits for what is queued', async () => {
  const { log, control, connection } = recorder()
  const commits = createGroupCommit(control, connection)
  commits.write(write('a')).catch(() => {})
  await commits.settled()
  expect(log.at(-1)).toBe('commit')
  await commits.settled()
})
