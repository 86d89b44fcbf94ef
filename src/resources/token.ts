import { datetime, derived, string } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** What both kinds of token are made of; the token itself is not kept but made anew from it (decisions/0011). */
const facts = {
  jwt: derived({ description: 'The token.', of: 'string' }),
  expandedJwt: derived({ description: 'Header, claims and signature of the token.', of: 'object' }),
  expiresAt: datetime({ description: 'When it ends.', required: true, hidden: true }),
  organization: string({ description: 'The organization that the log-in named, the claim `org`.', hidden: true }),
} as const

const owners = {
  account: toOne('account', { description: 'Whose it is.', required: true, write: 'never' }),
  application: toOne('application', {
    description: 'The application that issued it.',
    required: true,
    write: 'never',
    search: true,
  }),
  tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
  signingKey: toOne('signingKey', { description: 'The key that signs it.', write: 'never', hidden: true }),
  apiKey: toOne('apiKey', { description: 'The API key whose secret signs it.', write: 'never', hidden: true }),
} as const

const ofItsSession = { description: 'The session it belongs to.', write: 'never', hidden: true } as const

/** contract/rest.md 14.3: the id is the claim `jti`. */
export const accessToken = defineResource({
  name: 'accessToken',
  path: 'accessTokens',
  description: 'Lets its bearer act as an account in one application, for a short time.',
  operations: ['read', 'delete'],
  expires: 'expiresAt',
  attributes: {
    ...facts,
    refreshToken: string({ description: 'Id of the refresh token it came with, the claim `rti`.', hidden: true }),
  },
  links: { ...owners, session: toOne('session', ofItsSession) },
})

/** contract/rest.md 14.3: the id is the claim `jti`. */
export const refreshToken = defineResource({
  name: 'refreshToken',
  path: 'refreshTokens',
  description: 'Gets new access tokens, as long as its session lasts.',
  operations: ['read', 'delete'],
  expires: 'expiresAt',
  attributes: facts,
  links: { ...owners, session: toOne('session', { ...ofItsSession, required: true }) },
})
