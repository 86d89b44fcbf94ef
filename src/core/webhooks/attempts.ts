import type { Entity } from '../../resources/registry.ts'
import { requestId } from '../../std/id.ts'
import type { Context, Services, Work } from '../context.ts'
import { queueMail } from '../emails/outbox.ts'
import { record } from '../events/record.ts'
import { Postponed, pauseAfter } from '../outbox/sender.ts'
import type { Claimed, LoggedEvent } from '../ports.ts'
import { toPayload } from './payload.ts'
import { secretsOf } from './secrets.ts'

/** One post as it leaves. */
export interface WebhookPost {
  url: string
  /** Stays the same however often it is tried. */
  id: string
  body: string
  /** Each signs it. */
  secrets: readonly string[]
}

/** What an attempt came to: the status of the answer, or why there was none. */
export type PostResult = { status: number } | { fault: NonNullable<Entity<'webhookDelivery'>['fault']> }

type Open = (tx: Work['tx'], context: Context) => Work

/** One that takes nothing for so long is turned off. */
const MOST_FAILING = 5 * 24 * 60 * 60_000
/** What cannot be taken now is tried for some eight hours. */
const MOST_ATTEMPTS = 9
/** What is refused by somebody who answers keeps others waiting for some minutes only. */
const MOST_REFUSALS = 4
/** Statuses that say "not now" rather than "not this". */
const LATER = [408, 425, 429]

/**
 * Tries one delivery, and notes what came of it.
 * @throws Postponed when it is to be tried again
 */
export async function attemptDelivery(
  services: Services,
  open: Open,
  post: (post: WebhookPost) => Promise<PostResult>,
  item: Claimed,
): Promise<void> {
  const { store } = services
  const delivery = await store.get('webhookDelivery', item.tenant, item.id)
  const webhook = delivery && (await store.get('webhook', item.tenant, delivery.webhook))
  if (!webhook || delivery.status !== 'WAITING') return
  if (webhook.status !== 'ENABLED') return note(services, delivery, { fault: 'webhookDisabled' }, undefined)
  const logged = await eventOf(services, delivery)
  // Older than the log is kept.
  if (!logged) return note(services, delivery, { fault: null }, undefined)
  const result = await post({
    url: webhook.url,
    id: delivery.eventId,
    body: toPayload(services, logged),
    secrets: secretsOf(services, webhook),
  })
  if ('status' in result && result.status >= 200 && result.status < 300) {
    return noteSuccess(services, webhook, delivery, result.status)
  }
  await noteFailure(services, open, webhook, delivery, item, result)
}

async function eventOf({ store }: Services, { tenant, eventId }: Entity<'webhookDelivery'>) {
  const row = await store.get('event', tenant, eventId)
  if (!row || row.position === null) return undefined
  const [logged] = await store.loggedEvents(tenant, row.position - 1, 1)
  return logged as LoggedEvent | undefined
}

async function noteSuccess(
  { store, clock }: Services,
  webhook: Entity<'webhook'>,
  delivery: Entity<'webhookDelivery'>,
  responseStatus: number,
): Promise<void> {
  const now = clock.now()
  await store.write(async (tx) => {
    await tx.update('webhookDelivery', delivery.tenant, delivery.id, {
      status: 'DELIVERED',
      attempts: delivery.attempts + 1,
      responseStatus,
      fault: null,
      deliveredAt: now,
      nextAttemptAt: null,
      modifiedAt: now,
    })
    if (webhook.failingSince !== null) await tx.update('webhook', webhook.tenant, webhook.id, { failingSince: null })
  })
}

async function noteFailure(
  services: Services,
  open: Open,
  webhook: Entity<'webhook'>,
  delivery: Entity<'webhookDelivery'>,
  { attempts }: Claimed,
  result: PostResult,
): Promise<void> {
  const now = services.clock.now()
  const status = 'status' in result ? result.status : undefined
  const refused = status !== undefined && status >= 400 && status < 500 && !LATER.includes(status)
  const gone = status === 410
  const final = gone || attempts >= (refused ? MOST_REFUSALS : MOST_ATTEMPTS)
  const dueAt = final ? undefined : now + pauseAfter(attempts)
  const failingSince = webhook.failingSince ?? now
  if (gone || now - failingSince >= MOST_FAILING) {
    await turnOff(services, open, webhook, gone ? 'it answered 410 Gone' : 'it took nothing for five days')
  } else if (webhook.failingSince === null) {
    await services.store.write(async (tx) => {
      const current = await tx.lock('webhook', webhook.tenant, webhook.id)
      if (current?.failingSince === null) await tx.update('webhook', webhook.tenant, webhook.id, { failingSince })
    })
  }
  await note(services, delivery, 'fault' in result ? result : { fault: 'answer', responseStatus: result.status }, dueAt)
  if (dueAt !== undefined) throw new Postponed('fault' in result ? result.fault : `status ${status}`, dueAt)
}

async function note(
  { store, clock }: Services,
  { tenant, id, attempts }: Entity<'webhookDelivery'>,
  { fault, responseStatus = null }: { fault: Entity<'webhookDelivery'>['fault']; responseStatus?: number | null },
  dueAt: number | undefined,
): Promise<void> {
  const now = clock.now()
  await store.write((tx) =>
    tx.update('webhookDelivery', tenant, id, {
      status: dueAt === undefined ? 'FAILED' : 'WAITING',
      attempts: fault === null || fault === 'webhookDisabled' ? attempts : attempts + 1,
      responseStatus,
      fault,
      nextAttemptAt: dueAt ?? null,
      modifiedAt: now,
    }),
  )
}

/** Once, with an event, and a mail to the owner of the tenant. */
async function turnOff(services: Services, open: Open, webhook: Entity<'webhook'>, reason: string): Promise<void> {
  const { tenant, id } = webhook
  const context: Context = { tenant, actor: { kind: 'system', id: 'webhooks' }, requestId: requestId() }
  await services.store.write(async (tx) => {
    const work = open(tx, context)
    const current = await tx.lock('webhook', tenant, id)
    if (current?.status !== 'ENABLED') return
    await work.change('webhook', current, { values: { status: 'DISABLED' } })
    await record(work, {
      type: 'webhook.failed',
      resource: { resource: 'webhook', id },
      entity: current,
      changed: ['status'],
      facts: {},
    })
    const owner = (await tx.get('tenant', tenant, tenant))?.ownerAccount
    const account = owner && (await tx.get('account', tenant, owner))
    if (account) await queueMail(work, { kind: 'webhookFailed', account, extra: { url: current.url, reason } })
  })
}
