import { registry } from '../resources/registry.ts'
import type { ProblemCode, ProblemDetail } from '../schema/problems.ts'

/** How one refusal reads over REST. */
export interface ErrorText {
  status: number
  /** The historical code; the status itself where there is none. */
  code: number
  /** For developers; for users too, unless `user` says otherwise. */
  text: string
  user?: string
  /** What is in the way: the `Location` of the answer, and a member of its body. */
  href?: string
}

type ErrorTable = { [C in ProblemCode]: (detail: ProblemDetail<C>) => ErrorText }

const CLOSED_DOMAIN = 'Accounts with an email address of this domain are not allowed here.'
const WRONG_CREDENTIALS = 'Invalid username or password.'

const plain = (status: number, text: string): ErrorText => ({ status, code: status, text })
const refused = (code: number, text: string): ErrorText => ({ status: 400, code, text })
const conflict = (code: number, text: string): ErrorText => ({ status: 409, code, text })
/** Reasons of failed log-ins are for developers; the wrong-password pair reads the same to users (contract/rest.md 13.1). */
const login = (code: number, text: string, user: string): ErrorText => ({ status: 400, code, text, user })

const title = (resource: string): string => resource.charAt(0).toUpperCase() + resource.slice(1)
const because = (reason: string | undefined): string => (reason === undefined ? '.' : `: ${reason}.`)
const query = (parameter: string): string => `Query parameter '${parameter.slice(0, 100)}'`
const quoted = (name: string): string => `'${name.slice(0, 100)}'`

type Owner = 'application' | 'organization'
/** The same refusal has two codes: one for applications, one for organizations. */
const codes = (owner: Owner, application: number, organization: number): number =>
  owner === 'application' ? application : organization

const classes = {
  lowercase: 'a lowercase character',
  uppercase: 'an uppercase character',
  numeric: 'a numeric character',
  symbol: 'a symbol character',
  diacritic: 'a diacritic character',
}

