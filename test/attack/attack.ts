/**
 * Attacks on the product over HTTP, each with its proof: the same attack is run on the product, where it must fail, and
 * on a copy of the product without the guard that stops it, where it must succeed. The cases and their ids are those of
 * the lists of attacks (`ATTACK-A18`) and of goals (`GOAL-K5`).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Edit, makeMutant, repository } from '../support/mutant.ts'
import { startTarget, type Target, type TargetOptions } from './target.ts'

export type { Edit } from '../support/mutant.ts'
export * from './target.ts'

/** What any kind of target is asked for beside the attacks themselves. */
export interface Attackable {
  /** Errors it logged: no attack may cause one. */
  troubles(): readonly unknown[]
  stop(): Promise<void>
}

/** Where a target runs: the source it is made of, and what it stores in. */
export type Ground = Pick<TargetOptions, 'root' | 'database'>

export interface Attack<T extends Attackable = Target, O extends Ground = TargetOptions> {
  /** As in `ATTACK-A18`; several with blanks between them. */
  id: string
  /** What the attacker does. */
  title: string
  /** What stops it, to complete "succeeds without …". */
  guard: string
  /** Takes the guard out; where there are two of them, both. */
  edits: readonly Edit[]
  /** Changes made to both sides, such as a fault to be survived. */
  probe?: readonly Edit[]
  /** The product is attacked on PostgreSQL too. */
  onPostgres?: true
  /** A target of its own, made so. */
  made?: O
  /** Attacks; tells the harm done, undefined when there is none. */
  run(target: T): Promise<string | undefined>
}

/** Runs the attacks of one file on services. Those that ask for nothing of their own share one target. */
export function describeAttacks(title: string, attacks: readonly Attack[]): void {
  describeAttacksOn(startTarget, title, attacks)
}

/** The same on targets of another kind. */
export function describeAttacksOn<T extends Attackable, O extends Ground>(
  start: (options: O & Ground) => Promise<T>,
  title: string,
  attacks: readonly Attack<T, O>[],
): void {
  const startAt = (ground: Ground, made?: O) => start({ ...(made as O), ...ground })

  function describeOn(database: 'sqlite' | 'postgres', attacks: readonly Attack<T, O>[]): void {
    describe(`[${database}]`, () => {
      let shared: T
      beforeAll(async () => {
        shared = await startAt({ database })
      })
      afterAll(() => shared?.stop())
      for (const attack of attacks)
        test(`${attack.id} ${attack.title}: is repelled`, () => stand(database, attack, shared))
    })
  }

  async function stand(database: 'sqlite' | 'postgres', { run, made, probe }: Attack<T, O>, shared: T): Promise<void> {
    if (!made && !probe) {
      expect(await run(shared)).toBeUndefined()
      expect(shared.troubles(), 'the service logged an error').toEqual([])
      return
    }
    const changed = probe && (await makeMutant(probe))
    try {
      const target = await startAt({ database, root: changed?.root ?? repository }, made)
      try {
        expect(await run(target)).toBeUndefined()
      } finally {
        await target.stop()
      }
    } finally {
      await changed?.remove()
    }
  }

  async function fall({ run, made, probe = [], edits }: Attack<T, O>): Promise<void> {
    const mutant = await makeMutant([...probe, ...edits])
    try {
      const target = await startAt({ root: mutant.root }, made)
      try {
        expect(await run(target), 'the attack was repelled without its guard').toEqual(expect.any(String))
      } finally {
        await target.stop()
      }
    } finally {
      await mutant.remove()
    }
  }

  describe(title, () => {
    describeOn('sqlite', attacks)
    const onPostgres = attacks.filter((attack) => attack.onPostgres)
    if (onPostgres.length > 0) describeOn('postgres', onPostgres)
    for (const attack of attacks)
      test(`${attack.id} ${attack.title}: succeeds without ${attack.guard}`, () => fall(attack))
  })
}
