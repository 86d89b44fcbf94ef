import { expect, test } from 'vitest'
import { toOAuthError } from './oauth-errors.ts'
import { Problem } from './problems.ts'

test('what passes by waiting is no fault of the request', () => {
  const retryAfterSeconds = 60
  for (const problem of [
    new Problem('loginPaused', { retryAfterSeconds }),
    new Problem('tooManyRequests', { retryAfterSeconds }),
    new Problem('overloaded', { retryAfterSeconds, reason: 'too much' }),
    new Problem('idempotencyKeyBusy', { retryAfterSeconds }),
    new Problem('outcomeUnknown', { retryAfterSeconds }),
  ]) {
    expect(toOAuthError(problem), problem.code).toBe('temporarily_unavailable')
  }
})

test('what the caller sent wrong is', () => {
  expect(toOAuthError(new Problem('parameterMissing', { parameter: 'token' }))).toBe('invalid_request')
  expect(toOAuthError(new Problem('passwordIncorrect', {}))).toBe('invalid_grant')
  expect(toOAuthError(new Problem('unauthenticated', {}))).toBe('invalid_client')
})
