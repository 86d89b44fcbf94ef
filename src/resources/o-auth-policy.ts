import { enumeration, string } from '../schema/attribute.ts'
import { endpoint, toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

const SECOND = 1000
const TEN_YEARS = 10 * 365 * 24 * 3600 * SECOND

const onOff = (description: string) => enumeration(['ENABLED', 'DISABLED'], { description, default: 'ENABLED' })

/** contract/rest.md 4.5; shares the application's id. The values of a new one come from the tenant's preset. */
export const oAuthPolicy = defineResource({
  name: 'oAuthPolicy',
  path: 'oAuthPolicies',
  description: 'How long the tokens of one application live, how they are signed and renewed, and who gets them.',
  operations: ['read', 'update'],
  attributes: {
    accessTokenTtl: string({
      description: 'Lifetime of access tokens: ISO-8601 duration of 1 second to 10 years.',
      format: 'duration',
      lasts: { min: SECOND, max: TEN_YEARS },
      default: 'PT15M',
    }),
    refreshTokenTtl: string({
      description: 'Lifetime of refresh tokens, renewed ones included; zero switches them off.',
      format: 'duration',
      lasts: { min: SECOND, max: TEN_YEARS, orZero: true },
      default: 'P60D',
    }),
    tokenSignature: enumeration(['APPLICATION_KEY', 'API_KEY'], {
      description:
        'APPLICATION_KEY: Ed25519, with keys published as JWKS. API_KEY: HS256, with the secret of the API key that asks.',
      default: 'APPLICATION_KEY',
    }),
    refreshTokenRotation: onOff('ENABLED: a refresh token is used once and comes back as its successor.'),
    passwordGrant: onOff('Whether the token endpoint takes `grant_type=password`.'),
  },
  links: {
    tokenEndpoint: endpoint('Where tokens are issued.', 'applications/:id/oauth/token'),
    revocationEndpoint: endpoint('Where tokens are revoked.', 'applications/:id/oauth/revoke'),
    introspectionEndpoint: endpoint('Where tokens are examined.', 'applications/:id/oauth/introspect'),
    jwks: endpoint('The public keys that verify its tokens.', 'applications/:id/oauth/jwks'),
    application: toOne('application', { description: 'The application.', required: true, write: 'never' }),
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
  },
})
