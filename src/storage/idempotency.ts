import type { AnswerClaim, KeptAnswer } from '../core/ports.ts'
import type { Connection } from './database.ts'

/**
 * Takes a key for the transaction under way; false where an earlier one has it. A transaction that has it and is not
 * over is waited for.
 */
export async function claimAnswer(
  connection: Connection,
  { tenant, id, fingerprint, expiresAt, now }: AnswerClaim,
): Promise<boolean> {
  const changed = await connection.run(
    `insert into idempotency_keys (tenant_id, id, fingerprint, answer, expires_at) values (?, ?, ?, '', ?)
      on conflict (tenant_id, id) do update set fingerprint = excluded.fingerprint, answer = '', expires_at = excluded.expires_at
      where idempotency_keys.expires_at <= ?`,
    [tenant, id, fingerprint, expiresAt, now],
  )
  return changed > 0
}

export async function keepAnswer(connection: Connection, tenant: string, id: string, answer: string): Promise<void> {
  await connection.run('update idempotency_keys set answer = ? where tenant_id = ? and id = ?', [answer, tenant, id])
}

export async function readAnswer(
  connection: Connection,
  tenant: string,
  id: string,
  now: number,
): Promise<KeptAnswer | undefined> {
  const row = await connection.get(
    'select fingerprint, answer from idempotency_keys where tenant_id = ? and id = ? and expires_at > ?',
    [tenant, id, now],
  )
  return row && { fingerprint: row.fingerprint as string, answer: row.answer as string }
}
