import { enumeration } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

const onOff = (description: string) => enumeration(['ENABLED', 'DISABLED'], { description, default: 'DISABLED' })

const owner = <const T extends 'application' | 'organization'>(target: T) =>
  toOne(target, { description: `The ${target} it is the policy of.`, write: 'never', hidden: true })

/** contract/rest.md 10; shares the id of its application or organization. */
export const accountLinkingPolicy = defineResource({
  name: 'accountLinkingPolicy',
  path: 'accountLinkingPolicies',
  description: 'What a log-in does with accounts that belong to one person.',
  operations: ['read', 'update'],
  attributes: {
    status: onOff('ENABLED: whoever logs in gets the linked account of the default account store.'),
    automaticProvisioning: onOff(
      'ENABLED: where the default account store has no such account, one is made and linked; for verified addresses only.',
    ),
    matchingProperty: enumeration(['email'], {
      description:
        'email: an account of the default account store with the same address is linked, where both are verified.',
    }),
  },
  links: {
    application: owner('application'),
    organization: owner('organization'),
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
  },
})
