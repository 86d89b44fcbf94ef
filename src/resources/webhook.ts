import { datetime, enumeration, integer, string, strings } from '../schema/attribute.ts'
import { action, toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** decisions/0036. Signed as Standard Webhooks say (https://www.standardwebhooks.com). */
export const webhook = defineResource({
  name: 'webhook',
  path: 'webhooks',
  description: 'An address of yours to which events are posted, signed, in their order, at least once.',
  attributes: {
    url: string({ description: 'Where events are posted: https.', required: true, max: 2000, format: 'webUrl' }),
    description: string({ description: 'Free text.', max: 1000 }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED: nothing is posted. The service disables one that has failed for five days.',
      default: 'ENABLED',
    }),
    eventTypes: strings({
      description: 'Which events: account.created, login.* for all that begin so. Every event when empty.',
      maxCount: 100,
      maxTotal: 4000,
      entries: { max: 64, format: 'eventType' },
    }),
    secret: string({
      description: 'Signs what is posted: whsec_ and base64 of the key. In clear, or encrypted when asked for.',
      required: true,
      write: 'never',
      sealed: true,
    }),
    previousSecret: string({ description: 'The secret before the last rotation.', hidden: true, sealed: true }),
    previousSecretExpiresAt: datetime({
      description: 'Until then posts carry a signature with the previous secret too.',
      write: 'never',
    }),
    failingSince: datetime({
      description: 'When posts began to fail; null while the last one was taken.',
      write: 'never',
    }),
    position: integer({ description: 'The last event that was looked at for it.', hidden: true, default: 0 }),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    deliveries: toMany(
      'webhookDelivery',
      { by: 'webhook' },
      { description: 'What was posted or is to be, for a month.' },
    ),
    secretRotations: action('POST: a new secret; the present one signs too for a while.'),
    replays: action('POST: posts the events of a time again.'),
  },
})