/** Codes and texts of contract/rest.md 1.5, 6.10, 13.1, 13.5, 22 and 26; texts in quotes there are compared by old clients. */
export const errorTable: ErrorTable = {
  notFound: () => plain(404, 'The requested resource does not exist.'),
  // Why it failed helps an attacker more than a developer: it goes to the log alone.
  unauthenticated: () =>
    plain(401, 'Authentication is required: the id and secret of an API key, by HTTP Basic or SAuthc1.'),
  forbidden: ({ reason }) => plain(403, reason),
  methodNotSupported: ({ method, allowed }) => ({
    status: 405,
    code: 1100,
    text: `HTTP method ${method} is not supported here; supported: ${allowed.join(', ')}.`,
  }),
  mediaTypeNotSupported: ({ expected }) => ({
    status: 415,
    code: 1101,
    text: `The Content-Type of the body is not supported; expected: ${expected}.`,
  }),
  bodyMalformed: ({ reason }) => plain(400, `The body cannot be read: ${reason}.`),
  bodyTooLarge: ({ limit }) => plain(413, `The body is larger than ${limit} bytes.`),
  bodyTooDeep: ({ limit }) => plain(400, `The body is nested deeper than ${limit} levels.`),
  overloaded: ({ reason, retryAfterSeconds }) =>
    plain(503, `The service is busy: ${reason}. Try again in ${retryAfterSeconds} s.`),
  tooManyRequests: ({ retryAfterSeconds }) =>
    plain(429, `Too many requests of this kind. Try again in ${retryAfterSeconds} s.`),
  outcomeUnknown: () =>
    plain(
      503,
      'Whether the request was carried out is not known: wholly, or not at all. Read what it was about, or repeat it with the same Idempotency-Key.',
    ),
  idempotencyKeyReused: () =>
    plain(422, 'This Idempotency-Key came with another request before: a new request needs a new key.'),
  idempotencyKeyBusy: ({ retryAfterSeconds }) =>
    plain(
      409,
      `The request with this Idempotency-Key is still being carried out. Ask again in ${retryAfterSeconds} s.`,
    ),
  preconditionFailed: () =>
    plain(412, 'The resource is not as If-Match or If-None-Match say: read it again before you change it.'),
  queryTimeout: ({ seconds }) =>
    plain(
      503,
      `The query took longer than ${seconds} s and was stopped. Searches by equality or prefix, and orders by indexed attributes, are fast at any size.`,
    ),

  // The bodies of actions belong to no resource, and their texts are older.
  required: ({ resource, property }) =>
    refused(
      2000,
      `${resource in registry ? `${title(resource)} ${property}` : `${property} property`} is required; it cannot be null, empty, or blank.`,
    ),
  // Two blanks, as ever.
  notUnique: ({ resource, property }) =>
    conflict(2001, `${title(resource)} with that ${property} already exists.  Please choose another ${property}.`),
  invalid: ({ property, reason }) => refused(2002, `${property} value is invalid${because(reason)}`),
  unsupportedValue: ({ property, supported, text }) =>
    refused(
      2003,
      text ?? `${property} is an unsupported value${because(supported && `supported are ${supported.join(', ')}`)}`,
    ),
  wrongType: ({ property, expected }) => refused(2004, `${property} has the wrong type; expected: ${expected}.`),
  badEncoding: ({ property }) => refused(2005, `${property} contains characters that cannot be encoded.`),
  badFormat: ({ property, expected, text }) =>
    refused(2006, text ?? `${property} is in an invalid format; expected: ${expected}.`),
  tooShort: ({ property, min, text }) =>
    refused(2007, text ?? `${property} minimum length not satisfied; it is ${min}.`),
  tooLong: ({ property, max, text }) => refused(2008, text ?? `${property} maximum length exceeded; it is ${max}.`),
  tooMany: ({ property, max }) => refused(2008, `${property} has too many entries; it may have ${max}.`),
  belowMinimum: ({ property, min }) => refused(2009, `${property} minimum value not satisfied; it is ${min}.`),
  aboveMaximum: ({ property, max }) => refused(2010, `${property} maximum value exceeded; it is ${max}.`),
  outOfRange: ({ property, min, max }) => refused(2013, `${property} must be between ${min} and ${max}.`),
  invalidReference: ({ property, reason }) =>
    refused(2014, `${property} is an invalid reference${because(reason ?? 'no such resource exists')}`),
  unknownProperty: ({ property, resource }) => refused(2015, `${title(resource)} has no property ${quoted(property)}.`),
  noMatch: ({ property }) => refused(2016, `The ${property} property value does not match a known resource.`),
  referenceMissing: ({ property }) => refused(2020, `The resource that ${property} refers to does not exist.`),
  referenceUnusable: ({ property, reason }) =>
    refused(2021, `The resource that ${property} refers to cannot be used: ${reason}.`),
  nothingToUpdate: ({ resource }) => refused(2000, `An update of ${resource} needs at least one property.`),

  queryMalformed: ({ parameter }) => refused(2100, `${query(parameter)} is malformed.`),
  queryValueMissing: ({ parameter }) => refused(2101, `${query(parameter)} needs a value.`),
  queryRepeated: ({ parameter }) => refused(2102, `${query(parameter)} may be given once only.`),
  queryValueInvalid: ({ parameter, reason }) =>
    refused(2103, `${query(parameter)} ${reason ?? 'has an invalid value'}.`),
  orderByMalformed: ({ statement }) => refused(2104, `The orderBy statement ${quoted(statement)} is malformed.`),
  queryNotSupported: ({ parameter, resource }) =>
    refused(2105, `${query(parameter)} is not supported for ${resource} collections.`),
  orderByNotSupported: ({ attribute, resource }) =>
    refused(2106, `Collections of ${resource} cannot be ordered by ${quoted(attribute)}.`),
  notExpandable: ({ link, resource }) => refused(2107, `${quoted(link)} is no expandable link of ${resource}.`),
  rangeInverted: ({ parameter }) => refused(2108, `${query(parameter)} has a range that ends before it starts.`),

  customDataNameEmpty: () => refused(3000, 'Custom data field names cannot be empty.'),
  customDataNameTooLong: ({ name }) =>
    refused(3001, `Custom data field name ${quoted(name)}… is longer than 255 characters.`),
  customDataNameInvalid: ({ name }) =>
    refused(
      3002,
      `Custom data field name ${quoted(name)} is invalid: names consist of 0-9, A-Z, a-z, _ and -, and do not begin with -.`,
    ),
  customDataNameReserved: ({ name }) => refused(3003, `Custom data field name ${quoted(name)} is reserved.`),
  customDataTooLarge: ({ limit }) => refused(3004, `Custom data of one resource cannot exceed ${limit} bytes.`),

  ownerUndeletable: () => ({
    status: 403,
    code: 4001,
    text: 'The owner account of the tenant cannot be deleted.',
    user: 'This account cannot be deleted.',
  }),
  ownerStatusFixed: () => ({
    status: 403,
    code: 4002,
    text: 'The status of the owner account of the tenant cannot change.',
    user: 'The status of this account cannot change.',
  }),
  protectedResource: ({ resource, name }) => plain(403, `The ${resource} ${quoted(name)} is protected.`),

  directoryNameTaken: ({ owner, name }) =>
    conflict(codes(owner, 5010, 4520), `A directory named ${quoted(name)} exists already.`),
  noDefaultAccountStore: ({ owner }) =>
    conflict(
      codes(owner, 5100, 4600),
      `No account store assigned to this ${owner} has been configured as the default storage location for newly created accounts.`,
    ),
  defaultAccountStoreDisabled: ({ owner }) => ({
    status: codes(owner, 400, 409),
    code: codes(owner, 5101, 4601),
    text: `The default account store of the ${owner} is disabled.`,
  }),
  noDefaultGroupStore: ({ owner }) =>
    conflict(
      codes(owner, 5102, 4602),
      `No account store assigned to this ${owner} has been configured as the default storage location for newly created groups.`,
    ),
  defaultGroupStoreDisabled: ({ owner }) => ({
    status: codes(owner, 400, 409),
    code: codes(owner, 5103, 4603),
    text: `The default group store of the ${owner} is disabled.`,
  }),
  storeAlreadyMapped: ({ owner }) =>
    refused(codes(owner, 5104, 4604), `That account store is already mapped to the ${owner}.`),
  noStores: ({ owner }) => refused(codes(owner, 5105, 4605), `The ${owner} has no account stores to log in to.`),
  groupAsDefaultGroupStore: ({ owner }) =>
    refused(codes(owner, 5112, 4612), `A group cannot be the default group store of an ${owner}: it holds no groups.`),
  organizationInOrganization: () => refused(4614, 'An organization cannot be an account store of an organization.'),
  storeNotMapped: () => refused(5114, 'The given account store is not mapped to the application.'),
  organizationWithoutDefaultAccountStore: () =>
    refused(5116, 'The default account store is an organization that has no default account store of its own.'),
  organizationDefaultAccountStoreDisabled: () =>
    refused(5117, 'The default account store is an organization whose own default account store is disabled.'),
  organizationWithoutDefaultGroupStore: () =>
    refused(5118, 'The default group store is an organization that has no default group store of its own.'),
  organizationDefaultGroupStoreDisabled: () =>
    refused(5119, 'The default group store is an organization whose own default group store is disabled.'),

  accountLinkMalformed: ({ property }) =>
    refused(
      7502,
      `The body of an account link needs leftAccount and rightAccount, each { "href": … }; ${property} is not.`,
    ),
  accountLinkToItself: () => refused(7501, 'An account cannot be linked to itself.'),
  accountsLinkedAlready: ({ href }) => ({ ...conflict(7500, 'These accounts are already linked.'), href }),
  accountsOfOneDirectory: () => conflict(7504, 'Accounts of the same directory cannot be linked.'),
  accountLinkedIntoDirectory: () =>
    conflict(7505, 'One of the accounts is already linked to another account of the directory of the other.'),
  tooManyAccountLinks: ({ max }) => refused(7503, `An account can have ${max} links and no more.`),

  mirrorDirectory: () =>
    refused(6100, 'The directory mirrors an identity provider: its accounts come from there, and it has no groups.'),
  mirrorAsDefault: ({ owner, holds, store }) =>
    refused(
      holds === 'groups'
        ? codes(owner, 5110, 4610)
        : store === 'group'
          ? codes(owner, 5108, 4608)
          : codes(owner, 5106, 4606),
      `A ${store} that mirrors an identity provider cannot be the default store of new ${holds} of an ${owner}.`,
    ),
  providerMappedTwice: ({ owner, provider }) =>
    refused(codes(owner, 5200, 4700), `The ${owner} maps a directory of the provider ${quoted(provider)} already.`),
  providerNotMapped: ({ provider }) =>
    refused(5201, `The application maps no directory of the provider ${quoted(provider)}.`),
  providerConversion: () => refused(6201, 'A directory cannot be made to mirror an identity provider: create another.'),
  providerFixed: () => refused(6202, 'The identity provider of a directory cannot change: create another directory.'),
  propertyUnsupported: ({ property, where }) => refused(2017, `${property} is not supported for ${where}.`),
  redirectUriMissing: () =>
    refused(6203, 'A LinkedIn code needs a redirectUri: in the provider of the directory, or in the request.'),
  providerRefused: ({ provider, reason }) => ({
    status: 400,
    code: 7200,
    text: `The provider ${quoted(provider)} did not tell whose these credentials are: ${reason}.`,
    user: 'The log-in with this provider failed. Please try again.',
  }),
  providerPropertyMissing: ({ provider, property }) => ({
    status: 400,
    code: 7201,
    text: `The provider ${quoted(provider)} told no ${property} that an account can have: ask for the scope that lets it.`,
    user: `The log-in with this provider failed: it tells no ${property}.`,
  }),
  providerUserTaken: ({ provider }) =>
    conflict(
      2001,
      `Another user of ${quoted(provider)} has an account of the directory with that e-mail address or username: an address alone does not make them the same.`,
    ),
  mirroredProperty: ({ property }) =>
    refused(
      7202,
      `${property} comes from the provider of the directory; of such an account only status and customData can be changed.`,
    ),

  passwordTooShort: () => refused(2007, 'Account password minimum length not satisfied.'),
  passwordTooLong: () => refused(2008, 'Account password maximum length exceeded.'),
  passwordLacks: ({ what, count }) =>
    plain(400, count > 1 ? `Password requires ${count} ${what} characters!` : `Password requires ${classes[what]}!`),
  passwordTooCommon: () => plain(400, 'This password is one of the most common ones. Please choose another.'),
  passwordGuessable: () =>
    plain(
      400,
      'This password is little more than a name, a username, an email address or the name of this service. Please choose another.',
    ),
  passwordBreached: () => plain(400, 'This password was stolen in a breach of another service. Please choose another.'),
  passwordRefused: ({ reason }) => plain(400, reason),
  passwordReused: ({ last }) =>
    refused(
      6401,
      last === 1 ? 'The new password is the present one.' : `The password is one of the last ${last} used.`,
    ),
  importedPasswordInvalid: () => refused(2006, 'The imported password is in an invalid format'),
  importedPasswordUnsupported: () =>
    refused(2003, 'The imported password designates an algorithm that is an unsupported value.'),

  emailDomainBlacklisted: ({ domain }) => ({
    status: 400,
    code: 7205,
    text: `The email domain ${quoted(domain)} is on the emailDomainBlacklist of the directory.`,
    user: CLOSED_DOMAIN,
  }),
  emailDomainNotWhitelisted: ({ domain }) => ({
    status: 400,
    code: 7206,
    text: `The email domain ${quoted(domain)} is not on the emailDomainWhitelist of the directory.`,
    user: CLOSED_DOMAIN,
  }),
  ownerNotified: () => plain(202, 'Accepted.'),
  linkMacroMissing: ({ property }) =>
    refused(7301, `${property} must contain one of $!{url}, $!{sptoken} and $!{sptokenNameValuePair}.`),
  verificationNotEnabled: () =>
    refused(6101, 'The directory of the account does not verify email addresses: its workflow is not enabled.'),
  passwordResetNotEnabled: () => plain(400, 'The directory of the account does not let forgotten passwords be reset.'),
  resetRequestUnknown: () =>
    plain(404, 'This password reset request does not exist. Please request a new password reset.'),
  mailServerUnreachable: () => refused(13000, 'No mail server answers at that host and port.'),
  mailServerUnauthenticated: () => refused(13001, 'The mail server does not accept that username and password.'),
  mailServerInsecure: () => refused(13002, 'The mail server does not speak that security protocol.'),
  mailServerExists: () => refused(13003, 'The tenant has an SMTP server already; delete it first.'),

  accountUnknown: () =>
    login(
      7104,
      "Login attempt failed because there is no account with the specified username or email in the application's account stores.",
      WRONG_CREDENTIALS,
    ),
  passwordIncorrect: () =>
    login(7100, 'Login attempt failed because the specified password is incorrect.', WRONG_CREDENTIALS),
  // The old code, but 429, so that programs wait: the same for names that no account has.
  loginPaused: ({ retryAfterSeconds }) => ({
    status: 429,
    code: 7103,
    text: `Login attempt refused after too many failures with this login. Try again in ${retryAfterSeconds} s.`,
    user: 'Too many attempts. Please try again later.',
  }),
  accountDisabled: () =>
    login(7101, 'Login attempt failed because the account is disabled.', 'This account is disabled.'),
  accountUnverified: () =>
    login(7102, 'Login attempt failed because the account is not verified.', 'This account has not been verified yet.'),
  groupDisabled: () =>
    login(7105, 'Login attempt failed because the group is disabled.', 'Logging in is not possible at present.'),
  directoryDisabled: () =>
    login(7106, 'Login attempt failed because the directory is disabled.', 'Logging in is not possible at present.'),
  organizationDisabled: () =>
    login(7107, 'Login attempt failed because the organization is disabled.', 'Logging in is not possible at present.'),
  applicationDisabled: () =>
    login(400, 'Login attempt failed because the application is disabled.', 'Logging in is not possible at present.'),

  tokenExpired: () => refused(10011, 'Token is no longer valid because it has expired.'),
  tokenIssuedInFuture: () => refused(10012, 'Token is invalid because it was issued in the future.'),
  tokenMissing: () =>
    refused(
      10013,
      'Token does not exist. This can occur if the token has been manually deleted, or if it has expired.',
    ),
  tokenOfOtherApplication: () =>
    refused(10014, 'Token is invalid because the issuer of the token does not match the application validating it.'),
  tokenInvalid: ({ reason }) => refused(10017, reason ? `Token is invalid because ${reason}.` : 'Token is invalid'),
  tokenAccountDisabled: () => refused(10010, 'Token is invalid because the account is not enabled.'),
  tokenApplicationDisabled: () => refused(10015, 'Token is invalid because the application is not enabled.'),
  tokenAccountOutside: () =>
    refused(10016, 'Token is invalid because the account is no longer in an account store mapped to the application.'),
  apiKeyPairInvalid: () => refused(10019, 'The API key id and secret are not those of an account of this application.'),
  tokenTypeUnknown: () =>
    refused(10024, 'The type of the token cannot be inferred: send token_type_hint as access_token or refresh_token.'),
  // As the old service said it (contract/rest.md 21.3).
  sptokenMissing: () => plain(400, 'sptoken parameter not provided.'),
  parameterMissing: ({ parameter }) =>
    refused(2000, `${parameter} parameter is required; it cannot be null, empty, or blank.`),
  grantTypeUnsupported: ({ grantType }) => plain(400, `The grant_type ${quoted(grantType)} is not supported.`),
  passwordGrantDisabled: () =>
    plain(
      400,
      'The password grant is switched off: set passwordGrant to ENABLED in the oAuthPolicy of the application, or log in with loginAttempts and a log-in ticket.',
    ),
  assertionUnauthenticated: () =>
    refused(12002, 'Token is invalid because its status is neither AUTHENTICATED nor REGISTERED.'),
  loginTicketInvalid: () =>
    plain(400, 'The log-in ticket is not valid: it is used once, within 30 seconds, by the API key that got it.'),
}
