import { enumeration, string } from '../schema/attribute.ts'
import { part, toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 6 */
export const directory = defineResource({
  name: 'directory',
  path: 'directories',
  description: 'A store of accounts and groups. Email addresses and usernames are unique within it.',
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
    description: string({ description: 'Free text.', max: 1000, folded: true, search: true, sort: true }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED: its accounts cannot log in.',
      default: 'ENABLED',
      search: true,
      sort: true,
    }),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    customData: part('customData', 'JSON data of your own about this directory.'),
    provider: part('provider', 'Where the accounts of this directory come from.'),
    passwordPolicy: part('passwordPolicy', 'Password rules of this directory.'),
    accountCreationPolicy: part(
      'accountCreationPolicy',
      'What happens when an account is created, and whose addresses are let in.',
    ),
    accountSchema: part('accountSchema', 'Which attributes a new account must have.'),
    accounts: toMany(
      'account',
      { by: 'directory' },
      { description: 'Its accounts.', create: true, customData: true, counted: true },
    ),
    groups: toMany('group', { by: 'directory' }, { description: 'Its groups.', create: true, counted: true }),
    applications: toMany('application', { view: 'applicationsOfStore' }, { description: 'Applications that map it.' }),
    applicationMappings: toMany(
      'accountStoreMapping',
      { by: 'accountStore' },
      { description: 'Its mappings to applications.' },
    ),
    organizations: toMany(
      'organization',
      { view: 'organizationsOfStore' },
      { description: 'Organizations that map it.' },
    ),
    organizationMappings: toMany(
      'organizationAccountStoreMapping',
      { by: 'accountStore' },
      {
        description: 'Its mappings to organizations.',
      },
    ),
  },
  unique: [{ of: ['name'] }],
})
