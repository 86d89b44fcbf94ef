import type { Entity } from '../../resources/registry.ts'
import type { Services } from '../context.ts'
import type { Transaction } from '../ports.ts'
import { wants } from './webhooks.ts'

const DAY = 24 * 60 * 60_000
/** What became of a post can be looked up for so long. */
const KEPT = 30 * DAY
/** Posts of one webhook that wait in the outbox; the others wait in the log. */
const MOST_WAITING = 100
/** Events looked at in one transaction. */
const AT_ONCE = 500

/** Puts one event on its way to a webhook. */
export async function queueDelivery(
  { ids, clock }: Pick<Services, 'ids' | 'clock'>,
  tx: Transaction,
  webhook: Entity<'webhook'>,
  event: { id: string; type: string },
): Promise<void> {
  const id = ids.next()
  const now = clock.now()
  const { tenant } = webhook
  await tx.insert('webhookDelivery', {
    id,
    tenant,
    createdAt: now,
    modifiedAt: now,
    webhook: webhook.id,
    status: 'WAITING',
    eventType: event.type,
    eventId: event.id,
    attempts: 0,
    responseStatus: null,
    fault: null,
    deliveredAt: null,
    nextAttemptAt: now,
    expiresAt: now + KEPT,
  })
  await enqueue(tx, { id, tenant, webhook: webhook.id }, now)
}

/** The delivery's place in the outbox has its id. */
export function enqueue(
  tx: Transaction,
  { id, tenant, webhook }: Pick<Entity<'webhookDelivery'>, 'id' | 'tenant' | 'webhook'>,
  now: number,
): Promise<void> {
  return tx.queue({
    id,
    tenant,
    channel: 'webhook',
    kind: 'event',
    subject: webhook,
    application: null,
    payload: '',
    createdAt: now,
    expiresAt: now + KEPT,
  })
}

/**
 * Looks at the log for every webhook that is on, and puts what it wants on its way: from the committed log, in its order,
 * moving the webhook's place in it in the same transaction. So nothing is posted that did not happen, and nothing that
 * happened is left out or put there twice, whoever dies. To be called when something happened, and now and then.
 */
export async function queueDeliveries(services: Services): Promise<void> {
  const { store } = services
  const ends = new Map<string, number>()
  for (const { tenant, id, position } of await store.webhookCursors()) {
    const end = ends.get(tenant) ?? (await store.lastPosition(tenant))
    ends.set(tenant, end)
    if (position >= end) continue
    while (await queueSome(services, tenant, id));
  }
}

/** True when there may be more. */
async function queueSome(services: Services, tenant: string, id: string): Promise<boolean> {
  const { store } = services
  const seen = await store.get('webhook', tenant, id)
  if (!seen) return false
  const page = await store.loggedEvents(tenant, seen.position, AT_ONCE)
  if (page.length === 0) return false
  return store.write(async (tx) => {
    const webhook = await tx.lock('webhook', tenant, id)
    // Another process was here.
    if (webhook?.status !== 'ENABLED' || webhook.position !== seen.position) return false
    let room = MOST_WAITING - (await waiting(tx, webhook))
    let position = webhook.position
    for (const logged of page) {
      if (wants(webhook, logged.event.type)) {
        if (room-- <= 0) break
        await queueDelivery(services, tx, webhook, logged.event)
      }
      position = logged.position
    }
    if (position > webhook.position) await tx.update('webhook', tenant, id, { position })
    return position === page.at(-1)?.position && page.length === AT_ONCE
  })
}

async function waiting(tx: Transaction, { tenant, id }: Entity<'webhook'>): Promise<number> {
  const { size } = await tx.list({
    resource: 'webhookDelivery',
    tenant,
    scope: { by: 'webhook', id },
    criteria: [{ on: { attribute: 'status' }, match: 'is', value: 'WAITING' }],
    offset: 0,
    limit: 1,
  })
  return size
}
