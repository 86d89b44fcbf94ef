import { describe, expect, test } from 'vitest'
import type { CustomDataRecord, Ref } from '../../src/core/ports.ts'
import type { ResourceName } from '../../src/resources/registry.ts'
import { customDataOwners } from '../../src/storage/relations.ts'
import { belonging, insert, newId, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

const record = (json: string, modifiedAt = 2): CustomDataRecord => ({ json, createdAt: 1, modifiedAt })

export function customDataContract(make: MakeDatabase): void {
  describe('custom data', () => {
    const it = subject(make)
    const put = (owner: Ref, tenant: string, json: string) =>
      it.store.write((tx) => tx.putCustomData(owner, tenant, record(json)))

    async function leavesOf(tenant: string, id: string): Promise<string[]> {
      const rows = await it.database.reader.all(
        'select path, kind, text_key from accounts_custom_data_leaves where tenant_id = ? and id = ? order by path, text_key',
        [tenant, id],
      )
      return rows.map(({ path, kind, text_key: key }) => `${path} ${kind} ${key}`)
    }

    test('every kind of owner keeps its own, to the letter', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const json = '{"n":0.00,"big":12345678901234567890123,"__proto__":{"x":1},"ü":"𝒳"}'
      const made = new Map<ResourceName, { id: string }>([
        ['tenant', { id: tenant }],
        ['directory', { id: directory }],
      ])
      for (const resource of customDataOwners) {
        const owner = made.get(resource) ?? (await insert(it.store, resource, tenant, belonging(resource, made)))
        made.set(resource, owner)
        expect(await it.store.customData({ resource, id: owner.id }, tenant)).toBeUndefined()
        await put({ resource, id: owner.id }, tenant, '{"first":true}')
        await put({ resource, id: owner.id }, tenant, json)
        expect(await it.store.customData({ resource, id: owner.id }, tenant)).toEqual(record(json))
        expect(await it.store.customData({ resource, id: owner.id }, newId())).toBeUndefined()
      }
    })

    test('of many owners at once', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const ids: string[] = []
      for (let n = 0; n < 3; n++) ids.push((await insert(it.store, 'account', tenant, { directory })).id)
      await put({ resource: 'account', id: ids[0] as string }, tenant, '{"n":0}')
      await put({ resource: 'account', id: ids[2] as string }, tenant, '{"n":2}')
      const asked = [...ids, ...Array.from({ length: 600 }, newId)]
      const found = await it.store.customDataOf('account', tenant, asked)
      expect([...found.keys()].sort()).toEqual([ids[0], ids[2]].sort())
      expect(found.get(ids[2] as string)).toEqual(record('{"n":2}'))
      expect((await it.store.customDataOf('account', tenant, [])).size).toBe(0)
    })

    test('the index follows: what differs is touched, the rest stays', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const { id } = await insert(it.store, 'account', tenant, { directory })
      const owner: Ref = { resource: 'account', id }
      await put(owner, tenant, '{"a":{"b":["X","x",1.50]},"on":"2015-02-03T10:00:00Z","t":true,"n":null,"gone":"y"}')
      expect(await leavesOf(tenant, id)).toEqual([
        'a.b number 1.50',
        'a.b string x',
        'gone string y',
        'n null null',
        'on date 2015-02-03t10:00:00z',
        't boolean true',
      ])
      await put(owner, tenant, '{"a":{"b":["x"]},"new":"z"}')
      expect(await leavesOf(tenant, id)).toEqual(['a.b string x', 'new string z'])
      await put(owner, tenant, '{}')
      expect(await leavesOf(tenant, id)).toEqual([])
    })

    test('a thousand scalars are in the index, more are noted', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const { id } = await insert(it.store, 'account', tenant, { directory })
      const owner: Ref = { resource: 'account', id }
      const members = Array.from({ length: 1200 }, (_, n) => `"k${n}":${n}`)
      const overflow = async () =>
        (
          await it.database.reader.get('select overflow from accounts_custom_data where tenant_id = ? and id = ?', [
            tenant,
            id,
          ])
        )?.overflow
      await put(owner, tenant, `{${members.join()}}`)
      expect(await leavesOf(tenant, id)).toHaveLength(1000)
      expect(await overflow()).toBe(1)
      await put(owner, tenant, `{"long":"${'x'.repeat(257)}"}`)
      expect(await overflow()).toBe(1)
      await put(owner, tenant, `{"wide":"${'\ufdfa'.repeat(80)}"}`)
      expect(await overflow()).toBe(1)
      await put(owner, tenant, '{"a":1}')
      expect(await overflow()).toBe(0)
    })
  })
}
