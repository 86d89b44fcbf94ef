import { beforeAll, describe, expect, test } from 'vitest'
import type { Criterion, ListQuery, Operand } from '../../src/core/ports.ts'
import { insert, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

type Match = 'equals' | 'prefix' | 'suffix' | 'contains'

export function customDataSearchContract(make: MakeDatabase): void {
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
