import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { Trial, Written } from './trial.ts'

/** Reads the store behind the back of the product. */
export interface Query {
  (sql: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export function querySqlite(file: string): Query {
  const database = new DatabaseSync(file)
  return Object.assign(async (sql: string) => database.prepare(sql).all(), { close: async () => database.close() })
}

export async function queryPostgres(url: string): Promise<Query> {
  const client = new pg.Client(url)
  await client.connect()
  return Object.assign(async (sql: string) => (await client.query(sql)).rows, { close: () => client.end() })
}

export interface Verdict {
  acknowledged: number
  unknown: number
  /** Answered writes that are not there. */
  lost: string[]
  /** Things that are there without a part that belongs to them. */
  partial: string[]
}

/**
 * Holds what the clients were told against what the store holds: everything acknowledged is there with all its parts
 * (custom data, event), and nothing at all is there without them, whether anybody was told or not.
 */
export async function judge(trial: Trial, query: Query): Promise<Verdict> {
  const has = async (sql: string) => new Set((await query(sql)).map((row) => String(row.id)))
  const accounts = await has('select id from accounts')
  const groups = await has('select id from groups')
  const memberships = await has('select id from group_memberships')
  const accountData = new Map(
    (await query('select id, json from accounts_custom_data')).map((row) => [String(row.id), String(row.json)]),
  )
  const groupData = await has('select id from groups_custom_data')
  const events = await has(`select target_id || ' ' || type as id from events`)

  const lost = trial.writes.filter((write) => {
    if (write.outcome !== 'acknowledged') return false
    return !isThere(write, { accounts, groups, memberships, accountData })
  })
  const partial = [
    ...[...accounts].filter((id) => !accountData.has(id)).map((id) => `account ${id} without custom data`),
    ...[...groups].filter((id) => !groupData.has(id)).map((id) => `group ${id} without custom data`),
    ...[...accounts].filter((id) => !events.has(`${id} account.created`)).map((id) => `account ${id} without event`),
    ...[...groups].filter((id) => !events.has(`${id} group.created`)).map((id) => `group ${id} without event`),
    ...[...memberships]
      .filter((id) => !events.has(`${id} groupMembership.created`))
      .map((id) => `membership ${id} without event`),
    ...[...accountData]
      .filter(([id, json]) => json.includes('"second"') && !events.has(`${id} customData.updated`))
      .map(([id]) => `custom data of ${id} without event`),
  ]
  return {
    acknowledged: trial.writes.filter(({ outcome }) => outcome === 'acknowledged').length,
    unknown: trial.writes.filter(({ outcome }) => outcome === 'unknown').length,
    lost: lost.map(({ kind, mark }) => `${kind} of ${mark}`),
    partial,
  }
}

function isThere(
  { kind, id = '', mark }: Written,
  store: { accounts: Set<string>; groups: Set<string>; memberships: Set<string>; accountData: Map<string, string> },
): boolean {
  if (kind === 'account') return store.accounts.has(id) && (store.accountData.get(id) ?? '').includes(mark)
  if (kind === 'group') return store.groups.has(id)
  if (kind === 'membership') return store.memberships.has(id)
  return (store.accountData.get(id) ?? '').includes(`"second":"${mark}"`)
}
