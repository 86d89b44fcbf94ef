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

export interface Attack {
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
  made?: TargetOptions
  /** Attacks; tells the harm done, undefined when there is none. */
  run(target: Target): Promise<string | undefined>
}

/** Runs the attacks of one file. Those that ask for nothing of their own share one target. */
export function describeAttacks(title: string, attacks: readonly Attack[]): void {
  describe(title, () => {
    describeOn('sqlite', attacks)
    const onPostgres = attacks.filter((attack) => attack.onPostgres)
    if (onPostgres.length > 0) describeOn('postgres', onPostgres)
    for (const attack of attacks)
      test(`${attack.id} ${attack.title}: succeeds without ${attack.guard}`, () => fall(attack))
  })
}

function describeOn(database: 'sqlite' | 'postgres', attacks: readonly Attack[]): void {
  describe(`[${database}]`, () => {
    let shared: Target
    beforeAll(async () => {
      shared = await startTarget({ database })
    })
    afterAll(() => shared?.stop())
    for (const attack of attacks)
      test(`${attack.id} ${attack.title}: is repelled`, () => stand(database, attack, shared))
  })
}

async function stand(database: 'sqlite' | 'postgres', { run, made, probe }: Attack, shared: Target): Promise<void> {
  if (!made && !probe) {
    expect(await run(shared)).toBeUndefined()
    expect(shared.troubles(), 'the service logged an error').toEqual([])
    return
  }
  const changed = probe && (await makeMutant(probe))
  try {
    const target = await startTarget({ ...made, database, root: changed?.root ?? repository })
    try {
      expect(await run(target)).toBeUndefined()
    } finally {
      await target.stop()
    }
  } finally {
    await changed?.remove()
  }
}

async function fall({ run, made, probe = [], edits }: Attack): Promise<void> {
  const mutant = await makeMutant([...probe, ...edits])
  try {
    const target = await startTarget({ ...made, root: mutant.root })
    try {
      expect(await run(target), 'the attack was repelled without its guard').toEqual(expect.any(String))
    } finally {
      await target.stop()
    }
  } finally {
    await mutant.remove()
  }
}
