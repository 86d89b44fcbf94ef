import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 7 */
export const groupMembership = defineResource({
  name: 'groupMembership',
  path: 'groupMemberships',
  description: 'Puts one account into one group of the same directory.',
  operations: ['create', 'read', 'delete'],
  attributes: {},
  links: {
    account: toOne('account', { description: 'The member.', required: true }),
    group: toOne('group', { description: 'The group.', required: true }),
  },
  unique: [{ of: ['account', 'group'] }],
})
