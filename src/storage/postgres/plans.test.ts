import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import type { ListQuery } from '../../core/ports.ts'
import { linkColumn, storedResources } from '../columns.ts'
import { indexesOf, searchedMembers } from '../indexes.ts'
import { scopesOf } from '../relations.ts'
import { columnOf } from '../search/operand.ts'
import { plainPage } from '../search/plain.ts'
import { numberPlaceholders } from './statements.ts'

let home: TestDatabase
let client: pg.Client

beforeAll(async () => {
  home = await createDatabase()
  client = new pg.Client({ connectionString: home.url })
  await client.connect()
  // what is left is a sort only where no index has the order
  await client.query('set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off')
})

afterAll(async () => {
  await client?.end()
  await home?.drop()
})

/** Every order for which there is an index. */
const orders = storedResources.flatMap((resource) =>
  [...new Set([...scopesOf(resource), 'tenant'])].flatMap((by) =>
    [...new Set(['id', ...searchedMembers(resource)])]
      .filter((member) => {
        const wanted = ['tenant_id', ...(by === 'tenant' ? [] : [linkColumn(by)]), columnOf(resource, member).column]
        return indexesOf(resource).some(({ columns }) => wanted.every((column, at) => columns[at] === column))
      })
      .map((member) => ({ resource, by, member })),
  ),
)

test('most orders have an index', () => {
  expect(orders.length).toBeGreaterThan(60)
})

test.each(orders)(
  'PERF-P10 a page of $resource by $by in the order of $member is read from an index',
  async ({ resource, by, member }) => {
    for (const descending of [false, true]) {
      const query: ListQuery = {
        resource,
        tenant: 't',
        scope: { by, id: 'x' },
        orderBy: member === 'id' ? [] : [{ on: { attribute: member }, descending }],
        offset: 0,
        limit: 25,
      }
      const plain = plainPage(query)
      if (!plain) continue
      const { rows } = await client.query(`explain ${numberPlaceholders(plain.sql)}`, [...plain.parameters])
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      // an incremental sort only orders what the index leaves equal
      expect(plan).not.toMatch(/(?<!Incremental )Sort {2}\(cost/)
    }
  },
)
