import { describe, expect, test } from 'vitest'
import type { Ref } from '../../src/core/ports.ts'
import type { ResourceName } from '../../src/resources/registry.ts'
import { expectedTables } from '../../src/storage/schema.ts'
import { entity, insert, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function removeContract(make: MakeDatabase): void {
  describe('removing', () => {
    const it = subject(make)
    const remove = (tenant: string, resource: ResourceName, id: string) =>
      it.store.write((tx) => tx.remove(resource, tenant, id))

    /** Rows that are left of a tenant, by table. */
    async function rowsOf(tenant: string): Promise<Record<string, number>> {
      const left: Record<string, number> = {}
      for (const { name } of expectedTables('sqlite')) {
        const row = await it.database.reader.get(`select count(*) as n from ${name} where tenant_id = ?`, [tenant])
        if (Number(row?.n) > 0) left[name] = Number(row?.n)
      }
      return left
    }

    async function size(tenant: string, resource: ResourceName, by: string, id: string): Promise<number> {
      return (await it.store.list({ resource, tenant, scope: { by, id }, offset: 0, limit: 1 })).size
    }

    /** A directory with members, mapped by an application and an organization that have it as their default. */
    async function house(accounts: number) {
      const { tenant, directory } = await newTenant(it.store)
      const group = await insert(it.store, 'group', tenant, { directory, name: 'Staff of the house' })
      const application = await insert(it.store, 'application', tenant)
      const organization = await insert(it.store, 'organization', tenant)
      const store = { resource: 'directory', id: directory } as const
      const groupStore = { resource: 'group', id: group.id } as const
      const mapping = await insert(it.store, 'accountStoreMapping', tenant, {
        application: application.id,
        accountStore: store,
      })
      const inner = await insert(it.store, 'organizationAccountStoreMapping', tenant, {
        organization: organization.id,
        accountStore: groupStore,
      })
      const ids: string[] = []
      for (let made = 0; made < accounts; made += 500) {
        await it.store.write(async (tx) => {
          const some = Array.from({ length: Math.min(accounts - made, 500) }, () =>
            entity('account', tenant, { directory, givenName: 'Resident of the house' }),
          )
          // All at once: statements of one transaction may overlap.
          await Promise.all(some.map((account) => tx.insert('account', account)))
          const rest = some.map(async (account) => {
            ids.push(account.id)
            await tx.insert(
              'groupMembership',
              entity('groupMembership', tenant, { account: account.id, group: group.id }),
            )
            const json = '{"floor":"seventh"}'
            await tx.putCustomData({ resource: 'account', id: account.id }, tenant, {
              json,
              createdAt: 1,
              modifiedAt: 1,
            })
          })
          await Promise.all(rest)
        })
      }
      await it.store.write(async (tx) => {
        await tx.update('application', tenant, application.id, { defaultAccountStoreMapping: mapping.id })
        await tx.update('organization', tenant, organization.id, { defaultGroupStoreMapping: inner.id })
        await tx.update('tenant', tenant, tenant, { ownerAccount: ids[0] ?? null, administratorsDirectory: directory })
        await tx.insert('apiKey', entity('apiKey', tenant, { account: ids[0] as string }))
        await tx.insert('accountCreationPolicy', { ...entity('accountCreationPolicy', tenant), id: directory })
        const schema = entity('accountSchema', tenant, { directory })
        await tx.insert('accountSchema', { ...schema, id: directory })
        await tx.insert('field', entity('field', tenant, { schema: directory, name: 'surname' }))
        await tx.insert('passwordPolicy', { ...entity('passwordPolicy', tenant), id: directory })
        await tx.insert('passwordStrength', { ...entity('passwordStrength', tenant), id: directory })
      })
      return { tenant, directory, group, application, organization, mapping, inner, accounts: ids }
    }

    test('GOAL-D8 a directory goes with all that hangs on it, at once, and nothing is orphaned', {
      timeout: 120_000,
    }, async () => {
      const { tenant, directory, application, organization } = await house(10_000)
      expect(await remove(tenant, 'directory', directory)).toBe(true)
      expect(await rowsOf(tenant)).toEqual({
        tenants: 1,
        applications: 1,
        organizations: 1,
        counts: expect.any(Number),
      })
      for (const resource of ['account', 'group', 'directory'] as const) {
        expect(await size(tenant, resource, 'tenant', tenant)).toBe(0)
      }
      expect(await it.store.get('application', tenant, application.id)).toMatchObject({
        defaultAccountStoreMapping: null,
      })
      expect(await it.store.get('organization', tenant, organization.id)).toMatchObject({
        defaultGroupStoreMapping: null,
      })
      const owner = await it.store.get('tenant', tenant, tenant)
      expect(owner).toMatchObject({ ownerAccount: null, administratorsDirectory: null })
      for (const q of ['resident', 'staff of']) {
        const scope = { by: 'tenant', id: tenant }
        const found = await it.store.list({ resource: 'account', tenant, scope, q, offset: 0, limit: 1 })
        expect(found).toEqual({ items: [], size: 0 })
      }
      expect(await remove(tenant, 'directory', directory)).toBe(false)
    })

    test('a failure after the removal brings everything back', async () => {
      const { tenant, directory, accounts } = await house(20)
      const before = await rowsOf(tenant)
      const unit = it.store.write(async (tx) => {
        await tx.remove('directory', tenant, directory)
        throw new Error('later')
      })
      await expect(unit).rejects.toThrow('later')
      expect(await rowsOf(tenant)).toEqual(before)
      expect(await size(tenant, 'account', 'directory', directory)).toBe(accounts.length)
    })

    test('an account takes memberships, keys and custom data; groups stay and count one less', async () => {
      const { tenant, directory, group, accounts } = await house(3)
      const [first = ''] = accounts
      expect(await remove(tenant, 'account', first)).toBe(true)
      expect(await size(tenant, 'account', 'directory', directory)).toBe(2)
      expect(await size(tenant, 'groupMembership', 'group', group.id)).toBe(2)
      expect(await it.store.customData({ resource: 'account', id: first }, tenant)).toBeUndefined()
      const rows = await rowsOf(tenant)
      expect(rows).toMatchObject({ accounts: 2, group_memberships: 2, accounts_custom_data_leaves: 2 })
      expect(rows.api_keys).toBeUndefined()
      expect(await it.store.get('tenant', tenant, tenant)).toMatchObject({ ownerAccount: null })
    })

    test('a group takes memberships and mappings, not its members', async () => {
      const { tenant, directory, group, organization, accounts } = await house(3)
      expect(await remove(tenant, 'group', group.id)).toBe(true)
      expect(await size(tenant, 'account', 'directory', directory)).toBe(accounts.length)
      expect(await rowsOf(tenant)).toMatchObject({ accounts: 3, account_store_mappings: 1 })
      expect((await rowsOf(tenant)).organization_account_store_mappings).toBeUndefined()
      expect(await it.store.get('organization', tenant, organization.id)).toMatchObject({
        defaultGroupStoreMapping: null,
      })
    })

    test('an application and an organization leave their stores alone', async () => {
      const { tenant, directory, application, organization } = await house(3)
      expect(await remove(tenant, 'application', application.id)).toBe(true)
      expect(await remove(tenant, 'organization', organization.id)).toBe(true)
      expect(await size(tenant, 'account', 'directory', directory)).toBe(3)
      const rows = await rowsOf(tenant)
      expect(rows.account_store_mappings ?? 0).toBe(0)
      expect(rows.organization_account_store_mappings ?? 0).toBe(0)
    })

    test('a mapping only clears the links to it', async () => {
      const { tenant, application, mapping } = await house(1)
      expect(await remove(tenant, 'accountStoreMapping', mapping.id)).toBe(true)
      expect(await it.store.get('application', tenant, application.id)).toMatchObject({
        defaultAccountStoreMapping: null,
      })
    })

    test('a tenant takes everything', async () => {
      const { tenant } = await house(5)
      const other = await house(1)
      expect(await remove(tenant, 'tenant', tenant)).toBe(true)
      expect(await rowsOf(tenant)).toEqual({})
      expect(await rowsOf(other.tenant)).toMatchObject({ accounts: 1, tenants: 1 })
    })

    test('what was deleted is known by its event', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const resource: Ref = { resource: 'directory', id: directory }
      const event = {
        id: directory,
        tenant,
        at: 1,
        type: 'directory.deleted',
        actor: { kind: 'system', id: 'test' },
        resource,
        changed: [],
        requestId: 'r',
      } as const
      expect(await it.store.wasDeleted('directory', tenant, directory)).toBe(false)
      await it.store.write((tx) => tx.append(event))
      expect(await it.store.wasDeleted('directory', tenant, directory)).toBe(true)
      expect(await it.store.wasDeleted('group', tenant, directory)).toBe(false)
    })
  })
}
