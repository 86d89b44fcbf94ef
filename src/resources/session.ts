import { datetime, integer, string } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** One log-in on one device: the family of tokens that came from it. To delete it ends them all. */
export const session = defineResource({
  name: 'session',
  path: 'sessions',
  description: 'One log-in on one device. Deleting it ends all tokens that came from it.',
  operations: ['read', 'delete'],
  expires: 'expiresAt',
  attributes: {
    userAgent: string({
      description: 'The device, as the application described it at log-in.',
      write: 'never',
      max: 512,
    }),
    lastUsedAt: datetime({ description: 'When it last got a token.', required: true, write: 'never' }),
    expiresAt: datetime({
      description: 'When it ends by itself, unless it is used meanwhile.',
      required: true,
      write: 'never',
    }),
    endsAt: datetime({ description: 'When it ends though it is used, where the log-in asked for less.', hidden: true }),
    idleTtl: integer({ description: 'Milliseconds without use after which it ends, where asked for.', hidden: true }),
  },
  links: {
    account: toOne('account', { description: 'Who logged in.', required: true, write: 'never' }),
    application: toOne('application', {
      description: 'The application logged in to.',
      required: true,
      write: 'never',
      search: true,
    }),
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
  },
})
