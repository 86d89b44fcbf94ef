import { hash } from 'node:crypto'
import type { Connection, DialectName } from './database.ts'

/** Expired things that each new one sweeps away; more than one, so that the table shrinks. */
const SWEPT_AT_ONCE = 4

const digest = (key: string): string => hash('sha256', key, 'base64url')

/** Keeps a one-time thing; only the digest of its secret is stored. The same secret again replaces it. */
export async function issue(
  connection: Connection,
  dialect: DialectName,
  {
    tenant,
    kind,
    key,
    payload,
    expiresAt,
    now,
  }: {
    tenant: string
    kind: string
    key: string
    payload: string
    expiresAt: number
    now: number
  },
): Promise<void> {
  await sweep(connection, dialect, tenant, now)
  await connection.run(
    `insert into one_time (tenant_id, kind, key_digest, payload, expires_at) values (?, ?, ?, ?, ?)
      on conflict (tenant_id, kind, key_digest) do update set payload = excluded.payload, expires_at = excluded.expires_at`,
    [tenant, kind, digest(key), payload, expiresAt],
  )
}

/** Uses up a one-time thing in one statement, so that one caller gets it. */
export async function consume(
  connection: Connection,
  tenant: string,
  kind: string,
  key: string,
  now: number,
): Promise<string | undefined> {
  const row = await connection.get(
    'delete from one_time where tenant_id = ? and kind = ? and key_digest = ? and expires_at > ? returning payload',
    [tenant, kind, digest(key), now],
  )
  return row?.payload as string | undefined
}

/** Looks at a one-time thing; only `consume` decides who has it. */
export async function peek(
  connection: Connection,
  tenant: string,
  kind: string,
  key: string,
  now: number,
): Promise<string | undefined> {
  const row = await connection.get(
    'select payload from one_time where tenant_id = ? and kind = ? and key_digest = ? and expires_at > ?',
    [tenant, kind, digest(key), now],
  )
  return row?.payload as string | undefined
}

async function sweep(connection: Connection, dialect: DialectName, tenant: string, now: number): Promise<void> {
  await connection.run(
    `delete from one_time where tenant_id = ? and (kind, key_digest) in (
      select kind, key_digest from one_time where tenant_id = ? and expires_at <= ? order by expires_at limit ?
      ${dialect === 'postgres' ? 'for update skip locked' : ''}
    )`,
    [tenant, tenant, now, SWEPT_AT_ONCE],
  )
}
