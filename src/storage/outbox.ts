import { randomUUID } from 'node:crypto'
import type { Channel, Claimed, Outbox, Queued } from '../core/ports.ts'
import type { Connection, Database, DialectName, Row } from './database.ts'

const COLUMNS = 'tenant_id, id, channel, kind, subject_id, application_id, payload, created_at, expires_at'

/** What is there already, and perhaps on its way, stays as it is. */
export async function queue(connection: Connection, item: Queued): Promise<void> {
  await connection.run(
    `insert into outbox (${COLUMNS}, attempts, due_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
    on conflict (tenant_id, id) do nothing`,
    [
      item.tenant,
      item.id,
      item.channel,
      item.kind,
      item.subject,
      item.application,
      item.payload,
      item.createdAt,
      item.expiresAt,
      item.createdAt,
    ],
  )
}

/** Channels on which what is about one subject leaves one after the other. */
const ORDERED: readonly Channel[] = ['webhook']
const channels: readonly Channel[] = ['mail', 'webhook']

/** Nothing waits before it, or is on its way. */
const FIRST = `not exists (
    select 1 from outbox as earlier where earlier.tenant_id = o.tenant_id and earlier.channel = o.channel
      and earlier.subject_id = o.subject_id and earlier.id < o.id and earlier.due_at is not null
  )`

const inTurn = (channel: Channel): string => (ORDERED.includes(channel) ? `and ${FIRST}` : '')

/** Moving `due_at` on is the lease: whoever dies lets it run out. Rows that others are claiming are passed by. */
const claimOf = (dialect: DialectName, channel: Channel): string => `update outbox set due_at = ?, claim = ?,
    attempts = attempts + 1
  where (tenant_id, id) in (
    select o.tenant_id, o.id from outbox as o where o.channel = '${channel}' and o.due_at <= ? ${inTurn(channel)}
    order by o.due_at limit ? ${dialect === 'postgres' ? 'for update skip locked' : ''}
  ) and due_at <= ?
  returning ${COLUMNS}, attempts, claim`

const nextDueOf = (channel: Channel): string =>
  `select min(o.due_at) as due_at from outbox as o
    where o.channel = '${channel}' and o.due_at is not null ${inTurn(channel)}`

const purgeOf = (channel: Channel): string =>
  `delete from outbox where channel = '${channel}' and due_at is null and created_at < ?`

const countsOf = (channel: Channel): string => `select
  count(due_at) as waiting, count(*) - count(due_at) as dead,
  min(case when due_at is null then null else created_at end) as oldest
  from outbox where channel = '${channel}'`

/** One look at each table, at start. */
const SENDS_MAIL = `select case when
  exists (select 1 from password_policies where reset_email_status = 'ENABLED' or reset_success_email_status = 'ENABLED')
  or exists (select 1 from account_creation_policies
    where verification_email_status = 'ENABLED' or verification_success_email_status = 'ENABLED' or welcome_email_status = 'ENABLED')
  then 1 else 0 end as sends`

/** Whether any directory of any tenant sends mail by itself. */
export async function sendsMail({ reader }: Database): Promise<boolean> {
  return (await reader.get(SENDS_MAIL, []))?.sends === 1
}

/** Senders work for all tenants; each item says whose it is. */
export const OUTBOX_STATEMENTS: readonly string[] = [
  ...channels.flatMap((channel) => [
    claimOf('sqlite', channel),
    claimOf('postgres', channel),
    nextDueOf(channel),
    purgeOf(channel),
    countsOf(channel),
  ]),
  SENDS_MAIL,
]

/** One channel of the outbox over one database. */
export function createOutbox(database: Database, channel: Channel): Outbox {
  const claim = claimOf(database.dialect, channel)
  const change = (sql: string, { tenant, id, claim }: Claimed, ...values: (string | number | null)[]) =>
    database.write(async (connection) => (await connection.run(sql, [...values, tenant, id, claim])) > 0)

  return {
    async claim(now, until, limit) {
      const key = randomUUID()
      const rows = await database.write((connection) => connection.all(claim, [until, key, now, limit, now]))
      return rows.map(toClaimed)
    },

    finish: (item) => change('delete from outbox where tenant_id = ? and id = ? and claim = ?', item),

    // The payload of what was given up holds a token perhaps: it goes.
    fail: (item, error, dueAt) =>
      dueAt === undefined
        ? change(
            "update outbox set due_at = null, payload = '', error = ? where tenant_id = ? and id = ? and claim = ?",
            item,
            error,
          )
        : change(
            'update outbox set due_at = ?, claim = null, error = ? where tenant_id = ? and id = ? and claim = ?',
            item,
            dueAt,
            error,
          ),

    async nextDue() {
      const row = await database.reader.get(nextDueOf(channel), [])
      return (row?.due_at as number | null) ?? undefined
    },

    purge: (before) => database.write((connection) => connection.run(purgeOf(channel), [before])),

    async counts() {
      const row = await database.reader.get(countsOf(channel), [])
      return {
        waiting: Number(row?.waiting),
        dead: Number(row?.dead),
        oldest: (row?.oldest as number | null) ?? undefined,
      }
    },
  }
}

function toClaimed(row: Row): Claimed {
  return {
    tenant: row.tenant_id as string,
    id: row.id as string,
    channel: row.channel as Channel,
    kind: row.kind as string,
    subject: row.subject_id as string,
    application: row.application_id as string | null,
    payload: row.payload as string,
    createdAt: row.created_at as number,
    expiresAt: row.expires_at as number,
    attempts: row.attempts as number,
    claim: row.claim as string,
  }
}
