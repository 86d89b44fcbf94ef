import { describe, expect, test } from 'vitest'
import type { Entity, ResourceName } from '../../src/resources/registry.ts'
import { Problem } from '../../src/schema/problems.ts'
import { createStore } from '../../src/storage/store.ts'
import { clock, entity, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function racesContract(make: MakeDatabase): void {
  describe('races', () => {
    const it = subject(make)

    const cases: [string, ResourceName, (directory: string, n: number) => Record<string, unknown>][] = [
      [
        'an e-mail address',
        'account',
        (directory, n) => ({ directory, email: n % 2 ? 'Joe@Example.com' : 'joe@example.COM', username: `u${n}` }),
      ],
      ['a username', 'account', (directory, n) => ({ directory, username: n % 2 ? 'STRASSE' : 'straße' })],
      ['a group name', 'group', (directory, n) => ({ directory, name: n % 2 ? 'e\u0301lite' : 'Élite' })],
      ['an application name', 'application', (_, n) => ({ name: n % 2 ? 'Kelvin' : '\u212aelvin' })],
    ]

    test.each(cases)('GOAL-D1 sixty-four creations of %s at once: one succeeds', async (_, resource, values) => {
      const other = await it.another()
      const stores = [it.store, createStore(other, { clock })]
      for (let round = 0; round < 5; round++) {
        const { tenant, directory } = await newTenant(it.store)
        const made = Array.from({ length: 64 }, (__, n) =>
          entity(resource, tenant, values(directory, n) as Partial<Entity>),
        )
        const outcomes = await Promise.allSettled(
          made.map((one, n) => (stores[n % 2] as typeof it.store).write((tx) => tx.insert(resource, one))),
        )
        const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
        expect(refused).toHaveLength(63)
        for (const { reason } of refused) expect(Problem.is(reason, 'notUnique'), String(reason)).toBe(true)
        const scope = { by: 'tenant', id: tenant }
        expect((await it.store.list({ resource, tenant, scope, offset: 0, limit: 100 })).size).toBe(1)
      }
      await other.close()
    })

    test('a change under a lock is never lost', async () => {
      const other = await it.another()
      const stores = [it.store, createStore(other, { clock })]
      const { tenant, directory } = await newTenant(it.store)
      const increment = (n: number) =>
        (stores[n % 2] as typeof it.store).write(async (tx) => {
          const found = await tx.lock('directory', tenant, directory)
          await tx.update('directory', tenant, directory, { modifiedAt: (found?.modifiedAt ?? 0) + 1 })
        })
      const before = (await it.store.get('directory', tenant, directory))?.modifiedAt ?? 0
      await Promise.all(Array.from({ length: 100 }, (_, n) => increment(n)))
      expect((await it.store.get('directory', tenant, directory))?.modifiedAt).toBe(before + 100)
      await other.close()
    })

    test('members that come while their directory goes are refused or go with it', async () => {
      const other = await it.another()
      const theirs = createStore(other, { clock })
      for (let round = 0; round < 5; round++) {
        const { tenant, directory } = await newTenant(it.store)
        const creations = Array.from({ length: 20 }, () =>
          theirs.write((tx) => tx.insert('account', entity('account', tenant, { directory }))),
        )
        const removal = it.store.write((tx) => tx.remove('directory', tenant, directory))
        const outcomes = await Promise.allSettled(creations)
        expect(await removal).toBe(true)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(Problem.is(outcome.reason, 'invalidReference')).toBe(true)
        }
        const scope = { by: 'tenant', id: tenant }
        const query = { resource: 'account' as const, tenant, scope, offset: 0, limit: 1 }
        expect(await it.store.list(query)).toEqual({ items: [], size: 0 })
        const rows = await it.database.reader.get('select count(*) as n from accounts where tenant_id = ?', [tenant])
        expect(rows?.n).toBe(0)
      }
      await other.close()
    })

    test('members removed while their directory goes are subtracted once', async () => {
      const other = await it.another()
      const theirs = createStore(other, { clock })
      for (let round = 0; round < 5; round++) {
        const { tenant, directory } = await newTenant(it.store)
        const made = Array.from({ length: 20 }, () => entity('account', tenant, { directory }))
        await it.store.write(async (tx) => {
          for (const account of made) await tx.insert('account', account)
        })
        await Promise.all([
          ...made.map(({ id }) => theirs.write((tx) => tx.remove('account', tenant, id))),
          it.store.write((tx) => tx.remove('directory', tenant, directory)),
        ])
        const scope = { by: 'tenant', id: tenant }
        const query = { resource: 'account' as const, tenant, scope, offset: 0, limit: 1 }
        expect(await it.store.list(query)).toEqual({ items: [], size: 0 })
      }
      await other.close()
    })
  })
}
