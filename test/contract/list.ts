import { describe, expect, test } from 'vitest'
import type { ListQuery, Scope } from '../../src/core/ports.ts'
import type { Entity, ResourceName } from '../../src/resources/registry.ts'
import { entity, insert, newId, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function listContract(make: MakeDatabase): void {
  describe('lists', () => {
    const it = subject(make)

    async function list(resource: ResourceName, tenant: string, scope: Scope, more: Partial<ListQuery> = {}) {
      const page = await it.store.list({ resource, tenant, scope, offset: 0, limit: 100, ...more })
      return { ids: page.items.map(({ id }) => id), size: page.size, items: page.items }
    }

    async function accounts(tenant: string, directory: string, count: number): Promise<string[]> {
      const made = Array.from({ length: count }, () => entity('account', tenant, { directory }))
      await it.store.write(async (tx) => {
        for (const account of made) await tx.insert('account', account)
      })
      return made.map(({ id }) => id)
    }

    test('pages of the default order are those of creation, and their size is the whole', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const ids = await accounts(tenant, directory, 30)
      const scope = { by: 'directory', id: directory }
      const first = await list('account', tenant, scope, { limit: 25 })
      expect(first).toMatchObject({ ids: ids.slice(0, 25), size: 30 })
      expect(first.items[0]).toEqual(await it.store.get('account', tenant, ids[0] as string))
      expect(await list('account', tenant, scope, { offset: 25, limit: 25 })).toMatchObject({
        ids: ids.slice(25),
        size: 30,
      })
      expect(await list('account', tenant, scope, { offset: 500, limit: 25 })).toMatchObject({ ids: [], size: 30 })
      expect(await list('account', tenant, { by: 'tenant', id: tenant })).toMatchObject({ ids, size: 30 })
      expect(await list('account', tenant, { by: 'directory', id: newId() })).toMatchObject({ ids: [], size: 0 })
      expect(await list('account', newId(), scope)).toMatchObject({ ids: [], size: 0 })
    })

    test('a member that comes while someone pages shifts nothing before it', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const ids = await accounts(tenant, directory, 10)
      const scope = { by: 'directory', id: directory }
      const first = await list('account', tenant, scope, { limit: 5 })
      const later = await accounts(tenant, directory, 1)
      const second = await list('account', tenant, scope, { offset: 5, limit: 10 })
      expect([...first.ids, ...second.ids]).toEqual([...ids, ...later])
    })

    test('through a joining resource, both ways', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const [a = '', b = ''] = await accounts(tenant, directory, 2)
      const g = await insert(it.store, 'group', tenant, { directory })
      const h = await insert(it.store, 'group', tenant, { directory })
      for (const [account, group] of [
        [b, g.id],
        [a, g.id],
        [a, h.id],
      ] as const) {
        await insert(it.store, 'groupMembership', tenant, { account, group })
      }
      const members = (id: string): Scope => ({ through: 'groupMembership', from: 'group', to: 'account', id })
      const groups = (id: string): Scope => ({ through: 'groupMembership', from: 'account', to: 'group', id })
      expect(await list('account', tenant, members(g.id))).toMatchObject({ ids: [a, b], size: 2 })
      expect(await list('account', tenant, members(g.id), { offset: 1 })).toMatchObject({ ids: [b], size: 2 })
      expect(await list('group', tenant, groups(a))).toMatchObject({ ids: [g.id, h.id], size: 2 })
      expect(await list('groupMembership', tenant, { by: 'group', id: g.id })).toMatchObject({ size: 2 })
      expect(await list('groupMembership', tenant, { by: 'account', id: a })).toMatchObject({ size: 2 })
      const orderBy = [{ on: { attribute: 'email' }, descending: true }]
      expect(await list('account', tenant, members(g.id), { orderBy })).toMatchObject({ ids: [b, a], size: 2 })
    })

    test('a group with most of the accounts, in the order of an attribute', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const group = await insert(it.store, 'group', tenant, { directory })
      const members: string[] = []
      for (let n = 0; n < 80; n++) {
        const surname = n % 9 === 0 ? null : `n${(n * 37) % 80}`
        const { id } = await insert(it.store, 'account', tenant, { directory, surname })
        if (n % 8 === 0) continue
        members.push(id)
        await insert(it.store, 'groupMembership', tenant, { account: id, group: group.id })
      }
      const scope: Scope = { through: 'groupMembership', from: 'group', to: 'account', id: group.id }
      const orderBy = [{ on: { attribute: 'surname' }, descending: true }]
      const whole = await list('account', tenant, scope, { orderBy })
      expect(whole.ids.toSorted()).toEqual(members.toSorted())
      const surnames = whole.items.map((account) => (account as Entity<'account'>).surname)
      expect(surnames.filter((surname) => surname !== null)).toEqual(
        surnames
          .filter((one) => one !== null)
          .toSorted()
          .toReversed(),
      )
      const pages = [0, 20, 40, 60].map((offset) => list('account', tenant, scope, { orderBy, offset, limit: 20 }))
      expect((await Promise.all(pages)).flatMap(({ ids }) => ids)).toEqual(whole.ids)
      expect(whole.size).toBe(70)
    })

    test('mappings by either side, and those to the groups of a directory', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const group = await insert(it.store, 'group', tenant, { directory })
      const application = await insert(it.store, 'application', tenant)
      const map = (resource: 'directory' | 'group', id: string, listIndex: number) =>
        insert(it.store, 'accountStoreMapping', tenant, {
          application: application.id,
          accountStore: { resource, id },
          listIndex,
        })
      const toDirectory = await map('directory', directory, 1)
      const toGroup = await map('group', group.id, 0)
      const name = 'accountStoreMapping'
      const orderBy = [{ on: { attribute: 'listIndex' }, descending: false }]
      const all = await list(name, tenant, { by: 'application', id: application.id }, { orderBy, limit: 100_000 })
      expect(all).toMatchObject({ ids: [toGroup.id, toDirectory.id], size: 2 })
      expect(await list(name, tenant, { by: 'accountStore', id: directory })).toMatchObject({ ids: [toDirectory.id] })
      const scope: Scope = { by: 'accountStore', of: 'group', whose: 'directory', id: directory }
      expect(await list(name, tenant, scope)).toMatchObject({ ids: [toGroup.id], size: 1 })
    })

    test('GOAL-H8 an order by an attribute: bytes of the folded text, absent values first, then the id', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const names = ['b', null, 'Ä', 'a', 'B', 'z', '𝒵', '中', null, 'A b', 'a-b']
      const ids: string[] = []
      for (const givenName of names) ids.push((await insert(it.store, 'account', tenant, { directory, givenName })).id)
      const at = (...places: number[]) => places.map((place) => ids[place])
      const up = at(1, 8, 3, 9, 10, 0, 4, 5, 6, 2, 7)
      for (const scope of [
        { by: 'directory', id: directory },
        { by: 'tenant', id: tenant },
      ]) {
        const order = (descending: boolean) => ({ orderBy: [{ on: { attribute: 'givenName' }, descending }] })
        expect((await list('account', tenant, scope, order(false))).ids).toEqual(up)
        expect((await list('account', tenant, scope, order(true))).ids).toEqual(up.toReversed())
        const paged: string[] = []
        for (let offset = 0; offset < names.length; offset += 4) {
          paged.push(...(await list('account', tenant, scope, { ...order(false), offset, limit: 4 })).ids)
        }
        expect(paged).toEqual(up)
      }
    })

    test('an order by several attributes', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const people = [
        ['b', 'x'],
        ['a', 'x'],
        ['b', 'y'],
        ['a', null],
      ] as const
      const ids: string[] = []
      for (const [surname, givenName] of people) {
        ids.push((await insert(it.store, 'account', tenant, { directory, surname, givenName })).id)
      }
      const orderBy = [
        { on: { attribute: 'surname' }, descending: false },
        { on: { attribute: 'givenName' }, descending: true },
      ]
      const found = await list('account', tenant, { by: 'directory', id: directory }, { orderBy })
      expect(found.ids).toEqual([1, 3, 2, 0].map((at) => ids[at]))
    })

    test('an order by times, numbers and words', async () => {
      const { tenant } = await newTenant(it.store)
      const make = (createdAt: number, status: 'ENABLED' | 'DISABLED') =>
        insert(it.store, 'application', tenant, { createdAt, status })
      const [a, b, c] = [await make(3, 'ENABLED'), await make(1, 'DISABLED'), await make(2, 'ENABLED')]
      const by = async (attribute: string) =>
        (
          await list(
            'application',
            tenant,
            { by: 'tenant', id: tenant },
            { orderBy: [{ on: { attribute }, descending: false }] },
          )
        ).ids
      expect(await by('createdAt')).toEqual([b.id, c.id, a.id])
      expect(await by('status')).toEqual([b.id, a.id, c.id])
    })

    describe('sizes', () => {
      test('follow every insert and removal, inside the transaction too', async () => {
        const { tenant, directory } = await newTenant(it.store)
        const scope = { by: 'directory', id: directory }
        const size = async () => (await list('account', tenant, scope, { limit: 1 })).size
        await it.store.write(async (tx) => {
          const account = entity('account', tenant, { directory })
          await tx.insert('account', account)
          await tx.insert('account', entity('account', tenant, { directory }))
          expect((await tx.list({ resource: 'account', tenant, scope, offset: 0, limit: 1 })).size).toBe(2)
          await tx.remove('account', tenant, account.id)
          expect((await tx.list({ resource: 'account', tenant, scope, offset: 0, limit: 1 })).size).toBe(1)
        })
        expect(await size()).toBe(1)
      })

      test('stay right while many write and what they changed is folded', async () => {
        const { tenant, directory } = await newTenant(it.store)
        const scope = { by: 'directory', id: directory }
        const rows = async () => {
          const where = 'where tenant_id = ? and resource = ? and scope = ?'
          const found = await it.database.reader.get(`select count(*) as n from counts ${where}`, [
            tenant,
            'account',
            'directory',
          ])
          return Number(found?.n)
        }
        const grow = () => insert(it.store, 'account', tenant, { directory })
        const shrink = async () => {
          const { id } = await grow()
          await it.store.write((tx) => tx.remove('account', tenant, id))
        }
        for (let round = 0; round < 20; round++) {
          await Promise.all([...Array.from({ length: 16 }, grow), ...Array.from({ length: 8 }, shrink)])
        }
        expect((await list('account', tenant, scope, { limit: 1 })).size).toBe(320)
        await expect.poll(rows).toBeLessThanOrEqual(257)
        expect((await list('account', tenant, scope, { limit: 1 })).size).toBe(320)
      })

      test('of what is not kept are counted', async () => {
        const { tenant, directory } = await newTenant(it.store)
        const [account = ''] = await accounts(tenant, directory, 1)
        for (let n = 0; n < 3; n++) await insert(it.store, 'apiKey', tenant, { account })
        expect(await list('apiKey', tenant, { by: 'account', id: account }, { limit: 2 })).toMatchObject({ size: 3 })
      })
    })
  })
}
