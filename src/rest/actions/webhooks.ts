import { datetime, integer, string } from '../../schema/attribute.ts'
import { toOne } from '../../schema/link.ts'
import { parseBody } from '../../schema/parse.ts'
import { refuse } from '../../schema/problems.ts'
import { defineResource } from '../../schema/resource.ts'
import { parseDuration } from '../../std/duration.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { toIso } from '../../std/iso.ts'
import { parseHelpers } from '../body.ts'
import { type Call, idOf, reply } from '../call.ts'
import { emptyAnswer } from '../headers.ts'
import { presentOne, viewOf } from '../present.ts'

const day = 86_400_000

/** What a rotation is asked for with, and what it answers. */
export const secretRotation = defineResource({
  name: 'secretRotation',
  path: 'secretRotations',
  description: 'Gives a webhook a new secret. Until the overlap is over, posts are signed with both.',
  operations: ['create'],
  attributes: {
    overlap: string({
      description: 'How long the present secret signs too: an ISO 8601 duration, nothing to thirty days.',
      format: 'duration',
      lasts: { min: 1000, max: 30 * day, orZero: true },
      default: 'PT24H',
    }),
  },
  links: {
    webhook: toOne('webhook', { description: 'The webhook, with its new secret where expanded.', write: 'never' }),
  },
})

/** POST `/webhooks/:id/secretRotations` */
export async function secretRotations(call: Call): Promise<LightResponse> {
  const view = viewOf(call, secretRotation)
  const { values } = parseBody(secretRotation, call.body, 'create', parseHelpers(call))
  const overlap = parseDuration((values.overlap as string | undefined) ?? 'PT24H') as number
  const webhook = await call.engine.rotateWebhookSecret(call.context, idOf(call), overlap)
  const href = call.hrefs.toHref('webhook', webhook.id)
  const shown =
    view.expansions.length > 0
      ? await presentOne(call, 'webhook', webhook, { ...view, expansions: [] })
      : `{"href":"${href}"}`
  return reply(call, 200, `{"webhook":${shown}}`, href)
}

/** What a replay is asked for with, and what it answers. */
export const replay = defineResource({
  name: 'replay',
  path: 'replays',
  description: 'Posts the events of a time again, whatever became of them: at most a thousand.',
  operations: ['create'],
  attributes: {
    from: datetime({ description: 'The first moment.', required: true }),
    to: datetime({ description: 'The first moment after; now when absent.' }),
    size: integer({ description: 'How many events are posted again.', write: 'never' }),
    next: datetime({ description: 'Where to go on, when there were more; else null.', write: 'never' }),
  },
  links: { webhook: toOne('webhook', { description: 'The webhook.', write: 'never' }) },
})

/** POST `/webhooks/:id/replays` */
export async function replays(call: Call): Promise<LightResponse> {
  const { values } = parseBody(replay, call.body, 'create', parseHelpers(call))
  const from = values.from as number
  const to = (values.to as number | undefined) ?? call.engine.services.clock.now() + 1
  if (from >= to) refuse('invalid', { property: 'from', reason: 'it must be before to' })
  const { size, next } = await call.engine.replayEvents(call.context, idOf(call), { from, to })
  const href = call.hrefs.toHref('webhook', idOf(call))
  const more = next === undefined ? 'null' : `"${toIso(next)}"`
  return reply(call, 200, `{"size":${size},"next":${more},"webhook":{"href":"${href}"}}`, href)
}

/** A retry is asked for with nothing. */
export const retry = defineResource({
  name: 'retry',
  path: 'retries',
  description: 'Posts one event again.',
  operations: ['create'],
  attributes: {},
  links: {},
})

/** POST `/webhookDeliveries/:id/retries` */
export async function retries(call: Call): Promise<LightResponse> {
  parseBody(retry, call.body, 'create', parseHelpers(call))
  await call.engine.retryDelivery(call.context, idOf(call))
  return emptyAnswer(202, call.context.requestId)
}
