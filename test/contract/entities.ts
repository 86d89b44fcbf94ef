import { describe, expect, test } from 'vitest'
import { type Entity, type ResourceName, registry } from '../../src/resources/registry.ts'
import type { Resource } from '../../src/schema/resource.ts'
import { storedResources } from '../../src/storage/columns.ts'
import { ownerOf } from '../../src/storage/relations.ts'
import { belonging, entity, insert, newId, newTenant, tenantEntity } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function entitiesContract(make: MakeDatabase): void {
  describe('entities', () => {
    const it = subject(make)

    /** One of each kind, with everything its links ask for. */
    async function oneOfEach(): Promise<Map<ResourceName, Entity>> {
      const tenant = tenantEntity()
      const t = tenant.id
      const directory = entity('directory', t)
      const group = entity('group', t, { directory: directory.id })
      const application = entity('application', t, { authorizedCallbackUris: ['https://a.example/ü', 'b'] })
      const organization = entity('organization', t)
      const account = entity('account', t, { directory: directory.id, givenName: 'Élodie', passwordModifiedAt: 5 })
      const all: [ResourceName, Entity][] = [
        ['tenant', tenant],
        ['directory', directory],
        ['accountCreationPolicy', { ...entity('accountCreationPolicy', t), id: directory.id }],
        ['accountSchema', { ...entity('accountSchema', t, { directory: directory.id }), id: directory.id }],
        ['passwordPolicy', { ...entity('passwordPolicy', t), id: directory.id }],
        ['passwordStrength', { ...entity('passwordStrength', t), id: directory.id }],
        ['group', group],
        ['application', application],
        ['organization', organization],
        ['account', account],
        ['groupMembership', entity('groupMembership', t, { account: account.id, group: group.id })],
        [
          'accountStoreMapping',
          entity('accountStoreMapping', t, {
            application: application.id,
            accountStore: { resource: 'group', id: group.id },
            listIndex: 0,
            isDefaultAccountStore: true,
          }),
        ],
        [
          'organizationAccountStoreMapping',
          entity('organizationAccountStoreMapping', t, {
            organization: organization.id,
            accountStore: { resource: 'directory', id: directory.id },
          }),
        ],
        ['provider', { ...entity('provider', t, { scope: ['a', 'b'] }), id: directory.id }],
        [
          'userInfoMappingRules',
          {
            ...entity('userInfoMappingRules', t, { items: [{ name: 'ü', accountAttributes: ['surname'] }] }),
            id: directory.id,
          },
        ],
        ['providerData', { ...entity('providerData', t, { directory: directory.id }), id: account.id }],
        ['oAuthPolicy', entity('oAuthPolicy', t, { id: application.id, application: application.id })],
        [
          'accountLinkingPolicy',
          entity('accountLinkingPolicy', t, { id: application.id, application: application.id }),
        ],
        [
          'webConfig',
          entity('webConfig', t, {
            id: application.id,
            application: application.id,
            dnsLabel: `label-${application.id.toLowerCase()}`,
            verifyEmail: { enabled: false },
          }),
        ],
        ['idSite', entity('idSite', t, { sessionCookiePersistent: true })],
      ]
      const made = new Map(all)
      for (const resource of storedResources) {
        if (!made.has(resource)) made.set(resource, entity(resource, t, belonging(resource, made)))
      }
      await it.store.write(async (tx) => {
        for (const [resource, one] of made) await tx.insert(resource, one)
      })
      return made
    }

    test('every kind comes back exactly as it went in', async () => {
      const all = await oneOfEach()
      expect([...all.keys()].sort()).toEqual([...storedResources].sort())
      for (const [resource, one] of all) {
        expect(await it.store.get(resource, one.tenant, one.id), resource).toEqual(one)
      }
    })

    test('GOAL-K3 no kind is seen, changed or deleted from another tenant', async () => {
      const all = await oneOfEach()
      const { tenant } = await newTenant(it.store)
      for (const [resource, one] of all) {
        expect(await it.store.get(resource, tenant, one.id)).toBeUndefined()
        await it.store.write(async (tx) => {
          expect(await tx.lock(resource, tenant, one.id)).toBeUndefined()
          expect(await tx.update(resource, tenant, one.id, { modifiedAt: 1 })).toBe(false)
          expect(await tx.remove(resource, tenant, one.id)).toBe(false)
        })
        expect(await it.store.get(resource, one.tenant, one.id)).toEqual(one)
      }
    })

    test('an update writes its members and nothing else', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const before = await insert(it.store, 'account', tenant, {
        directory,
        email: 'Joe@example.com',
        surname: 'Straße',
      })
      const changes = { email: 'JANE@example.com', surname: null, status: 'DISABLED', modifiedAt: 77 } as const
      expect(await it.store.write((tx) => tx.update('account', tenant, before.id, changes))).toBe(true)
      expect(await it.store.get('account', tenant, before.id)).toEqual({ ...before, ...changes })
      expect(await it.store.find('account', tenant, ['email'], [directory, 'jane@EXAMPLE.com'])).toBeDefined()
      expect(await it.store.find('account', tenant, ['email'], [directory, 'joe@example.com'])).toBeUndefined()
      expect(await it.store.write((tx) => tx.update('account', tenant, newId(), changes))).toBe(false)
    })

    test('a read inside a transaction sees its writes, one outside does not before the end', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const account = entity('account', tenant, { directory })
      await it.store.write(async (tx) => {
        await tx.insert('account', account)
        expect(await tx.get('account', tenant, account.id)).toEqual(account)
        expect(await tx.lock('account', tenant, account.id)).toEqual(account)
        expect(await it.store.get('account', tenant, account.id)).toBeUndefined()
      })
      expect(await it.store.get('account', tenant, account.id)).toEqual(account)
    })

    test('a unit that throws leaves nothing behind, and its error arrives', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const account = entity('account', tenant, { directory })
      const failing = it.store.write(async (tx) => {
        await tx.insert('account', account)
        throw new RangeError('no')
      })
      await expect(failing).rejects.toThrow(RangeError)
      expect(await it.store.get('account', tenant, account.id)).toBeUndefined()
      const scope = { by: 'directory', id: directory }
      expect((await it.store.list({ resource: 'account', tenant, scope, offset: 0, limit: 1 })).size).toBe(0)
    })

    test('a transaction is no use after it ended', async () => {
      const kept = await it.store.write(async (tx) => tx)
      const late = kept.issue('t', 'k', 'secret', 'p', 1)
      await expect(late).rejects.toThrow()
    })

    describe('unique keys', () => {
      for (const resource of storedResources) {
        for (const { of, within, everywhere } of (registry[resource] as Resource).unique) {
          test(`${resource}: ${of.join(' and ')} within ${within ?? (everywhere ? 'the service' : 'the tenant')}`, async () => {
            const all = await oneOfEach()
            const one = all.get(resource) as Entity
            // A part has the id of its owner.
            const owner = ownerOf(resource)
            const place = owner && (await insert(it.store, owner, one.tenant, belonging(owner, all)))
            const twin = { ...other(resource, one), ...pick(one, of, within), ...(place && { id: place.id }) }
            const refusal = it.store.write((tx) => tx.insert(resource, shout(resource, twin as Entity, of)))
            await expect(refusal).rejects.toMatchObject({
              code: 'notUnique',
              detail: { resource, property: of.at(-1) },
            })
            const values = [...(within ? [within] : []), ...of].map((name) => (one as Record<string, unknown>)[name])
            expect(await it.store.find(resource, one.tenant, of, values as string[])).toEqual(one)
          })
        }
      }

      test('an update is refused the same way', async () => {
        const { tenant, directory } = await newTenant(it.store)
        await insert(it.store, 'account', tenant, { directory, email: 'a@example.com' })
        const b = await insert(it.store, 'account', tenant, { directory, email: 'b@example.com' })
        const refusal = it.store.write((tx) => tx.update('account', tenant, b.id, { email: 'A@Example.COM' }))
        await expect(refusal).rejects.toMatchObject({ code: 'notUnique', detail: { property: 'email' } })
      })

      test('GOAL-H8 of two keys that are taken, the same one is named on every database', async () => {
        const { tenant, directory } = await newTenant(it.store)
        const first = await insert(it.store, 'account', tenant, { directory })
        const twin = { ...first, id: newId() }
        const refusal = it.store.write((tx) => tx.insert('account', twin))
        await expect(refusal).rejects.toMatchObject({ detail: { property: 'email' } })
        const organization = await insert(it.store, 'organization', tenant)
        const again = it.store.write((tx) => tx.insert('organization', { ...organization, id: newId() }))
        await expect(again).rejects.toMatchObject({ detail: { property: 'name' } })
      })

      test('names of many characters are told apart as far as a key goes', async () => {
        const { tenant, directory } = await newTenant(it.store)
        // U+FDFA folds to eighteen characters: the widest a name can become.
        const wide = '\ufdfa'.repeat(255)
        const group = await insert(it.store, 'group', tenant, {
          directory,
          name: wide,
          description: '\ufdfa'.repeat(1000),
        })
        expect(await it.store.find('group', tenant, ['name'], [directory, wide])).toEqual(group)
      })
    })

    describe('references', () => {
      test('to what is not there are refused by name', async () => {
        const { tenant, directory } = await newTenant(it.store)
        const refused = (unit: Promise<unknown>, property: string) =>
          expect(unit).rejects.toMatchObject({ code: 'invalidReference', detail: { property } })
        const put = <N extends ResourceName>(resource: N, one: Entity<N>) =>
          it.store.write((tx) => tx.insert(resource, one))
        const account = await insert(it.store, 'account', tenant, { directory })
        const nowhere = newId()
        await refused(put('account', entity('account', tenant, { directory: nowhere })), 'directory')
        await refused(
          put('groupMembership', entity('groupMembership', tenant, { account: account.id, group: nowhere })),
          'group',
        )
        const application = await insert(it.store, 'application', tenant)
        const accountStore = { resource: 'group', id: directory } as const
        const mapping = entity('accountStoreMapping', tenant, { application: application.id, accountStore })
        await refused(put('accountStoreMapping', mapping), 'accountStore')
        const unit = it.store.write((tx) =>
          tx.update('application', tenant, application.id, { defaultAccountStoreMapping: nowhere }),
        )
        await refused(unit, 'defaultAccountStoreMapping')
      })

      test('GOAL-K3 to another tenant lead nowhere', async () => {
        const mine = await newTenant(it.store)
        const theirs = await newTenant(it.store)
        const unit = insert(it.store, 'account', mine.tenant, { directory: theirs.directory })
        await expect(unit).rejects.toMatchObject({ code: 'invalidReference', detail: { property: 'directory' } })
      })
    })

    test('the oldest tenant is the first', async () => {
      const first = await it.store.firstTenant()
      await newTenant(it.store)
      expect(await it.store.firstTenant()).toEqual(first)
      expect(await it.store.write((tx) => tx.firstTenant())).toEqual(first)
    })
  })
}

/** Another entity of the same kind that collides with nothing. */
function other(resource: ResourceName, one: Entity): Entity {
  const links = Object.keys((registry[resource] as Resource).links)
  const kept = Object.fromEntries(Object.entries(one).filter(([name]) => links.includes(name)))
  return { ...entity(resource, one.tenant, kept as Partial<Entity>), id: newId() }
}

function pick(one: Entity, of: readonly string[], within: string | undefined): Record<string, unknown> {
  const names = [...of, ...(within ? [within] : [])]
  return Object.fromEntries(names.map((name) => [name, (one as Record<string, unknown>)[name]]))
}

/** The compared texts in another case. */
function shout(resource: ResourceName, one: Entity, of: readonly string[]): Entity {
  const { attributes } = registry[resource] as Resource
  const texts = of.filter((name) => {
    const attribute = attributes[name]
    return attribute?.kind === 'string' && attribute.folded
  })
  const loud = texts.map((name) => [name, String((one as Record<string, unknown>)[name]).toUpperCase()])
  return { ...one, ...Object.fromEntries(loud) } as Entity
}
