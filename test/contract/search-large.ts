import { beforeAll, describe, expect, test } from 'vitest'
import type { ListQuery } from '../../src/core/ports.ts'
import type { Entity } from '../../src/resources/registry.ts'
import { entity, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

/** Beyond the size at which every member is looked at, the indexes answer: the answers must be the same. */
export function largeSearchContract(make: MakeDatabase): void {
  describe('search in a large directory', () => {
    const it = subject(make)
    let tenant: string
    let directory: string
    const made: Entity<'account'>[] = []

    beforeAll(async () => {
      ;({ tenant, directory } = await newTenant(it.store))
      for (let start = 0; start < 3000; start += 500) {
        await it.store.write(async (tx) => {
          for (let n = start; n < start + 500; n++) {
            const account = entity('account', tenant, {
              directory,
              givenName: `Person ${n % 7}`,
              surname: n % 10 === 0 ? null : `Number${n}`,
              status: n % 3 === 0 ? 'DISABLED' : 'ENABLED',
              createdAt: n,
            })
            made.push(account)
            await tx.insert('account', account)
            const json = `{"n":${n},"word":"w${n % 50}"}`
            await tx.putCustomData({ resource: 'account', id: account.id }, tenant, {
              json,
              createdAt: 1,
              modifiedAt: 1,
            })
          }
        })
      }
    })

    const cases: [string, Partial<ListQuery>, (account: Entity<'account'>, n: number) => boolean][] = [
      [
        'equals',
        { criteria: [{ on: { attribute: 'surname' }, match: 'equals', text: 'number77' }] },
        (a) => a.surname === 'Number77',
      ],
      [
        'prefix',
        { criteria: [{ on: { attribute: 'surname' }, match: 'prefix', text: 'number1' }] },
        (a) => a.surname?.startsWith('Number1') ?? false,
      ],
      [
        'contains',
        { criteria: [{ on: { attribute: 'surname' }, match: 'contains', text: 'ber12' }] },
        (a) => a.surname?.includes('ber12') ?? false,
      ],
      [
        'a short text',
        { criteria: [{ on: { attribute: 'surname' }, match: 'contains', text: '99' }] },
        (a) => a.surname?.includes('99') ?? false,
      ],
      [
        'suffix',
        { criteria: [{ on: { attribute: 'surname' }, match: 'suffix', text: '99' }] },
        (a) => a.surname?.endsWith('99') ?? false,
      ],
      ['q', { q: 'umber23' }, (a) => a.surname?.includes('umber23') ?? false],
      [
        'a word',
        { criteria: [{ on: { attribute: 'status' }, match: 'is', value: 'DISABLED' }] },
        (a) => a.status === 'DISABLED',
      ],
      [
        'several',
        {
          q: 'person 3',
          criteria: [
            { on: { attribute: 'status' }, match: 'is', value: 'ENABLED' },
            { on: { attribute: 'createdAt' }, match: 'range', from: { value: 100, inclusive: true } },
          ],
        },
        (a) => a.givenName === 'Person 3' && a.status === 'ENABLED' && a.createdAt >= 100,
      ],
      [
        'a range',
        { criteria: [{ on: { attribute: 'createdAt' }, match: 'range', to: { value: 50, inclusive: false } }] },
        (a) => a.createdAt < 50,
      ],
      [
        'custom data',
        { criteria: [{ on: { customData: ['word'] }, match: 'equals', text: 'W7' }] },
        (_, n) => n % 50 === 7,
      ],
      [
        'numbers in custom data',
        { criteria: [{ on: { customData: ['n'] }, match: 'range', from: { value: 2990, inclusive: true } }] },
        (_, n) => n >= 2990,
      ],
      [
        'a part in custom data',
        { criteria: [{ on: { customData: ['word'] }, match: 'contains', text: '49' }] },
        (_, n) => n % 50 === 49,
      ],
    ]

    test.each(cases)('%s', async (_, query, matches) => {
      const expected = made.filter(matches)
      for (const scope of [
        { by: 'directory', id: directory },
        { by: 'tenant', id: tenant },
      ]) {
        for (const offset of [0, 5]) {
          const page = await it.store.list({ resource: 'account', tenant, scope, offset, limit: 10, ...query })
          expect(page.size).toBe(expected.length)
          expect(page.items).toEqual(expected.slice(offset, offset + 10))
        }
        const orderBy = [{ on: { attribute: 'createdAt' }, descending: true }]
        const sorted = await it.store.list({
          resource: 'account',
          tenant,
          scope,
          offset: 0,
          limit: 10,
          ...query,
          orderBy,
        })
        expect(sorted.items).toEqual(expected.toReversed().slice(0, 10))
      }
    })

    test('far into the order of an attribute', async () => {
      const orderBy = [{ on: { attribute: 'surname' }, descending: false }]
      const scope = { by: 'directory', id: directory }
      const seen: (string | null)[] = []
      for (let offset = 0; offset < 3000; offset += 1000) {
        const { items } = await it.store.list({ resource: 'account', tenant, scope, offset, limit: 1000, orderBy })
        seen.push(...items.map(({ surname }) => surname))
      }
      const sorted = made
        .map(({ surname }) => surname)
        .sort((a, b) => (a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1))
      expect(seen).toEqual(sorted)
    })
  })
}
