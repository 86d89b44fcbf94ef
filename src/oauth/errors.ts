import type { Problem, ProblemCode } from '../schema/problems.ts'

/** RFC 6749 §5.2, RFC 7009 §2.2.1. */
export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'
  | 'temporarily_unavailable'
  | 'server_error'

const loginFailures = [
  'accountUnknown',
  'passwordIncorrect',
  'accountDisabled',
  'accountUnverified',
  'groupDisabled',
  'directoryDisabled',
  'organizationDisabled',
  'applicationDisabled',
  'noStores',
] as const satisfies readonly ProblemCode[]

const tokenFailures = [
  'tokenExpired',
  'tokenIssuedInFuture',
  'tokenMissing',
  'tokenOfOtherApplication',
  'tokenInvalid',
  'tokenAccountDisabled',
  'tokenApplicationDisabled',
  'tokenAccountOutside',
  'loginTicketInvalid',
] as const satisfies readonly ProblemCode[]

const named: Partial<Record<ProblemCode, OAuthError>> = {
  ...Object.fromEntries([...loginFailures, ...tokenFailures].map((code) => [code, 'invalid_grant'])),
  unauthenticated: 'invalid_client',
  apiKeyPairInvalid: 'invalid_client',
  grantTypeUnsupported: 'unsupported_grant_type',
  passwordGrantDisabled: 'unauthorized_client',
  tokenTypeUnknown: 'unsupported_token_type',
  overloaded: 'temporarily_unavailable',
  queryTimeout: 'temporarily_unavailable',
  outcomeUnknown: 'temporarily_unavailable',
  tooManyRequests: 'temporarily_unavailable',
}

/** The word of OAuth for a refusal; every other is a fault of the request. */
export function toOAuthError({ code }: Problem): OAuthError {
  return named[code] ?? 'invalid_request'
}
