import { boolean, integer } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** What both kinds of mapping share (contract/rest.md 5). */
const placement = {
  listIndex: integer({
    description: 'Place in the log-in order, from 0; beyond the end means the end.',
    min: 0,
    search: true,
    sort: true,
  }),
  isDefaultAccountStore: boolean({ description: 'New accounts go to this store.', default: false, search: true }),
  isDefaultGroupStore: boolean({ description: 'New groups go to this store.', default: false, search: true }),
}

/** contract/rest.md 5.1 */
export const accountStoreMapping = defineResource({
  name: 'accountStoreMapping',
  path: 'accountStoreMappings',
  description: 'Lets the accounts of a directory, group or organization use an application.',
  ignored: ['organization'],
  mistakenFor: { resource: 'organizationAccountStoreMapping', by: 'organization', insteadOf: 'application' },
  attributes: placement,
  links: {
    application: toOne('application', { description: 'The application.', required: true }),
    accountStore: toOne(['directory', 'group', 'organization'], { description: 'The mapped store.', required: true }),
  },
  unique: [{ of: ['application', 'accountStore'] }],
})

/** contract/rest.md 5.2 */
export const organizationAccountStoreMapping = defineResource({
  name: 'organizationAccountStoreMapping',
  path: 'organizationAccountStoreMappings',
  description: 'Makes the accounts of a directory or group those of an organization.',
  attributes: placement,
  links: {
    organization: toOne('organization', { description: 'The organization.', required: true }),
    accountStore: toOne(['directory', 'group', 'organization'], {
      description: 'The mapped store: a directory or group.',
      required: true,
    }),
  },
  unique: [{ of: ['organization', 'accountStore'] }],
})
