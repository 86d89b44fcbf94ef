/**
 * Every way the domain can refuse, once: the code, and the facts a message about it needs.
 * Each protocol maps this list in one table the compiler keeps complete (REST codes, OAuth errors, page messages).
 */
interface Problems {
  // the request as such
  notFound: {}
  /** `key`: the API key whose secret was right and that may not call all the same. */
  unauthenticated: { reason?: string; key?: { id: string; tenant: string } }
  forbidden: { reason: string }
  methodNotSupported: { method: string; allowed: readonly string[] }
  mediaTypeNotSupported: { expected: string }
  bodyMalformed: { reason: string }
  bodyTooLarge: { limit: number }
  bodyTooDeep: { limit: number }
  overloaded: { retryAfterSeconds: number; reason: string }
  queryTimeout: { seconds: number }
  tooManyRequests: { retryAfterSeconds: number }
  /** The answer to a commit was lost: the request is done wholly or not at all. */
  outcomeUnknown: { retryAfterSeconds: number }
  /** An idempotency key that belongs to another request. */
  idempotencyKeyReused: {}
  /** The request of this idempotency key is under way. */
  idempotencyKeyBusy: { retryAfterSeconds: number }
  /** It is no longer as the caller knows it. */
  preconditionFailed: {}

  // properties of a body
  required: { resource: string; property: string }
  notUnique: { resource: string; property: string }
  invalid: { property: string; reason?: string }
  unsupportedValue: { property: string; supported?: readonly string[]; text?: string }
  wrongType: { property: string; expected: string }
  badEncoding: { property: string }
  badFormat: { property: string; expected: string; text?: string }
  tooShort: { property: string; min: number; text?: string }
  tooLong: { property: string; max: number; text?: string }
  tooMany: { property: string; max: number }
  belowMinimum: { property: string; min: number }
  aboveMaximum: { property: string; max: number }
  outOfRange: { property: string; min: number; max: number }
  invalidReference: { property: string; reason?: string }
  unknownProperty: { property: string; resource: string }
  noMatch: { property: string }
  referenceMissing: { property: string }
  referenceUnusable: { property: string; reason: string }
  nothingToUpdate: { resource: string }

  // the query string
  queryMalformed: { parameter: string }
  queryValueMissing: { parameter: string }
  queryRepeated: { parameter: string }
  queryValueInvalid: { parameter: string; reason?: string }
  orderByMalformed: { statement: string }
  queryNotSupported: { parameter: string; resource: string }
  orderByNotSupported: { attribute: string; resource: string }
  notExpandable: { link: string; resource: string }
  rangeInverted: { parameter: string }

  // custom data
  customDataNameEmpty: {}
  customDataNameTooLong: { name: string }
  customDataNameInvalid: { name: string }
  customDataNameReserved: { name: string }
  customDataTooLarge: { limit: number }

  // what cannot be touched
  ownerUndeletable: {}
  ownerStatusFixed: {}
  protectedResource: { resource: string; name: string }

  // account stores; `owner` is the side that maps them
  directoryNameTaken: { owner: 'application' | 'organization'; name: string }
  noDefaultAccountStore: { owner: 'application' | 'organization' }
  defaultAccountStoreDisabled: { owner: 'application' | 'organization' }
  noDefaultGroupStore: { owner: 'application' | 'organization' }
  defaultGroupStoreDisabled: { owner: 'application' | 'organization' }
  storeAlreadyMapped: { owner: 'application' | 'organization' }
  noStores: { owner: 'application' | 'organization' }
  groupAsDefaultGroupStore: { owner: 'application' | 'organization' }
  organizationInOrganization: {}
  storeNotMapped: {}
  organizationWithoutDefaultAccountStore: {}
  organizationDefaultAccountStoreDisabled: {}
  organizationWithoutDefaultGroupStore: {}
  organizationDefaultGroupStoreDisabled: {}

