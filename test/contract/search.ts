import { beforeAll, describe, expect, test } from 'vitest'
import type { Bound, Criterion, ListQuery, Operand, Scope } from '../../src/core/ports.ts'
import type { Entity } from '../../src/resources/registry.ts'
import { entity, insert, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

type Match = 'equals' | 'prefix' | 'suffix' | 'contains'

const people = {
  joe: { email: 'Joe.Smith@example.com', givenName: 'Joe', surname: 'Smith', createdAt: 100 },
  jane: { email: 'jane@example.org', givenName: 'JANE', surname: 'Straße', createdAt: 200, status: 'DISABLED' },
  percent: { email: '100%_sure@example.com', givenName: '100%', surname: 'a_b\\c', createdAt: 300 },
  elodie: { email: 'elodie@example.com', givenName: 'É\u006c\u006fdie', surname: 'O\'Neill "quoted"', createdAt: 400 },
  ivan: { email: 'ivan@example.com', givenName: 'Ива́н', surname: '𝒳𝒴𝒵', createdAt: 500, passwordModifiedAt: 7 },
  none: { email: 'none@example.net', givenName: null, surname: null, createdAt: 600 },
} as const
type Person = keyof typeof people

export function searchContract(make: MakeDatabase): void {
  describe('search', () => {
    const it = subject(make)
    let tenant: string
    let directory: string
    let group: string
    const ids = new Map<string, Person>()

    beforeAll(async () => {
      ;({ tenant, directory } = await newTenant(it.store))
      group = (await insert(it.store, 'group', tenant, { directory })).id
      for (const [name, values] of Object.entries(people)) {
        const account = await insert(it.store, 'account', tenant, { directory, ...values } as Partial<
          Entity<'account'>
        >)
        ids.set(account.id, name as Person)
        await insert(it.store, 'groupMembership', tenant, { account: account.id, group })
      }
      // Someone else, somewhere else, who answers to everything.
      const other = await newTenant(it.store)
      for (const values of Object.values(people)) {
        await insert(it.store, 'account', other.tenant, { directory: other.directory, ...values } as Partial<
          Entity<'account'>
        >)
      }
    })

    /** The same question by every way to the accounts must have the same answer. */
    async function find(more: Partial<ListQuery>): Promise<Person[]> {
      const application = await insert(it.store, 'application', tenant)
      for (const store of [
        { resource: 'directory', id: directory },
        { resource: 'group', id: group },
      ] as const) {
        await insert(it.store, 'accountStoreMapping', tenant, { application: application.id, accountStore: store })
      }
      const scopes: Scope[] = [
        { by: 'directory', id: directory },
        { by: 'tenant', id: tenant },
        { through: 'groupMembership', from: 'group', to: 'account', id: group },
        { view: 'accountsOfStores', of: { resource: 'application', id: application.id } },
      ]
      const answers = []
      for (const scope of scopes) {
        const page = await it.store.list({ resource: 'account', tenant, scope, offset: 0, limit: 100, ...more })
        expect(page.size).toBe(page.items.length)
        answers.push(page.items.map(({ id }) => ids.get(id)))
        const query = { resource: 'account' as const, tenant, scope, offset: 0, limit: 100, ...more }
        const inside = await it.store.write((tx) => tx.list(query))
        expect(inside).toEqual(page)
      }
      for (const answer of answers) expect(answer).toEqual(answers[0])
      return answers[0] as Person[]
    }

    const text = (attribute: string, match: Match, sought: string) =>
      find({ criteria: [{ on: { attribute }, match, text: sought }] })

    test.each<[string, Match, string, Person[]]>([
      ['email', 'equals', 'JOE.SMITH@EXAMPLE.COM', ['joe']],
      ['email', 'equals', 'joe.smith@example.co', []],
      ['email', 'prefix', 'JO', ['joe']],
      ['email', 'prefix', '', ['joe', 'jane', 'percent', 'elodie', 'ivan', 'none']],
      ['email', 'suffix', '.ORG', ['jane']],
      ['email', 'suffix', 'm', ['joe', 'percent', 'elodie', 'ivan']],
      ['email', 'contains', 'SMITH@', ['joe']],
      ['email', 'contains', '@', ['joe', 'jane', 'percent', 'elodie', 'ivan', 'none']],
      ['email', 'contains', '%_s', ['percent']],
      ['email', 'contains', '%', ['percent']],
      ['email', 'contains', '_', ['percent']],
      ['email', 'contains', 'joe smith', []],
      ['givenName', 'prefix', '100%', ['percent']],
      ['givenName', 'suffix', '%', ['percent']],
      ['givenName', 'equals', 'jane', ['jane']],
      ['givenName', 'equals', 'élodie', ['elodie']],
      ['givenName', 'contains', 'LOD', ['elodie']],
      ['givenName', 'prefix', 'É', ['elodie']],
      ['givenName', 'prefix', 'ИВ', ['ivan']],
      ['surname', 'equals', 'STRASSE', ['jane']],
      ['surname', 'contains', 'ß', ['jane']],
      ['surname', 'contains', 'trass', ['jane']],
      ['surname', 'contains', '\\', ['percent']],
      ['surname', 'contains', 'b\\c', ['percent']],
      ['surname', 'suffix', '_b\\c', ['percent']],
      ['surname', 'contains', '"quoted"', ['elodie']],
      ['surname', 'contains', "'n", ['elodie']],
      ['surname', 'equals', 'xyz', ['ivan']],
      ['surname', 'contains', 'XYZ', ['ivan']],
      ['surname', 'contains', 'smith or 1', []],
    ])('%s %s %j', async (attribute, match, sought, found) => {
      expect(await text(attribute, match, sought)).toEqual(found)
    })

    test.each<[string, Person[]]>([
      ['example', ['joe', 'jane', 'percent', 'elodie', 'ivan', 'none']],
      ['SMITH', ['joe']],
      ['ни', []],
      ['ива', ['ivan']],
      ['a', ['joe', 'jane', 'percent', 'elodie', 'ivan', 'none']],
      ['*', []],
      ['com" OR "org', []],
      ['\n', []],
    ])('q=%j', async (q, found) => {
      expect(await find({ q })).toEqual(found)
    })

    test('words, and several conditions at once', async () => {
      const status = (value: string): Criterion => ({ on: { attribute: 'status' }, match: 'is', value })
      expect(await find({ criteria: [status('DISABLED')] })).toEqual(['jane'])
      expect(await find({ criteria: [status('ENABLED')], q: 'jane' })).toEqual([])
      const both: Criterion[] = [
        status('ENABLED'),
        { on: { attribute: 'email' }, match: 'contains', text: 'example.com' },
      ]
      expect(await find({ criteria: both })).toEqual(['joe', 'percent', 'elodie', 'ivan'])
      const descending: ListQuery['orderBy'] = [{ on: { attribute: 'surname' }, descending: true }]
      expect(await find({ criteria: both, orderBy: descending })).toEqual(['ivan', 'joe', 'elodie', 'percent'])
      const lone: Criterion[] = [{ on: { attribute: 'email' }, match: 'prefix', text: 'j' }]
      expect(await find({ criteria: lone, orderBy: descending })).toEqual(['jane', 'joe'])
    })

    test.each<[Bound | undefined, Bound | undefined, Person[]]>([
      [{ value: 200, inclusive: true }, { value: 400, inclusive: true }, ['jane', 'percent', 'elodie']],
      [{ value: 200, inclusive: false }, { value: 400, inclusive: false }, ['percent']],
      [{ value: 500, inclusive: true }, undefined, ['ivan', 'none']],
      [undefined, { value: 200, inclusive: false }, ['joe']],
    ])('created from %j to %j', async (from, to, found) => {
      const range = {
        on: { attribute: 'createdAt' },
        match: 'range' as const,
        ...(from && { from }),
        ...(to && { to }),
      }
      expect(await find({ criteria: [range] })).toEqual(found)
    })

    test('an absent value is in no range and matches no text', async () => {
      const range = { on: { attribute: 'passwordModifiedAt' }, match: 'range' as const }
      expect(await find({ criteria: [{ ...range, from: { value: 0, inclusive: true } }] })).toEqual(['ivan'])
      expect(await text('surname', 'contains', 'a')).not.toContain('none')
    })

    test('texts longer than a key are compared whole', async () => {
      const long = `${'lorem ipsum '.repeat(80)}THE END`
      const one = await insert(it.store, 'group', tenant, { directory, description: long })
      await insert(it.store, 'group', tenant, { directory, description: `${long}!` })
      await insert(it.store, 'group', tenant, { directory, description: long.slice(0, 700) })
      const search = async (match: Match, sought: string) => {
        const criteria: Criterion[] = [{ on: { attribute: 'description' }, match, text: sought }]
        const scope = { by: 'directory', id: directory }
        return (await it.store.list({ resource: 'group', tenant, scope, criteria, offset: 0, limit: 10 })).items
      }
      expect(await search('equals', long.toUpperCase())).toEqual([one])
      expect(await search('suffix', 'the end')).toEqual([one])
      expect(await search('suffix', 'lorem ipsum')).toEqual([])
      expect(await search('contains', 'the end')).toHaveLength(2)
      expect(await search('prefix', long.slice(0, 650))).toHaveLength(3)
      expect(await search('prefix', long)).toHaveLength(2)
    })

    test('what changed is found by its new text only', async () => {
      const made = entity('account', tenant, { directory, givenName: 'Before the change' })
      await it.store.write((tx) => tx.insert('account', made))
      const search = async (q: string) => {
        const scope = { by: 'directory', id: directory }
        return (await it.store.list({ resource: 'account', tenant, scope, q, offset: 0, limit: 10 })).items
      }
      expect(await search('fore the')).toHaveLength(1)
      await it.store.write((tx) =>
        tx.update('account', tenant, made.id, { givenName: 'Altogether other', modifiedAt: 1 }),
      )
      expect(await search('fore the')).toEqual([])
      expect(await search('together oth')).toHaveLength(1)
      await it.store.write((tx) => tx.remove('account', tenant, made.id))
      expect(await search('together oth')).toEqual([])
    })
  })

  customDataSearch(make)
  largeSearch(make)
}

function customDataSearch(make: MakeDatabase): void {
  describe('search in custom data', () => {
    const it = subject(make)
    let tenant: string
    let directory: string
    const names = new Map<string, string>()
    const documents: Record<string, string> = {
      text: '{"plan":"Gold","deep":{"er":{"est":"X"}},"tags":["red","Blue"]}',
      number: '{"plan":10,"score":10.50,"tags":["blue"]}',
      digits: '{"plan":"10","score":100}',
      dates: '{"on":"2015-02-03","score":-5}',
      moment: '{"on":"2015-02-04T10:00:00Z","score":1e2}',
      nothing: '{}',
      large: `{${Array.from({ length: 1100 }, (_, n) => `"k${n}":${n}`).join()},"plan":"gold","score":50,"on":"2016-01-01"}`,
    }

    beforeAll(async () => {
      ;({ tenant, directory } = await newTenant(it.store))
      for (const [name, json] of Object.entries(documents)) {
        const account = await insert(it.store, 'account', tenant, { directory, givenName: name })
        names.set(account.id, name)
        const owner = { resource: 'account', id: account.id } as const
        await it.store.write((tx) => tx.putCustomData(owner, tenant, { json, createdAt: 1, modifiedAt: 1 }))
      }
      await insert(it.store, 'account', tenant, { directory, givenName: 'without' })
    })

    async function find(criteria: Criterion[], more: Partial<ListQuery> = {}): Promise<string[]> {
      const answers = []
      for (const scope of [
        { by: 'directory', id: directory },
        { by: 'tenant', id: tenant },
      ]) {
        const query = { resource: 'account' as const, tenant, scope, criteria, offset: 0, limit: 100, ...more }
        const page = await it.store.list(query)
        expect(page.size).toBe(page.items.length)
        expect(await it.store.write((tx) => tx.list(query))).toEqual(page)
        answers.push(page.items.map(({ id }) => names.get(id) ?? 'without'))
      }
      expect(answers[1]).toEqual(answers[0])
      return answers[0] as string[]
    }

    const on = (path: string): Operand => ({ customData: path.split('.') })

    test.each<[string, Match, string, string[]]>([
      ['plan', 'equals', 'GOLD', ['text', 'large']],
      ['plan', 'equals', '10', ['number', 'digits']],
      ['plan', 'equals', '10.0', ['number']],
      ['score', 'equals', '10.5', ['number']],
      ['score', 'equals', '100', ['digits', 'moment']],
      ['deep.er.est', 'equals', 'x', ['text']],
      ['deep.er', 'equals', 'x', []],
      ['tags', 'equals', 'blue', ['text', 'number']],
      ['plan', 'prefix', 'go', ['text', 'large']],
      ['plan', 'prefix', '1', ['number', 'digits']],
      ['plan', 'suffix', 'LD', ['text', 'large']],
      ['plan', 'contains', 'ol', ['text', 'large']],
      ['plan', 'contains', '%', []],
      ['k1099', 'equals', '1099', ['large']],
    ])('customData.%s %s %j', async (path, match, text, found) => {
      expect(await find([{ on: on(path), match, text }])).toEqual(found)
      expect(
        await find([
          { on: on(path), match, text },
          { on: { attribute: 'status' }, match: 'is', value: 'ENABLED' },
        ]),
      ).toEqual(found)
    })

    test.each<[string, string | number | undefined, string | number | undefined, string[]]>([
      ['score', 10, 100, ['number', 'digits', 'moment', 'large']],
      ['score', undefined, 0, ['dates']],
      ['score', 10.6, undefined, ['digits', 'moment', 'large']],
      ['on', '2015-02-03', '2015-02-04', ['dates']],
      ['on', '2015', '2016', ['dates', 'moment']],
      ['on', '2015-02-04', undefined, ['moment', 'large']],
      ['plan', '2000', undefined, []],
    ])('customData.%s from %j to %j', async (path, from, to, found) => {
      const range: Criterion = {
        on: on(path),
        match: 'range',
        ...(from !== undefined && { from: { value: from, inclusive: true } }),
        ...(to !== undefined && { to: { value: to, inclusive: true } }),
      }
      expect(await find([range])).toEqual(found)
    })

    test('an order by a path: absent first, then texts, then numbers', async () => {
      const orderBy: ListQuery['orderBy'] = [{ on: on('plan'), descending: false }]
      const upwards = ['dates', 'moment', 'nothing', 'large', 'without', 'digits', 'text', 'number']
      expect(await find([], { orderBy })).toEqual(upwards)
      const down = await find([], { orderBy: [{ on: on('plan'), descending: true }] })
      expect(down).toEqual(upwards.toReversed())
    })
  })
}

/** Beyond the size at which every member is looked at, the indexes answer: the answers must be the same. */
function largeSearch(make: MakeDatabase): void {
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
