import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

const side = (which: string) =>
  toOne('account', { description: `The ${which} account; sides mean nothing.`, required: true })

/** contract/rest.md 10 */
export const accountLink = defineResource({
  name: 'accountLink',
  path: 'accountLinks',
  description: 'Says that two accounts of different directories belong to one person.',
  operations: ['create', 'read', 'delete'],
  malformed: 'accountLinkMalformed',
  attributes: {},
  links: { leftAccount: side('one'), rightAccount: side('other') },
  unique: [{ of: ['leftAccount', 'rightAccount'] }],
})
