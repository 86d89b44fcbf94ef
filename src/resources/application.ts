import { enumeration, string, strings } from '../schema/attribute.ts'
import { action, endpoint, part, toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 4 */
export const application = defineResource({
  name: 'application',
  path: 'applications',
  description: 'A program whose users Latchkey manages. It sees accounts through the account stores mapped to it.',
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
    description: string({ description: 'Free text.', max: 4000, folded: true, search: true, sort: true }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED: nobody can log in.',
      default: 'ENABLED',
      search: true,
      sort: true,
    }),
    authorizedCallbackUris: strings({
      description: 'Where browsers may be sent back to after a log-in elsewhere.',
      maxTotal: 4000,
    }),
    authorizedOriginUris: strings({
      description: 'Origins whose pages may call this application from a browser.',
      maxTotal: 4000,
      aliases: ['authorizedOriginURIs', 'authorizedOriginURLs'],
    }),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    defaultAccountStoreMapping: toOne('accountStoreMapping', {
      description: 'Mapping whose store receives new accounts; null when none is default.',
      write: 'never',
      onDelete: 'clear',
    }),
    defaultGroupStoreMapping: toOne('accountStoreMapping', {
      description: 'Mapping whose store receives new groups; null when none is default.',
      write: 'never',
      onDelete: 'clear',
    }),
    customData: part('customData', 'JSON data of your own about this application.'),
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
      'accountStoreMapping',
      { by: 'application' },
      {
        description: 'The mapped account stores in log-in order.',
        create: true,
        order: 'listIndex',
      },
    ),
    apiKeys: toMany(
      'apiKey',
      { view: 'apiKeysOfApplication' },
      {
        description: 'Look-up of one key by id, for keys whose account can log in here.',
        requires: 'id',
      },
    ),
    loginAttempts: action('Checks a login and password.'),
    authTokens: endpoint('Examines a token: `authTokens/<jwt>` leads to the resource of one that is valid here.'),
    oAuthPolicy: part('oAuthPolicy', 'Lifetimes, signature and renewal of its tokens.'),
    samlPolicy: part('samlPolicy', 'Its SAML settings.'),
    accountLinkingPolicy: part('accountLinkingPolicy', 'What a log-in does with linked accounts.'),
    webConfig: part('webConfig', 'What its Client API offers.'),
    passwordResetTokens: action('Mails a link on which a forgotten password is replaced.', { tokens: true }),
    verificationEmails: action('Mails the link anew that verifies an email address.'),
  },
  unique: [{ of: ['name'] }],
})
