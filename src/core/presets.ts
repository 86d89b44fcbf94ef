import type { TemplateKind } from './emails/default-templates.ts'
import { modernLimits, noLimits } from './limits/table.ts'

/** Subjects that are not those of default-templates.ts. */
type Subjects = Partial<Record<TemplateKind, string>>

/** Asked for at providers of each kind whatever else is (contract/rest.md 6.3). */
const scopes = {
  google: ['profile', 'email'],
  facebook: ['public_profile', 'email'],
  github: ['user:email'],
  twitter: [],
  oauth2: [],
  oidc: ['openid', 'profile', 'email'],
} as const

/** The two tables of defaults for new directories and applications (defaults.md). A preset is data, read once, at creation. */
export const presets = {
  modern: {
    limits: modernLimits,
    emailTemplate: { mimeType: 'multipart/alternative', subjects: {} as Subjects },
    /** Where mail can be sent, accounts of a new application's own directory verify their address. */
    verifyNewApplications: true,
    passwordStrength: {
      minLength: 10,
      maxLength: 128,
      minLowerCase: 0,
      minUpperCase: 0,
      minNumeric: 0,
      minSymbol: 0,
      minDiacritic: 0,
      preventReuse: 0,
      preventCommon: true,
      preventContext: true,
      preventBreached: false,
    },
    oAuthPolicy: {
      accessTokenTtl: 'PT15M',
      refreshTokenTtl: 'P60D',
      tokenSignature: 'APPLICATION_KEY',
      refreshTokenRotation: 'ENABLED',
      passwordGrant: 'DISABLED',
    },
    /** A Client API is open to everybody: an application that wants one says so (decisions/0034). */
    webConfig: { status: 'DISABLED' },
    /** Where addresses are verified, the Client API answers one that has an account as it answers a new one. */
    registersKnown: 'notify',
    requiredFields: [],
    providerScopes: { ...scopes, linkedin: ['openid', 'profile', 'email'] },
    /** The secret of a client at an identity provider is written and never read. */
    showsClientSecrets: false,
  },
  stormpath: {
    limits: noLimits,
    // To the letter: old clients compare it (contract/rest.md 26).
    emailTemplate: { mimeType: 'text/plain', subjects: { reset: 'Reset your Password' } as Subjects },
    verifyNewApplications: false,
    passwordStrength: {
      minLength: 8,
      maxLength: 100,
      minLowerCase: 1,
      minUpperCase: 1,
      minNumeric: 1,
      minSymbol: 0,
      minDiacritic: 0,
      preventReuse: 0,
      preventCommon: false,
      preventContext: false,
      preventBreached: false,
    },
    oAuthPolicy: {
      accessTokenTtl: 'PT1H',
      refreshTokenTtl: 'P60D',
      tokenSignature: 'API_KEY',
      refreshTokenRotation: 'DISABLED',
      passwordGrant: 'ENABLED',
    },
    webConfig: { status: 'ENABLED' },
    registersKnown: undefined,
    requiredFields: ['givenName', 'surname'],
    providerScopes: { ...scopes, linkedin: ['r_basicprofile', 'r_emailaddress'] },
    showsClientSecrets: true,
  },
} as const

export type Preset = keyof typeof presets
