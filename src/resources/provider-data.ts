import { derived, enumeration, string } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'
import { mirrorTypes, providerTypes } from './provider-types.ts'

const token = (description: string, variants: readonly string[]) =>
  string({ description, write: 'never', sealed: true, variants })

/**
 * contract/rest.md 9.4. Accounts of Cloud directories have nothing to keep here. `subject` is who the account is at the
 * provider: it alone finds the account again, never an e-mail address.
 */
export const providerData = defineResource({
  name: 'providerData',
  path: 'providerData',
  nested: true,
  description: 'What the provider of the directory says about an account.',
  stored: 'sometimes',
  variant: 'providerType',
  operations: ['read'],
  attributes: {
    providerId: string({ description: 'Kind of provider.', default: 'stormpath', write: 'never' }),
    providerType: enumeration(providerTypes, { description: 'Its family.', default: 'stormpath', hidden: true }),
    subject: string({ description: 'Id of the user at the provider.', required: true, hidden: true }),
    accessToken: token('The last access token for the provider.', mirrorTypes),
    accessTokenSecret: token('What signs with that token.', ['twitter']),
    refreshToken: token('The last refresh token of the provider.', ['google', 'oauth2', 'oidc']),
    userInfo: derived({ description: 'The user as the provider told.', of: 'object', variants: mirrorTypes }),
    userInfoText: string({ description: 'The same as JSON.', required: true, hidden: true }),
  },
  links: {
    directory: toOne('directory', {
      description: 'The directory of the account.',
      required: true,
      write: 'never',
      hidden: true,
    }),
  },
  unique: [{ of: ['subject'], within: 'directory' }],
})