  // account links
  accountLinkMalformed: { property: string }
  accountLinkToItself: {}
  /** `href`: the link there is. */
  accountsLinkedAlready: { href: string }
  accountsOfOneDirectory: {}
  accountLinkedIntoDirectory: {}
  tooManyAccountLinks: { max: number }

  // identity providers
  /** Accounts and groups of a mirror directory come from its provider. */
  mirrorDirectory: {}
  mirrorAsDefault: {
    owner: 'application' | 'organization'
    holds: 'accounts' | 'groups'
    store: 'directory' | 'group'
  }
  providerMappedTwice: { owner: 'application' | 'organization'; provider: string }
  providerNotMapped: { provider: string }
  providerConversion: {}
  providerFixed: {}
  propertyUnsupported: { property: string; where: string }
  redirectUriMissing: {}
  providerRefused: { provider: string; reason: string }
  providerPropertyMissing: { provider: string; property: string }
  /** Another user of the provider has an account with that address or username. */
  providerUserTaken: { provider: string }
  mirroredProperty: { property: string }

  // passwords
  passwordTooShort: { min: number }
  passwordTooLong: { max: number }
  passwordLacks: { what: 'lowercase' | 'uppercase' | 'numeric' | 'symbol' | 'diacritic'; count: number }
  passwordTooCommon: {}
  /** Made of words about its owner or the service. */
  passwordGuessable: {}
  passwordBreached: {}
  /** By a rule of the application's own. */
  passwordRefused: { reason: string }
  passwordReused: { last: number }
  importedPasswordInvalid: {}
  importedPasswordUnsupported: {}

  // whose accounts are let in
  emailDomainBlacklisted: { domain: string }
  emailDomainNotWhitelisted: { domain: string }
  // mail
  /** The address has an account; its owner was mailed instead. */
  ownerNotified: {}
  linkMacroMissing: { property: string }
  verificationNotEnabled: {}
  passwordResetNotEnabled: {}
  resetRequestUnknown: {}
  mailServerUnreachable: {}
  mailServerUnauthenticated: {}
  mailServerInsecure: {}
  mailServerExists: {}

  // log-in
  accountUnknown: {}
  passwordIncorrect: {}
  loginPaused: { retryAfterSeconds: number }
  accountDisabled: {}
  accountUnverified: {}
  groupDisabled: {}
  directoryDisabled: {}
  organizationDisabled: {}
  applicationDisabled: {}

  // tokens
  tokenExpired: {}
  tokenIssuedInFuture: {}
  tokenMissing: {}
  tokenOfOtherApplication: {}
  tokenInvalid: { reason?: string }
  tokenAccountDisabled: {}
  tokenApplicationDisabled: {}
  tokenAccountOutside: {}
  apiKeyPairInvalid: {}
  tokenTypeUnknown: {}
  parameterMissing: { parameter: string }
  sptokenMissing: {}
  grantTypeUnsupported: { grantType: string }
  passwordGrantDisabled: {}
  loginTicketInvalid: {}
  assertionUnauthenticated: {}
}

export type ProblemCode = keyof Problems
export type ProblemDetail<C extends ProblemCode> = Problems[C]

/** A refusal: expected, safe to show, mapped by each protocol. Any other error that reaches an edge is a bug. */
export class Problem<C extends ProblemCode = ProblemCode> extends Error {
  readonly code: C
  readonly detail: ProblemDetail<C>

  constructor(code: C, detail: ProblemDetail<C>) {
    super(code)
    this.name = 'Problem'
    this.code = code
    this.detail = detail
  }

  static is<C extends ProblemCode>(error: unknown, code?: C): error is Problem<C> {
    return error instanceof Problem && (code === undefined || error.code === code)
  }
}

/** Throws the named refusal. */
export function refuse<C extends ProblemCode>(code: C, detail: ProblemDetail<C>): never {
  throw new Problem(code, detail)
}
