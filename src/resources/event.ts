import { integer, string, strings } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** What happened, thinly: never values, never secrets, and of addresses the network alone (decisions/0004, 0035). */
export const event = defineResource({
  name: 'event',
  path: 'events',
  description: 'One thing that happened in the tenant. Events are written with what they tell of, and never change.',
  operations: ['read'],
  appended: true,
  showsId: true,
  attributes: {
    position: integer({
      description: 'Its number in the log of the tenant, without gaps, given once it is committed.',
      write: 'never',
      sort: true,
    }),
    type: string({
      description: 'What happened: account.created, account.updated, login.failed …',
      required: true,
      write: 'never',
      search: true,
    }),
    actorType: string({
      description: 'Who did it: apiKey, or system for the service itself.',
      required: true,
      write: 'never',
    }),
    actorId: string({ description: 'Which one.', required: true, write: 'never', search: true }),
    targetType: string({
      description: 'The kind of resource it happened to.',
      required: true,
      write: 'never',
    }),
    targetId: string({ description: 'Which one; it may be gone.', required: true, write: 'never', search: true }),
    changed: strings({ description: 'Names of the attributes that changed.', write: 'never' }),
    requestId: string({ description: 'The request it came with.', required: true, write: 'never', search: true }),
    network: string({
      description: "The network of the end user's address, as 203.0.113.0/24, where the application told it.",
      write: 'never',
    }),
    hash: string({
      description: 'Its link in the chain over the log (`latchkey audit verify`); null while it has no position.',
      write: 'never',
    }),
    diff: string({
      description: 'Old and new values, sealed under a key that goes with the account they are about.',
      hidden: true,
    }),
  },
  links: { tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }) },
})
