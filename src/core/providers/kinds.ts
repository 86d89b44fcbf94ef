import type { mirrorTypes } from '../../resources/provider-types.ts'
import type { Entity } from '../../resources/registry.ts'

export type MirrorType = (typeof mirrorTypes)[number]
type Attribute = keyof Entity<'provider'>

/** What brings a user: a code to exchange, or what the provider gave to a page or app. */
export type CredentialName = 'code' | 'accessToken' | 'idToken'

interface Kind {
  required: readonly Attribute[]
  accepts: readonly CredentialName[]
}

const client = ['clientId', 'clientSecret'] as const

/**
 * What each kind of provider needs, and what it takes at a log-in (contract/rest.md 6.3, 15). An access token alone says
 * nothing about whom it was given to in OpenID Connect, so there it is not taken.
 */
export const kinds: Readonly<Record<MirrorType, Kind>> = {
  facebook: { required: client, accepts: ['accessToken', 'code'] },
  github: { required: client, accepts: ['accessToken', 'code'] },
  google: { required: client, accepts: ['code', 'accessToken', 'idToken'] },
  linkedin: { required: client, accepts: ['code', 'accessToken'] },
  twitter: { required: client, accepts: ['accessToken'] },
  oauth2: {
    required: [...client, 'authorizationEndpoint', 'tokenEndpoint', 'resourceEndpoint'],
    accepts: ['code', 'accessToken'],
  },
  oidc: { required: [...client, 'discoveryUrl'], accepts: ['code', 'idToken'] },
}
