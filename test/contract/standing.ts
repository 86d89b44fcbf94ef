import { describe, expect, test } from 'vitest'
import type { ResourceName } from '../../src/resources/registry.ts'
import { insert, newId, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function standingContract(make: MakeDatabase): void {
  describe('the standing of an API key', () => {
    const it = subject(make)
    const administers = async (key: string) => (await it.store.apiKeyStanding(key))?.administrator

    async function office() {
      const { tenant, directory } = await newTenant(it.store)
      const application = await insert(it.store, 'application', tenant)
      await it.store.write((tx) => tx.update('tenant', tenant, tenant, { consoleApplication: application.id }))
      const account = await insert(it.store, 'account', tenant, { directory })
      const group = await insert(it.store, 'group', tenant, { directory })
      await insert(it.store, 'groupMembership', tenant, { account: account.id, group: group.id })
      const organization = await insert(it.store, 'organization', tenant)
      const key = await insert(it.store, 'apiKey', tenant, { account: account.id })
      const map = (resource: 'directory' | 'group' | 'organization', id: string) =>
        insert(it.store, 'accountStoreMapping', tenant, { application: application.id, accountStore: { resource, id } })
      const mapInner = (resource: 'directory' | 'group', id: string) =>
        insert(it.store, 'organizationAccountStoreMapping', tenant, {
          organization: organization.id,
          accountStore: { resource, id },
        })
      /** Whether the key loses its standing while something is disabled, and has it before and after. */
      const expectNeeded = async (resource: ResourceName, id: string) => {
        const set = (status: string) =>
          it.store.write((tx) => tx.update(resource, tenant, id, { status } as Record<string, unknown>))
        expect(await administers(key.id), `${resource} enabled`).toBe(true)
        await set('DISABLED')
        expect(await administers(key.id), `${resource} disabled`).toBe(false)
        await set('ENABLED')
        expect(await administers(key.id), `${resource} enabled again`).toBe(true)
      }
      return { tenant, directory, application, account, group, organization, key, map, mapInner, expectNeeded }
    }

    test('an unknown key has none', async () => {
      expect(await it.store.apiKeyStanding(newId())).toBeUndefined()
    })

    test('without a way to the console application it is nobody’s administrator', async () => {
      const { key, directory, tenant } = await office()
      expect(await it.store.apiKeyStanding(key.id)).toEqual({ key, administrator: false })
      const application = await insert(it.store, 'application', tenant)
      const accountStore = { resource: 'directory', id: directory } as const
      await insert(it.store, 'accountStoreMapping', tenant, { application: application.id, accountStore })
      expect(await administers(key.id)).toBe(false)
    })

    test('by the directory', async () => {
      const { key, directory, map, expectNeeded, application, account } = await office()
      await map('directory', directory)
      expect(await it.store.apiKeyStanding(key.id)).toEqual({ key, administrator: true })
      await expectNeeded('directory', directory)
      await expectNeeded('application', application.id)
      await expectNeeded('account', account.id)
      await expectNeeded('apiKey', key.id)
    })

    test('by a group', async () => {
      const { key, group, directory, map, expectNeeded } = await office()
      await map('group', group.id)
      expect(await administers(key.id)).toBe(true)
      await expectNeeded('group', group.id)
      await expectNeeded('directory', directory)
    })

    test('by an organization, and what it maps', async () => {
      const { key, tenant, group, organization, directory, map, mapInner, expectNeeded } = await office()
      await map('organization', organization.id)
      expect(await administers(key.id)).toBe(false)
      const inner = await mapInner('group', group.id)
      await expectNeeded('organization', organization.id)
      await expectNeeded('group', group.id)
      await it.store.write((tx) => tx.remove('organizationAccountStoreMapping', tenant, inner.id))
      expect(await administers(key.id)).toBe(false)
      await mapInner('directory', directory)
      await expectNeeded('organization', organization.id)
    })

    test('it is never older than the last write, of another process either', async () => {
      const { key, tenant, account, directory, map } = await office()
      await map('directory', directory)
      expect(await administers(key.id)).toBe(true)
      const other = await it.another()
      await other.write((connection) =>
        connection.run("update accounts set status = 'DISABLED' where tenant_id = ? and id = ?", [tenant, account.id]),
      )
      expect(await administers(key.id)).toBe(false)
      await other.close()
      await it.store.write((tx) => tx.remove('apiKey', tenant, key.id))
      expect(await it.store.apiKeyStanding(key.id)).toBeUndefined()
    })
  })
}
