import { describe, expect, test } from 'vitest'
import type { ListQuery, Ref } from '../../src/core/ports.ts'
import type { ResourceName } from '../../src/resources/registry.ts'
import type { View } from '../../src/schema/link.ts'
import { entity, insert, newId, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

type StoreName = 'directory' | 'group' | 'organization'

export function viewsContract(make: MakeDatabase): void {
  describe('views over account stores', () => {
    const it = subject(make)

    async function list(resource: ResourceName, tenant: string, view: View, of: Ref, more: Partial<ListQuery> = {}) {
      const page = await it.store.list({ resource, tenant, scope: { view, of }, offset: 0, limit: 100, ...more })
      return { ids: page.items.map(({ id }) => id), size: page.size }
    }

    /** Two directories with two accounts and a group each; the group has the second account of its directory. */
    async function town() {
      const { tenant, directory } = await newTenant(it.store)
      const second = await insert(it.store, 'directory', tenant, { status: 'DISABLED' })
      const street = async (id: string) => {
        const a = await insert(it.store, 'account', tenant, { directory: id, surname: 'first' })
        const b = await insert(it.store, 'account', tenant, { directory: id, surname: 'second' })
        const group = await insert(it.store, 'group', tenant, { directory: id })
        await insert(it.store, 'groupMembership', tenant, { account: b.id, group: group.id })
        return { directory: id, a: a.id, b: b.id, group: group.id }
      }
      const one = await street(directory)
      const two = await street(second.id)
      const application = (await insert(it.store, 'application', tenant)).id
      const organization = (await insert(it.store, 'organization', tenant)).id
      const map = (resource: StoreName, id: string) =>
        insert(it.store, 'accountStoreMapping', tenant, { application, accountStore: { resource, id } })
      const mapInner = (resource: StoreName, id: string) =>
        insert(it.store, 'organizationAccountStoreMapping', tenant, { organization, accountStore: { resource, id } })
      const app: Ref = { resource: 'application', id: application }
      const org: Ref = { resource: 'organization', id: organization }
      return { tenant, one, two, app, org, map, mapInner }
    }

    test('nothing is mapped', async () => {
      const { tenant, app, org } = await town()
      for (const of of [app, org]) {
        expect(await list('account', tenant, 'accountsOfStores', of)).toEqual({ ids: [], size: 0 })
        expect(await list('group', tenant, 'groupsOfStores', of)).toEqual({ ids: [], size: 0 })
      }
    })

    test('one directory', async () => {
      const { tenant, one, app, map } = await town()
      await map('directory', one.directory)
      expect(await list('account', tenant, 'accountsOfStores', app)).toEqual({ ids: [one.a, one.b], size: 2 })
      expect(await list('group', tenant, 'groupsOfStores', app)).toEqual({ ids: [one.group], size: 1 })
    })

    test('one group', async () => {
      const { tenant, two, app, map } = await town()
      await map('group', two.group)
      expect(await list('account', tenant, 'accountsOfStores', app)).toEqual({ ids: [two.b], size: 1 })
      expect(await list('group', tenant, 'groupsOfStores', app)).toEqual({ ids: [two.group], size: 1 })
    })

    test('several stores: each member once, in the one order, page by page', async () => {
      const { tenant, one, two, app, org, map, mapInner } = await town()
      await map('directory', one.directory)
      await map('group', one.group)
      await map('organization', org.id)
      await mapInner('group', two.group)
      const all = [one.a, one.b, two.b]
      expect(await list('account', tenant, 'accountsOfStores', app)).toEqual({ ids: all, size: 3 })
      for (let offset = 0; offset < 3; offset++) {
        const page = await list('account', tenant, 'accountsOfStores', app, { offset, limit: 1 })
        expect(page).toEqual({ ids: [all[offset]], size: 3 })
      }
      expect(await list('group', tenant, 'groupsOfStores', app)).toEqual({ ids: [one.group, two.group], size: 2 })
      expect(await list('account', tenant, 'accountsOfStores', org)).toEqual({ ids: [two.b], size: 1 })
    })

    test('several stores, sorted and searched', async () => {
      const { tenant, one, two, app, map } = await town()
      await map('directory', two.directory)
      await map('directory', one.directory)
      const orderBy = [{ on: { attribute: 'surname' }, descending: true }]
      const sorted = await list('account', tenant, 'accountsOfStores', app, { orderBy })
      expect(sorted).toEqual({ ids: [two.b, one.b, two.a, one.a], size: 4 })
      const criteria = [{ on: { attribute: 'surname' }, match: 'equals', text: 'FIRST' } as const]
      const found = await list('account', tenant, 'accountsOfStores', app, { criteria })
      expect(found).toEqual({ ids: [one.a, two.a], size: 2 })
      expect(await list('account', tenant, 'accountsOfStores', app, { q: 'econ', limit: 1 })).toEqual({
        ids: [one.b],
        size: 2,
      })
    })

    test('more stores than are read one by one', async () => {
      const { tenant, one, app, map } = await town()
      await map('group', one.group)
      const made = Array.from({ length: 150 }, () => entity('directory', tenant))
      await it.store.write(async (tx) => {
        for (const directory of made) {
          await tx.insert('directory', directory)
          const accountStore = { resource: 'directory', id: directory.id } as const
          await tx.insert(
            'accountStoreMapping',
            entity('accountStoreMapping', tenant, { application: app.id, accountStore }),
          )
        }
      })
      const inLast = await insert(it.store, 'account', tenant, { directory: made.at(-1)?.id ?? '' })
      const group = await insert(it.store, 'group', tenant, { directory: made[3]?.id ?? '' })
      expect(await list('account', tenant, 'accountsOfStores', app)).toEqual({ ids: [one.b, inLast.id], size: 2 })
      expect(await list('group', tenant, 'groupsOfStores', app)).toEqual({ ids: [one.group, group.id], size: 2 })
    })

    test('applications of an account: by its directory, a group of its, or an organization that maps one', async () => {
      const { tenant, one, two, org, mapInner } = await town()
      const byDirectory = await insert(it.store, 'application', tenant)
      const byGroup = await insert(it.store, 'application', tenant)
      const byOrganization = await insert(it.store, 'application', tenant)
      const map = (application: string, resource: StoreName, id: string) =>
        insert(it.store, 'accountStoreMapping', tenant, { application, accountStore: { resource, id } })
      await map(byDirectory.id, 'directory', one.directory)
      await map(byGroup.id, 'group', one.group)
      await map(byOrganization.id, 'organization', org.id)
      await mapInner('group', one.group)
      const of = (id: string): Ref => ({ resource: 'account', id })
      const view = 'applicationsOfAccount'
      expect(await list('application', tenant, view, of(one.a))).toEqual({ ids: [byDirectory.id], size: 1 })
      const all = [byDirectory.id, byGroup.id, byOrganization.id]
      expect(await list('application', tenant, view, of(one.b))).toEqual({ ids: all, size: 3 })
      expect(await list('application', tenant, view, of(two.b))).toEqual({ ids: [], size: 0 })
      expect(await list('application', tenant, view, of(newId()))).toEqual({ ids: [], size: 0 })

      const store = (resource: StoreName, id: string): Ref => ({ resource, id })
      const stores = 'applicationsOfStore'
      expect(await list('application', tenant, stores, store('directory', one.directory))).toEqual({
        ids: [byDirectory.id],
        size: 1,
      })
      expect(await list('application', tenant, stores, store('group', one.group))).toEqual({ ids: all, size: 3 })
      expect(await list('organization', tenant, 'organizationsOfStore', store('directory', one.directory))).toEqual({
        ids: [],
        size: 0,
      })
      await mapInner('directory', one.directory)
      expect(await list('organization', tenant, 'organizationsOfStore', store('directory', one.directory))).toEqual({
        ids: [org.id],
        size: 1,
      })
    })

    test('API keys of an application, looked up by id', async () => {
      const { tenant, one, two, app, map } = await town()
      await map('group', one.group)
      const key = async (account: string) => (await insert(it.store, 'apiKey', tenant, { account })).id
      const [inside, outside, elsewhere] = [await key(one.b), await key(one.a), await key(two.b)]
      const look = (id: string) =>
        list('apiKey', tenant, 'apiKeysOfApplication', app, {
          criteria: [{ on: { attribute: 'id' }, match: 'equals', text: id }],
        })
      expect(await look(inside)).toEqual({ ids: [inside], size: 1 })
      for (const id of [outside, elsewhere, inside.toLowerCase(), newId()])
        expect(await look(id)).toEqual({ ids: [], size: 0 })
    })
  })
}
