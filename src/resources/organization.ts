import { enumeration, string } from '../schema/attribute.ts'
import { part, toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 8 */
export const organization = defineResource({
  name: 'organization',
  path: 'organizations',
  description:
    'A customer of your application, with account stores of its own, known by a name that fits in a host name.',
  creationFlags: ['createDirectory'],
  attributes: {
    name: string({
      description: 'Unique in the tenant.',
      required: true,
      min: 1,
      max: 255,
      folded: true,
      search: true,
      sort: true,
    }),
    nameKey: string({
      description: 'Unique in the tenant: a-z, 0-9 and inner hyphens.',
      required: true,
      min: 1,
      max: 63,
      format: 'nameKey',
      folded: true,
      search: true,
      sort: true,
    }),
    description: string({ description: 'Free text.', max: 1000, folded: true, search: true, sort: true }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED: nobody can log in through it.',
      default: 'ENABLED',
      search: true,
      sort: true,
    }),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    defaultAccountStoreMapping: toOne('organizationAccountStoreMapping', {
      description: 'Mapping whose store receives new accounts; null when none is default.',
      write: 'never',
      onDelete: 'clear',
    }),
    defaultGroupStoreMapping: toOne('organizationAccountStoreMapping', {
      description: 'Mapping whose store receives new groups; null when none is default.',
      write: 'never',
      onDelete: 'clear',
    }),
    customData: part('customData', 'JSON data of your own about this organization.'),
    accountLinkingPolicy: part(
      'accountLinkingPolicy',
      'What a log-in that names this organization does with linked accounts.',
    ),
    accounts: toMany(
      'account',
      { view: 'accountsOfStores' },
      {
        description: 'Accounts of all mapped stores, each once.',
        create: true,
      },
    ),
    groups: toMany(
      'group',
      { view: 'groupsOfStores' },
      { description: 'Groups of all mapped stores, each once.', create: true },
    ),
    accountStoreMappings: toMany(
      'organizationAccountStoreMapping',
      { by: 'organization' },
      {
        description: 'The mapped account stores in log-in order.',
        create: true,
        order: 'listIndex',
      },
    ),
  },
  unique: [{ of: ['name'] }, { of: ['nameKey'] }],
})
