import { enumeration, string } from '../schema/attribute.ts'
import { part, toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 3.2 */
export const tenant = defineResource({
  name: 'tenant',
  path: 'tenants',
  description: 'The private space of one customer of the service: everything else lives in exactly one tenant.',
  operations: ['read', 'update'],
  attributes: {
    name: string({ description: 'Human-readable name; initially the key.', required: true, max: 255 }),
    key: string({
      description: 'Unique machine name: a-z and inner hyphens.',
      required: true,
      write: 'never',
      max: 63,
    }),
    preset: enumeration(['modern', 'stormpath'], {
      description: 'Table of defaults for new directories and applications.',
      default: 'modern',
      hidden: true,
    }),
    eventKey: string({
      description: 'Seals the diffs of events that concern no account.',
      required: true,
      hidden: true,
      sealed: true,
    }),
  },
  links: {
    consoleApplication: toOne('application', {
      description: 'Whoever can log in to it administers the tenant.',
      write: 'never',
      onDelete: 'clear',
      hidden: true,
    }),
    administratorsDirectory: toOne('directory', {
      description: 'Home of the owner; cannot be deleted.',
      write: 'never',
      onDelete: 'clear',
      hidden: true,
    }),
    ownerAccount: toOne('account', {
      description: 'Cannot be deleted or disabled.',
      write: 'never',
      onDelete: 'clear',
      hidden: true,
    }),
    customData: part('customData', 'JSON data of your own about this tenant.'),
    applications: toMany(
      'application',
      { by: 'tenant' },
      { description: 'All applications.', create: true, counted: true },
    ),
    directories: toMany(
      'directory',
      { by: 'tenant' },
      { description: 'All directories.', create: true, counted: true },
    ),
    organizations: toMany(
      'organization',
      { by: 'tenant' },
      { description: 'All organizations.', create: true, counted: true },
    ),
    accounts: toMany('account', { by: 'tenant' }, { description: 'All accounts.', customData: true, counted: true }),
    groups: toMany('group', { by: 'tenant' }, { description: 'All groups.', counted: true }),
    smtpServers: toMany('smtpServer', { by: 'tenant' }, { description: 'The own mail server: none or one.' }),
    events: toMany('event', { by: 'tenant' }, { description: 'What happened in it.', counted: true }),
    webhooks: toMany('webhook', { by: 'tenant' }, { description: 'Where events are posted.', create: true }),
    idSites: toMany('idSite', { by: 'tenant' }, { description: 'The ID Site settings: exactly one.' }),
  },
})
