import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insert, newId, newTenant } from '../../../test/support/entities.ts'
import type { ListQuery, Scope, Store } from '../../core/ports.ts'
import type { ResourceName } from '../../resources/registry.ts'
import type { Connection, Database, Value } from '../database.ts'
import { createMigrator } from '../migrations/runner.ts'
import { createStore } from '../store.ts'
import { openSqlite } from './database.ts'

let folder: string
let database: Database
let store: Store
let planner: DatabaseSync
/** Every statement that was run, with its plan. */
const plans = new Map<string, string[]>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-plans-'))
  const file = join(folder, 'latchkey.sqlite')
  database = await openSqlite({ file })
  await createMigrator(database).up()
  planner = new DatabaseSync(file)
  const explained = (connection: Connection): Connection => {
    const explain = (sql: string, parameters: readonly Value[]) => {
      if (!plans.has(sql)) {
        const rows = planner.prepare(`explain query plan ${sql}`).all(...parameters)
        plans.set(
          sql,
          rows.map(({ detail }) => String(detail)),
        )
      }
      return [sql, parameters] as const
    }
    return {
      get: (...call) => connection.get(...explain(...call)),
      all: (...call) => connection.all(...explain(...call)),
      run: (...call) => connection.run(...explain(...call)),
    }
  }
  store = createStore({
    ...database,
    reader: explained(database.reader),
    write: (unit) => database.write((connection) => unit(explained(connection))),
  })
})

afterAll(async () => {
  planner?.close()
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What reads more than it needs: a whole table, or all of a tenant. */
const wasteful =
  /\bSCAN (?:accounts|groups|group_memberships|directories|applications|organizations|events|counts|one_time|api_keys|\w+_mappings|\w+_leaves|\w+_data|t|m|l|r|s|i)\b(?! VIRTUAL)|\(tenant_id=\?\)$/

test('PERF-P10 WEB-W8 no statement of the hot paths reads a table or a tenant where an index leads to the row', async () => {
  const { tenant, directory } = await newTenant(store)
  const account = await insert(store, 'account', tenant, { directory })
  const group = await insert(store, 'group', tenant, { directory })
  const membership = await insert(store, 'groupMembership', tenant, { account: account.id, group: group.id })
  const application = await insert(store, 'application', tenant)
  const organization = await insert(store, 'organization', tenant)
  const accountStore = { resource: 'directory', id: directory } as const
  await insert(store, 'accountStoreMapping', tenant, { application: application.id, accountStore })
  const key = await insert(store, 'apiKey', tenant, { account: account.id })
  const owner = { resource: 'account', id: account.id } as const

  for (const json of ['{"a":1}', '{"a":2,"b":3}', '{}']) {
    await store.write((tx) => tx.putCustomData(owner, tenant, { json, createdAt: 1, modifiedAt: 1 }))
  }
  await store.customData(owner, tenant)
  await store.customDataOf('account', tenant, [account.id])
  await store.find('account', tenant, ['email'], [directory, account.email])
  await store.find('groupMembership', tenant, ['account', 'group'], [account.id, group.id])
  await store.find('accountStoreMapping', tenant, ['application', 'accountStore'], [application.id, accountStore])
  await store.apiKeyStanding(key.id)
  await store.wasDeleted('account', tenant, account.id)
  await store.write(async (tx) => {
    await tx.append({
      id: newId(),
      tenant,
      at: 1,
      type: 'x',
      actor: { kind: 'system', id: 'x' },
      resource: owner,
      changed: [],
      requestId: 'r',
    })
    await tx.lock('account', tenant, account.id)
    await tx.update('account', tenant, account.id, { email: 'other@example.com' })
    await tx.issue(tenant, 'kind', 'key', 'payload', 1)
    await tx.consume(tenant, 'kind', 'key', 0)
  })
  await store.events(tenant, 0, 10)

  const list = (resource: ResourceName, scope: Scope, more: Partial<ListQuery> = {}) =>
    store.list({ resource, tenant, scope, offset: 0, limit: 25, ...more })
  const accounts = { by: 'directory', id: directory }
  await list('account', accounts)
  await list('account', accounts, { orderBy: [{ on: { attribute: 'surname' }, descending: true }] })
  await list('account', accounts, { criteria: [{ on: { attribute: 'surname' }, match: 'equals', text: 'x' }] })
  await list('account', accounts, { criteria: [{ on: { attribute: 'surname' }, match: 'prefix', text: 'x' }] })
  await list('account', accounts, { criteria: [{ on: { attribute: 'status' }, match: 'is', value: 'ENABLED' }] })
  await list('account', accounts, { criteria: [{ on: { customData: ['a'] }, match: 'equals', text: '1' }] })
  await list(
    'account',
    { by: 'tenant', id: tenant },
    { criteria: [{ on: { customData: ['a'] }, match: 'equals', text: 'x' }] },
  )
  await list('account', { through: 'groupMembership', from: 'group', to: 'account', id: group.id })
  await list('group', { through: 'groupMembership', from: 'account', to: 'group', id: account.id })
  await list('account', { view: 'accountsOfStores', of: { resource: 'application', id: application.id } })
  await list('application', { view: 'applicationsOfAccount', of: owner })
  await list('organization', { view: 'organizationsOfStore', of: accountStore })
  await list('accountStoreMapping', { by: 'application', id: application.id })
  await list('apiKey', { by: 'account', id: account.id })

  for (const [resource, id] of [
    ['groupMembership', membership.id],
    ['account', account.id],
    ['group', group.id],
    ['application', application.id],
    ['organization', organization.id],
    ['directory', directory],
  ] as const) {
    await store.write((tx) => tx.remove(resource, tenant, id))
  }

  expect(plans.size).toBeGreaterThan(100)
  for (const [sql, plan] of plans) {
    // One row for each tenant.
    if (/\b(?:event_positions|tenants)\b/.test(sql)) continue
    expect(
      plan.filter((step) => wasteful.test(step)),
      sql,
    ).toEqual([])
  }
})

test('PERF-P10 the keys that cascade find their rows', () => {
  // The programs behind `on delete cascade` have no plan to explain, so the look-up they make is explained instead.
  const keys = planner
    .prepare(
      `select m.name as child, group_concat(k."from") as columns from sqlite_master m, pragma_foreign_key_list(m.name) k
        where m.type = 'table' group by m.name, k.id`,
    )
    .all()
  expect(keys.length).toBeGreaterThan(20)
  for (const { child, columns } of keys) {
    const [first, second] = String(columns).split(',')
    const plan = planner
      .prepare(`explain query plan select 1 from ${child} where ${first} = ? and ${second} = ?`)
      .all('a', 'b')
    expect(String(plan[0]?.detail), String(child)).toContain(`(${first}=? AND ${second}=?)`)
  }
})
