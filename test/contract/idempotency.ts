import { describe, expect, test } from 'vitest'
import { createStore } from '../../src/storage/store.ts'
import { clock, entity, newId, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function idempotencyContract(make: MakeDatabase): void {
  describe('answers kept under a key', () => {
    const it = subject(make)
    const claimOf = (tenant: string, id: string, { at = 50, until = 100, fingerprint = 'f' } = {}) => ({
      tenant,
      id,
      fingerprint,
      expiresAt: until,
      now: at,
    })

    test('GOAL-D9 are there with what the transaction wrote, until they end, in their tenant', async () => {
      const [tenant, id] = [newId(), newId()]
      await it.store.write(async (tx) => {
        expect(await tx.claimAnswer(claimOf(tenant, id))).toBe(true)
        await tx.keepAnswer(tenant, id, 'answer')
      })
      const kept = (at: number, of = tenant) => it.store.keptAnswer(of, id, at)
      expect(await kept(99)).toEqual({ fingerprint: 'f', answer: 'answer' })
      expect([await kept(100), await kept(50, newId())]).toEqual([undefined, undefined])
      expect(await it.store.write((tx) => tx.claimAnswer(claimOf(tenant, id)))).toBe(false)
      expect(await it.store.write((tx) => tx.claimAnswer(claimOf(newId(), id)))).toBe(true)
      const later = claimOf(tenant, id, { at: 100, until: 200, fingerprint: 'g' })
      expect(await it.store.write((tx) => tx.claimAnswer(later))).toBe(true)
      expect(await kept(150)).toEqual({ fingerprint: 'g', answer: '' })
    })

    test('GOAL-D9 a transaction that fails leaves neither the key nor what it made', async () => {
      const { tenant } = await newTenant(it.store)
      const [id, made] = [newId(), entity('directory', tenant, {})]
      const failing = it.store.write(async (tx) => {
        await tx.claimAnswer(claimOf(tenant, id))
        await tx.insert('directory', made)
        throw new Error('the power fails')
      })
      await expect(failing).rejects.toThrow('the power fails')
      expect(await it.store.get('directory', tenant, made.id)).toBeUndefined()
      expect(await it.store.keptAnswer(tenant, id, 50)).toBeUndefined()
      expect(await it.store.write((tx) => tx.claimAnswer(claimOf(tenant, id)))).toBe(true)
    })

    test('GOAL-D9 of sixty-four transactions on two handles one has the key, and the others see its answer', async () => {
      const other = createStore(await it.another(), { clock })
      const { tenant } = await newTenant(it.store)
      for (let round = 0; round < 5; round++) {
        const id = newId()
        const attempts = Array.from({ length: 64 }, async (_, n) => {
          const store = n % 2 === 0 ? it.store : other
          const directory = entity('directory', tenant, {})
          const won = await store.write(async (tx) => {
            if (!(await tx.claimAnswer(claimOf(tenant, id)))) return false
            await tx.insert('directory', directory)
            await tx.keepAnswer(tenant, id, directory.id)
            return true
          })
          const kept = await store.keptAnswer(tenant, id, 50)
          const exists = (await it.store.get('directory', tenant, directory.id)) !== undefined
          return { won, exists, answer: kept?.answer }
        })
        const outcomes = await Promise.all(attempts)
        expect(outcomes.filter(({ won }) => won)).toHaveLength(1)
        expect(outcomes.filter(({ exists }) => exists)).toHaveLength(1)
        expect(new Set(outcomes.map(({ answer }) => answer)).size).toBe(1)
      }
      await other.close()
    })

    test('are taken away when they have ended, and sealed anew with everything else', async () => {
      const { tenant } = await newTenant(it.store)
      const [ended, good] = [newId(), newId()]
      for (const [id, until] of [
        [ended, 100],
        [good, 10_000],
      ] as const) {
        await it.store.write(async (tx) => {
          await tx.claimAnswer(claimOf(tenant, id, { until }))
          await tx.keepAnswer(tenant, id, `sealed ${id}`)
        })
      }
      expect(await it.store.removeExpired(500, 10)).toBeGreaterThan(0)
      const rows = await it.database.reader.all('select id from idempotency_keys where tenant_id = ?', [tenant])
      expect(rows.map(({ id }) => id)).toEqual([good])
      const places: unknown[] = []
      await it.store.resealAll((sealed, place) => {
        if (place.table !== 'idempotencyKey' || place.tenant !== tenant) return sealed
        places.push(place)
        return `again ${sealed}`
      })
      expect(places).toEqual([{ tenant, table: 'idempotencyKey', row: good, column: 'answer' }])
      expect((await it.store.keptAnswer(tenant, good, 500))?.answer).toBe(`again sealed ${good}`)
    })
  })
}
