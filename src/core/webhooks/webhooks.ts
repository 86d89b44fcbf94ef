import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Behaviour, Services } from '../context.ts'
import { newWebhookSecret, secretPlace } from './secrets.ts'

/** A tenant has no more than these: every event is looked at for each of them. */
const MOST = 50

/** decisions/0036 */
export const webhooks: Behaviour<'webhook'> = {
  async prepare(services, context, { values }) {
    requireTarget(services, values.url as string)
    values.id = services.ids.next()
    values.secret = services.seal.seal(newWebhookSecret(), secretPlace(context.tenant, values.id, 'secret'))
    values.position = await services.store.lastPosition(context.tenant)
  },

  async creating({ tx, context }) {
    await tx.lock('tenant', context.tenant, context.tenant)
    const scope = { by: 'tenant', id: context.tenant }
    const { size } = await tx.list({ resource: 'webhook', tenant: context.tenant, scope, offset: 0, limit: 1 })
    if (size >= MOST) refuse('tooMany', { property: 'webhooks', max: MOST })
  },

  async prepareUpdate(services, context, before, { values }) {
    if (values.url !== undefined) requireTarget(services, values.url)
    // What happened while it was off is not posted by itself; it can be replayed.
    if (before.status === 'DISABLED' && values.status === 'ENABLED') {
      values.position = await services.store.lastPosition(context.tenant)
      values.failingSince = null
    }
  },
}

/** Where it leads is looked at by each post; here only what can be told from the address itself. */
function requireTarget({ webhooks }: Services, url: string): void {
  if (webhooks.allowPrivateTargets || url.startsWith('https:')) return
  refuse('badFormat', { property: 'url', expected: 'an https URL without user and fragment' })
}

/** Whether a webhook wants events of a type. */
export function wants({ eventTypes }: Pick<Entity<'webhook'>, 'eventTypes'>, type: string): boolean {
  return (
    eventTypes.length === 0 ||
    eventTypes.some((wanted) => (wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type))
  )
}
