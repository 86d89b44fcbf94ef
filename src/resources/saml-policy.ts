import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 4.6; shares the application's id. Without SAML there is nothing in it. */
export const samlPolicy = defineResource({
  name: 'samlPolicy',
  path: 'samlPolicies',
  description: 'SAML settings of one application: none in this release.',
  operations: ['read'],
  stored: false,
  attributes: {},
  links: { tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }) },
})
