import { describe, expect, test } from 'vitest'
import { count, type Rule, type Usage } from '../../src/core/limits/rule.ts'
import { newId } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

const plain: Rule = { burst: 3, per: 9000 }
const pausing: Rule = { burst: 3, per: 9000, pause: { first: 1000, longest: 5000 } }
const single: Rule = { burst: 1, per: 1000, pause: { first: 1000, longest: 5000 } }

export function usagesContract(make: MakeDatabase): void {
  describe('usages of limits', () => {
    const it = subject(make)
    const limit = 'test'

    test.each([plain, pausing, single])('are counted as the rule %j says', async (rule) => {
      const [tenant, key] = [newId(), newId()]
      let expected: Usage | undefined
      let now = 1_750_000_000_000
      for (const step of [0, 0, 10, 0, 0, 1000, 0, 2500, 0, 0, 0, 0, 4000, 9000, 200_000_000, 1, 1]) {
        now += step
        expected = count(rule, expected, now)
        expect(await it.store.write((tx) => tx.countUsage(tenant, { limit, key }, rule, now))).toEqual(expected)
        expect(
          await it.store.usages(tenant, [
            { limit, key: newId() },
            { limit, key },
          ]),
        ).toEqual([undefined, expected])
      }
    })

    test('are those of one tenant and of one limit', async () => {
      const [tenant, key] = [newId(), newId()]
      await it.store.write((tx) => tx.countUsage(tenant, { limit, key }, plain, 50))
      expect(await it.store.usages(newId(), [{ limit, key }])).toEqual([undefined])
      expect(await it.store.usages(tenant, [{ limit: 'other', key }])).toEqual([undefined])
      await it.store.write((tx) => tx.forgetUsage(tenant, { limit, key }))
      expect(await it.store.usages(tenant, [{ limit, key }])).toEqual([undefined])
    })

    test('ATTACK-A17 sixty-four callers at once take no more than there is, and what came back can be taken', async () => {
      const [tenant, key] = [newId(), newId()]
      const take = (now: number) => it.store.write((tx) => tx.takeUsage(tenant, { limit, key }, plain, now))
      const crowd = async (now: number) => {
        const taken = await Promise.all(Array.from({ length: 64 }, () => take(now)))
        return taken.filter((usage) => usage !== undefined).length
      }
      expect([await crowd(1000), await crowd(3999), await crowd(4000), await crowd(30_000)]).toEqual([3, 0, 1, 3])
    })

    test('ATTACK-A10 ATTACK-A11 no count of sixty-four at once is lost', async () => {
      const [tenant, key] = [newId(), newId()]
      const rule: Rule = { burst: 100, per: 100_000 }
      await Promise.all(
        Array.from({ length: 64 }, () => it.store.write((tx) => tx.countUsage(tenant, { limit, key }, rule, 0))),
      )
      expect(await it.store.usages(tenant, [{ limit, key }])).toMatchObject([{ backAt: 64_000 }])
    })

    test('GOAL-G10 expired ones are swept away by later ones', async () => {
      const tenant = newId()
      const use = (key: string, now: number) =>
        it.store.write((tx) => tx.countUsage(tenant, { limit, key }, plain, now))
      for (let i = 0; i < 8; i++) await use(`old ${i}`, 0)
      for (let i = 0; i < 2; i++) await use(`new ${i}`, 1_000_000)
      const keys = Array.from({ length: 8 }, (_, i) => ({ limit, key: `old ${i}` }))
      expect(await it.store.usages(tenant, keys)).toEqual(Array(8).fill(undefined))
    })
  })
}
