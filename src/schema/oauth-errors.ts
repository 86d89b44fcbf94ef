import type { Problem, ProblemCode } from './problems.ts'

/** RFC 6749 §5.2, RFC 7009 §2.2.1; the last two are those of RFC 6749 §4.1.2.1 for what is no fault of the request. */
export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'
  | 'temporarily_unavailable'
  | 'server_error'

/**
 * The word of OAuth for every refusal, so that a program does the right thing with it: what passes by waiting is
 * `temporarily_unavailable` and comes with `Retry-After`; `invalid_grant` is over.
 */
const errors = {
  // the request as such
  notFound: 'invalid_request',
  unauthenticated: 'invalid_client',
  forbidden: 'unauthorized_client',
  methodNotSupported: 'invalid_request',
  mediaTypeNotSupported: 'invalid_request',
  bodyMalformed: 'invalid_request',
  bodyTooLarge: 'invalid_request',
  bodyTooDeep: 'invalid_request',
  overloaded: 'temporarily_unavailable',
  queryTimeout: 'temporarily_unavailable',
  tooManyRequests: 'temporarily_unavailable',
  outcomeUnknown: 'temporarily_unavailable',
  idempotencyKeyReused: 'invalid_request',
  idempotencyKeyBusy: 'temporarily_unavailable',
  preconditionFailed: 'invalid_request',

  // properties of a body
  required: 'invalid_request',
  notUnique: 'invalid_request',
  invalid: 'invalid_request',
  unsupportedValue: 'invalid_request',
  wrongType: 'invalid_request',
  badEncoding: 'invalid_request',
  badFormat: 'invalid_request',
  tooShort: 'invalid_request',
  tooLong: 'invalid_request',
  tooMany: 'invalid_request',
  belowMinimum: 'invalid_request',
  aboveMaximum: 'invalid_request',
  outOfRange: 'invalid_request',
  invalidReference: 'invalid_request',
  unknownProperty: 'invalid_request',
  noMatch: 'invalid_request',
  referenceMissing: 'invalid_request',
  referenceUnusable: 'invalid_request',
  nothingToUpdate: 'invalid_request',

  // the query string
  queryMalformed: 'invalid_request',
  queryValueMissing: 'invalid_request',
  queryRepeated: 'invalid_request',
  queryValueInvalid: 'invalid_request',
  orderByMalformed: 'invalid_request',
  queryNotSupported: 'invalid_request',
  orderByNotSupported: 'invalid_request',
  notExpandable: 'invalid_request',
  rangeInverted: 'invalid_request',

  // custom data
  customDataNameEmpty: 'invalid_request',
  customDataNameTooLong: 'invalid_request',
  customDataNameInvalid: 'invalid_request',
  customDataNameReserved: 'invalid_request',
  customDataTooLarge: 'invalid_request',

  // what cannot be touched
  ownerUndeletable: 'invalid_request',
  ownerStatusFixed: 'invalid_request',
  protectedResource: 'invalid_request',

  // account stores; `owner` is the side that maps them
  directoryNameTaken: 'invalid_request',
  noDefaultAccountStore: 'invalid_request',
  defaultAccountStoreDisabled: 'invalid_request',
  noDefaultGroupStore: 'invalid_request',
  defaultGroupStoreDisabled: 'invalid_request',
  storeAlreadyMapped: 'invalid_request',
  noStores: 'invalid_grant',
  groupAsDefaultGroupStore: 'invalid_request',
  organizationInOrganization: 'invalid_request',
  storeNotMapped: 'invalid_request',
  organizationWithoutDefaultAccountStore: 'invalid_request',
  organizationDefaultAccountStoreDisabled: 'invalid_request',
  organizationWithoutDefaultGroupStore: 'invalid_request',
  organizationDefaultGroupStoreDisabled: 'invalid_request',

  // account links
  accountLinkMalformed: 'invalid_request',
  accountLinkToItself: 'invalid_request',
  accountsLinkedAlready: 'invalid_request',
  accountsOfOneDirectory: 'invalid_request',
  accountLinkedIntoDirectory: 'invalid_request',
  tooManyAccountLinks: 'invalid_request',

  // identity providers
  mirrorDirectory: 'invalid_request',
  mirrorAsDefault: 'invalid_request',
  providerMappedTwice: 'invalid_request',
  providerNotMapped: 'invalid_request',
  providerConversion: 'invalid_request',
  providerFixed: 'invalid_request',
  propertyUnsupported: 'invalid_request',
  redirectUriMissing: 'invalid_request',
  providerRefused: 'invalid_grant',
  providerPropertyMissing: 'invalid_grant',
  providerUserTaken: 'invalid_grant',
  mirroredProperty: 'invalid_request',

  // passwords
  passwordTooShort: 'invalid_request',
  passwordTooLong: 'invalid_request',
  passwordLacks: 'invalid_request',
  passwordTooCommon: 'invalid_request',
  passwordGuessable: 'invalid_request',
  passwordBreached: 'invalid_request',
  passwordRefused: 'invalid_request',
  passwordReused: 'invalid_request',
  importedPasswordInvalid: 'invalid_request',
  importedPasswordUnsupported: 'invalid_request',

  // whose accounts are let in
  emailDomainBlacklisted: 'invalid_request',
  emailDomainNotWhitelisted: 'invalid_request',

  // mail
  ownerNotified: 'invalid_request',
  linkMacroMissing: 'invalid_request',
  verificationNotEnabled: 'invalid_request',
  passwordResetNotEnabled: 'invalid_request',
  resetRequestUnknown: 'invalid_request',
  mailServerUnreachable: 'invalid_request',
  mailServerUnauthenticated: 'invalid_request',
  mailServerInsecure: 'invalid_request',
  mailServerExists: 'invalid_request',

  // log-in
  accountUnknown: 'invalid_grant',
  passwordIncorrect: 'invalid_grant',
  loginPaused: 'temporarily_unavailable',
  accountDisabled: 'invalid_grant',
  accountUnverified: 'invalid_grant',
  groupDisabled: 'invalid_grant',
  directoryDisabled: 'invalid_grant',
  organizationDisabled: 'invalid_grant',
  applicationDisabled: 'invalid_grant',

  // tokens
  tokenExpired: 'invalid_grant',
  tokenIssuedInFuture: 'invalid_grant',
  tokenMissing: 'invalid_grant',
  tokenOfOtherApplication: 'invalid_grant',
  tokenInvalid: 'invalid_grant',
  tokenAccountDisabled: 'invalid_grant',
  tokenApplicationDisabled: 'invalid_grant',
  tokenAccountOutside: 'invalid_grant',
  apiKeyPairInvalid: 'invalid_client',
  tokenTypeUnknown: 'unsupported_token_type',
  parameterMissing: 'invalid_request',
  sptokenMissing: 'invalid_request',
  grantTypeUnsupported: 'unsupported_grant_type',
  passwordGrantDisabled: 'unauthorized_client',
  loginTicketInvalid: 'invalid_grant',
  assertionUnauthenticated: 'invalid_grant',
} as const satisfies Record<ProblemCode, OAuthError>

export function toOAuthError({ code }: Problem): OAuthError {
  return errors[code]
}
