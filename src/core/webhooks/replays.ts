import { refuse } from '../../schema/problems.ts'
import type { Context, Services } from '../context.ts'
import { enqueue, queueDelivery } from './queue.ts'
import { wants } from './webhooks.ts'

export interface Replay {
  /** How many are on their way again. */
  size: number
  /** When the first that is left happened, where there were more than go at a time. */
  next?: number
}

const MOST = 1000
const AT_ONCE = 100

/**
 * Posts again what happened from `from` on and before `to`, whatever became of it: at most a thousand events.
 * @throws Problem notFound
 */
export async function replayEvents(
  services: Services,
  context: Context,
  id: string,
  { from, to }: { from: number; to: number },
): Promise<Replay> {
  const { store } = services
  const { tenant } = context
  const webhook = (await store.get('webhook', tenant, id)) ?? refuse('notFound', {})
  let size = 0
  for (let offset = 0; ; offset += AT_ONCE) {
    const { items } = await store.list({
      resource: 'event',
      tenant,
      scope: { by: 'tenant', id: tenant },
      criteria: [
        {
          on: { attribute: 'createdAt' },
          match: 'range',
          from: { value: from, inclusive: true },
          to: { value: to, inclusive: false },
        },
      ],
      orderBy: [{ on: { attribute: 'createdAt' }, descending: false }],
      offset,
      limit: AT_ONCE,
    })
    const wanted = items.filter((event) => event.position !== null && wants(webhook, event.type))
    const left = MOST - size
    await store.write(async (tx) => {
      for (const { id, type } of wanted.slice(0, left)) {
        await queueDelivery(services, tx, webhook, { id, type })
      }
    })
    size += Math.min(wanted.length, left)
    const next = wanted[left]
    if (next) return { size, next: next.createdAt }
    if (items.length < AT_ONCE) return { size }
  }
}

/**
 * Posts one event again.
 * @throws Problem notFound
 */
export async function retryDelivery({ store, clock }: Services, { tenant }: Context, id: string): Promise<void> {
  await store.write(async (tx) => {
    const delivery = (await tx.lock('webhookDelivery', tenant, id)) ?? refuse('notFound', {})
    if (delivery.status === 'WAITING') return
    const now = clock.now()
    await tx.update('webhookDelivery', tenant, id, { status: 'WAITING', nextAttemptAt: now, modifiedAt: now })
    await enqueue(tx, delivery, now)
  })
}
