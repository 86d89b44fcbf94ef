import type { WebhookCursor } from '../core/ports.ts'
import type { Database } from './database.ts'

/** Whoever looks for what is to be posted works for all tenants. */
export const WEBHOOK_CURSORS = "select tenant_id, id, position from webhooks where status = 'ENABLED'"

export async function webhookCursors({ reader }: Database): Promise<WebhookCursor[]> {
  const rows = await reader.all(WEBHOOK_CURSORS, [])
  return rows.map((row) => ({
    tenant: row.tenant_id as string,
    id: row.id as string,
    position: Number(row.position),
  }))
}
