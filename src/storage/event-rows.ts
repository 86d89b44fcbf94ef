import type { Event } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import type { Row } from './database.ts'

/** An event as its row holds it. */
export function toEvent(row: Row): Event {
  return {
    id: row.id as string,
    tenant: row.tenant_id as string,
    at: row.created_at as number,
    type: row.type as string,
    actor: { kind: row.actor_type as Event['actor']['kind'], id: row.actor_id as string },
    resource: { resource: row.target_type as ResourceName, id: row.target_id as string },
    changed: JSON.parse(row.changed as string),
    requestId: row.request_id as string,
    ...(row.network !== null && { network: row.network as string }),
    ...(row.diff !== null && { diff: row.diff as string }),
  }
}
