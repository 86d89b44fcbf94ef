import { modernLimits, noLimits } from './limits/table.ts'

/** The two tables of defaults for new directories and applications (defaults.md). A preset is data, read once, at creation. */
export const presets = {
  modern: {
    limits: modernLimits,
    emailTemplate: { mimeType: 'multipart/alternative' },
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
    requiredFields: [],
  },
  stormpath: {
    limits: noLimits,
    emailTemplate: { mimeType: 'text/plain' },
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
    requiredFields: ['givenName', 'surname'],
  },
} as const

export type Preset = keyof typeof presets
