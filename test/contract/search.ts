import { beforeAll, describe, expect, test } from 'vitest'
import type { Bound, Criterion, ListQuery, Scope } from '../../src/core/ports.ts'
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
}
