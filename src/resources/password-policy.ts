import { part, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 6.9; shares the directory's id. */
export const passwordPolicy = defineResource({
  name: 'passwordPolicy',
  path: 'passwordPolicies',
  description: 'Password rules of one directory.',
  stored: false,
  operations: ['read'],
  attributes: {},
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    strength: part('passwordStrength', 'What a new password must satisfy.'),
  },
})
