import { datetime, enumeration, integer, string } from '../schema/attribute.ts'
import { action, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** What an attempt can come to; nothing of what the other side answered is told but its status. */
export const deliveryFaults = [
  'answer',
  'timeout',
  'unreachable',
  'insecure',
  'addressNotAllowed',
  'webhookDisabled',
] as const

/** decisions/0036 */
export const webhookDelivery = defineResource({
  name: 'webhookDelivery',
  path: 'webhookDeliveries',
  description: 'One event on its way to one webhook.',
  operations: ['read'],
  expires: 'expiresAt',
  attributes: {
    status: enumeration(['WAITING', 'DELIVERED', 'FAILED'], {
      description: 'FAILED: given up. It can be retried.',
      required: true,
      write: 'never',
      search: true,
    }),
    eventType: string({ description: 'The type of the event.', required: true, write: 'never' }),
    eventId: string({ description: 'The event; posts carry it as webhook-id.', required: true, write: 'never' }),
    attempts: integer({ description: 'How often it was posted.', required: true, write: 'never' }),
    responseStatus: integer({ description: 'The status of the last answer.', write: 'never' }),
    fault: enumeration(deliveryFaults, {
      description: 'Why the last attempt failed. answer: its status was none of 200 to 299.',
      write: 'never',
    }),
    deliveredAt: datetime({ description: 'When it was taken.', write: 'never' }),
    nextAttemptAt: datetime({ description: 'When it is tried next.', write: 'never' }),
    expiresAt: datetime({ description: 'Until when this is kept.', required: true, write: 'never' }),
  },
  links: {
    webhook: toOne('webhook', { description: 'Where it goes.', required: true, write: 'never' }),
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    retries: action('POST: posts it again.'),
  },
})
