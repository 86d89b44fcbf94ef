import { randomUUID } from 'node:crypto'
import type { ClaimedMail, Outbox, QueuedMail } from '../core/ports.ts'
import type { Connection, Database, DialectName, Row } from './database.ts'

const COLUMNS = 'tenant_id, id, kind, account_id, application_id, payload, created_at, expires_at'

export async function queueMail(connection: Connection, mail: QueuedMail): Promise<void> {
  await connection.run(`insert into outbox (${COLUMNS}, attempts, due_at) values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`, [
    mail.tenant,
    mail.id,
    mail.kind,
    mail.account,
    mail.application,
    mail.payload,
    mail.createdAt,
    mail.expiresAt,
    mail.createdAt,
  ])
}

/** Moving `due_at` on is the lease: whoever dies lets it run out. Rows that others are claiming are passed by. */
const claimOf = (dialect: DialectName): string => `update outbox set due_at = ?, claim = ?, attempts = attempts + 1
  where (tenant_id, id) in (
    select tenant_id, id from outbox where due_at <= ? order by due_at limit ?
    ${dialect === 'postgres' ? 'for update skip locked' : ''}
  ) and due_at <= ?
  returning ${COLUMNS}, attempts, claim`

const NEXT_DUE = 'select min(due_at) as due_at from outbox where due_at is not null'

const PURGE = 'delete from outbox where due_at is null and created_at < ?'

const COUNTS = `select
  count(due_at) as waiting, count(*) - count(due_at) as dead,
  min(case when due_at is null then null else created_at end) as oldest
  from outbox`

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

/** Senders work for all tenants; each mail says whose it is. */
export const OUTBOX_STATEMENTS: readonly string[] = [
  claimOf('sqlite'),
  claimOf('postgres'),
  NEXT_DUE,
  PURGE,
  COUNTS,
  SENDS_MAIL,
]

/** The outbox over one database. */
export function createOutbox(database: Database): Outbox {
  const claim = claimOf(database.dialect)
  const change = (sql: string, { tenant, id, claim }: ClaimedMail, ...values: (string | number | null)[]) =>
    database.write(async (connection) => (await connection.run(sql, [...values, tenant, id, claim])) > 0)

  return {
    async claim(now, until, limit) {
      const key = randomUUID()
      const rows = await database.write((connection) => connection.all(claim, [until, key, now, limit, now]))
      return rows.map(toMail)
    },

    finish: (mail) => change('delete from outbox where tenant_id = ? and id = ? and claim = ?', mail),

    // The payload of a mail that was given up holds a token perhaps: it goes.
    fail: (mail, error, dueAt) =>
      dueAt === undefined
        ? change(
            "update outbox set due_at = null, payload = '', error = ? where tenant_id = ? and id = ? and claim = ?",
            mail,
            error,
          )
        : change(
            'update outbox set due_at = ?, claim = null, error = ? where tenant_id = ? and id = ? and claim = ?',
            mail,
            dueAt,
            error,
          ),

    async nextDue() {
      const row = await database.reader.get(NEXT_DUE, [])
      return (row?.due_at as number | null) ?? undefined
    },

    purge: (before) => database.write((connection) => connection.run(PURGE, [before])),

    async counts() {
      const row = await database.reader.get(COUNTS, [])
      return {
        waiting: Number(row?.waiting),
        dead: Number(row?.dead),
        oldest: (row?.oldest as number | null) ?? undefined,
      }
    },
  }
}

function toMail(row: Row): ClaimedMail {
  return {
    tenant: row.tenant_id as string,
    id: row.id as string,
    kind: row.kind as QueuedMail['kind'],
    account: row.account_id as string,
    application: row.application_id as string | null,
    payload: row.payload as string,
    createdAt: row.created_at as number,
    expiresAt: row.expires_at as number,
    attempts: row.attempts as number,
    claim: row.claim as string,
  }
}
