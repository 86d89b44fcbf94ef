import { enumeration, string } from '../schema/attribute.ts'
import { part, toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 7 */
export const group = defineResource({
  name: 'group',
  path: 'groups',
  description: 'A named set of accounts of one directory: a role, a team, a plan.',
  attributes: {
    name: string({
      description: 'Unique in the directory.',
      required: true,
      min: 1,
      max: 255,
      folded: true,
      search: true,
      sort: true,
    }),
    description: string({ description: 'Free text.', max: 1000, folded: true, search: true, sort: true }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED: as an account store it lets nobody log in.',
      default: 'ENABLED',
      search: true,
      sort: true,
    }),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    directory: toOne('directory', { description: 'The directory it belongs to.', required: true, write: 'never' }),
    customData: part('customData', 'JSON data of your own about this group.'),
    accounts: toMany(
      'account',
      { through: 'groupMembership', from: 'group', to: 'account' },
      { description: 'Its members.' },
    ),
    accountMemberships: toMany(
      'groupMembership',
      { by: 'group' },
      { description: 'The memberships themselves.', counted: true },
    ),
    applications: toMany(
      'application',
      { view: 'applicationsOfStore' },
      {
        description: 'Applications that map the group or its directory.',
      },
    ),
  },
  unique: [{ of: ['name'], within: 'directory' }],
})
