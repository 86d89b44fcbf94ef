import { enumeration, string, strings } from '../schema/attribute.ts'
import { part } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'
import { mirrorTypes, providerTypes } from './provider-types.ts'

const endpoint = (description: string, variants: readonly string[] = ['oauth2']) =>
  string({ description, min: 1, max: 1000, format: 'endpoint', variants })

/**
 * contract/rest.md 6.3. That of a Cloud directory says `stormpath` and nothing else; those of mirror directories have a
 * row. Which attributes a kind of provider needs is in core/providers/directory-provider.ts.
 */
export const provider = defineResource({
  name: 'provider',
  path: 'provider',
  nested: true,
  comesNested: true,
  description: 'Where the accounts of a directory come from: `stormpath` means they are kept here.',
  stored: 'sometimes',
  variant: 'providerType',
  operations: ['read', 'update'],
  attributes: {
    providerId: string({
      description:
        'Kind of provider: `stormpath`, `facebook`, `github`, `google`, `linkedin`, `twitter`, or a name of your own for any other.',
      min: 1,
      max: 63,
      format: 'line',
      default: 'stormpath',
    }),
    providerType: enumeration(providerTypes, {
      description: 'Family of the provider: the kind, or `oauth2` and `oidc` for those of your own.',
      aliases: { oauth: 'oauth2' },
      default: 'stormpath',
      write: 'create',
    }),
    clientId: string({ description: 'Your client there.', min: 1, max: 1000, format: 'line', variants: mirrorTypes }),
    clientSecret: string({
      description: 'The secret of that client. Shown by tenants of the preset `stormpath` alone.',
      min: 1,
      max: 4096,
      format: 'line',
      sealed: true,
      extra: true,
      variants: mirrorTypes,
    }),
    redirectUri: string({
      description: 'Where the provider sends browsers back to; a log-in may name another.',
      max: 1000,
      format: 'line',
      variants: ['google', 'linkedin', 'facebook', 'github', 'oauth2', 'oidc'],
    }),
    scope: strings({
      description: 'What is asked for at the provider; the default scopes of its kind are always among it.',
      maxCount: 100,
      maxTotal: 4000,
      entries: { min: 1, max: 255, format: 'line' },
      aliases: ['scopes'],
      variants: ['facebook', 'github', 'google', 'linkedin', 'oauth2', 'oidc'],
    }),
    hd: string({
      description: 'Domain of the Google accounts let in.',
      max: 253,
      format: 'host',
      variants: ['google'],
    }),
    accessType: enumeration(['ONLINE', 'OFFLINE'], {
      description: 'OFFLINE: Google gives a refresh token.',
      variants: ['google'],
    }),
    display: enumeration(['PAGE', 'POPUP', 'TOUCH', 'WAP'], {
      description: 'How Google shows its log-in.',
      variants: ['google'],
    }),
    authorizationEndpoint: endpoint('Where browsers are sent to log in.'),
    tokenEndpoint: endpoint('Where codes are exchanged for tokens.'),
    resourceEndpoint: endpoint('Where the user of a token is told.'),
    discoveryUrl: endpoint('The discovery document: its issuer and `/.well-known/openid-configuration`.', ['oidc']),
    accessTokenType: enumeration(['bearer', 'access_token', 'oauth_token'], {
      description: '`bearer`: tokens go in the Authorization header; otherwise in the query parameter of that name.',
      default: 'bearer',
      variants: ['oauth2'],
    }),
    idField: string({
      description: 'Where the id of a user stands in what the provider tells: dotted, `[n]` for members of arrays.',
      min: 1,
      max: 255,
      format: 'line',
      default: 'id',
      variants: ['oauth2'],
    }),
  },
  links: {
    userInfoMappingRules: part('userInfoMappingRules', 'What of a user becomes what of an account.', {
      variants: mirrorTypes,
    }),
  },
})
