import { datetime, enumeration, joined, string, strings } from '../schema/attribute.ts'
import { part, secretLink, toMany, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

const name = (description: string) => string({ description, min: 1, max: 255, folded: true, search: true, sort: true })

/** contract/rest.md 9 */
export const account = defineResource({
  name: 'account',
  path: 'accounts',
  description: 'A user: one person in one directory.',
  creationFlags: ['registrationWorkflowEnabled', 'passwordFormat', 'existing'],
  largeBody: true,
  broughtBy: 'providerData',
  attributes: {
    username: string({
      description: 'Unique in the directory; the email address when left out.',
      min: 1,
      max: 255,
      format: 'identity',
      defaultFrom: 'email',
      folded: true,
      search: true,
      sort: true,
    }),
    email: string({
      description: 'Unique in the directory, compared without case, shown as typed.',
      required: true,
      min: 1,
      max: 255,
      format: 'email',
      folded: true,
      search: true,
      sort: true,
    }),
    password: string({
      description: 'The password; with `passwordFormat=mcf`, a hash to import.',
      required: true,
      max: 4096,
      secret: true,
    }),
    givenName: name('First name.'),
    middleName: name('Middle name.'),
    surname: name('Family name.'),
    fullName: joined({ description: 'The names, joined by blanks.', from: ['givenName', 'middleName', 'surname'] }),
    status: enumeration(['ENABLED', 'DISABLED', 'UNVERIFIED'], {
      description: 'Only ENABLED accounts can log in.',
      default: 'ENABLED',
      search: true,
      sort: true,
    }),
    emailVerificationStatus: enumeration(['UNVERIFIED', 'VERIFIED', 'UNKNOWN'], {
      description: 'Whether the address is known to be theirs.',
      default: 'UNVERIFIED',
    }),
    verificationToken: string({
      description: 'Proves that whoever has it reads the mail of this address.',
      hidden: true,
      sealed: true,
    }),
    eventKey: string({
      description: 'Seals the diffs of events about this account; gone with it.',
      required: true,
      hidden: true,
      sealed: true,
    }),
    passwordHistory: strings({
      description: 'Hashes of earlier passwords, newest first, as many as the rules of the directory look at.',
      hidden: true,
    }),
    passwordModifiedAt: datetime({
      description: 'When the password was last set.',
      write: 'never',
      search: true,
      sort: true,
    }),
  },
  links: {
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
    directory: toOne('directory', { description: 'The directory it lives in.', required: true, write: 'never' }),
    emailVerificationToken: secretLink('verificationToken', {
      description: 'Where a POST verifies the email address, while that is to be done.',
      path: 'emailVerificationTokens',
    }),
    customData: part('customData', 'JSON data of your own about this account.'),
    providerData: part('providerData', 'What the provider of its directory says about it.'),
    groups: toMany(
      'group',
      { through: 'groupMembership', from: 'account', to: 'group' },
      { description: 'Its groups.' },
    ),
    groupMemberships: toMany('groupMembership', { by: 'account' }, { description: 'Its memberships.' }),
    applications: toMany(
      'application',
      { view: 'applicationsOfAccount' },
      { description: 'Applications it can log in to.' },
    ),
    apiKeys: toMany('apiKey', { by: 'account' }, { description: 'Its API keys.', create: true }),
    accessTokens: toMany('accessToken', { by: 'account' }, { description: 'Its access tokens that have not ended.' }),
    refreshTokens: toMany(
      'refreshToken',
      { by: 'account' },
      { description: 'Its refresh tokens that have not ended.' },
    ),
    linkedAccounts: toMany('account', { view: 'linkedAccounts' }, { description: 'Accounts linked to it.' }),
    accountLinks: toMany('accountLink', { view: 'linksOfAccount' }, { description: 'The links themselves.' }),
    sessions: toMany('session', { by: 'account' }, { description: 'Where it is logged in.', clear: true }),
  },
  unique: [
    { of: ['email'], within: 'directory' },
    { of: ['username'], within: 'directory' },
  ],
})
