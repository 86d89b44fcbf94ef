import { describe, expect, test } from 'vitest'
import { Problem, type ProblemCode, type ProblemDetail } from '../schema/problems.ts'
import { errorTable } from './error-table.ts'
import { type ErrorBody, toErrorResponse, toErrorText, toFailureResponse } from './errors.ts'

const context = { requestId: 'r-1', errorDocs: 'https://id.example.com/errors' }

function answer<C extends ProblemCode>(code: C, detail: ProblemDetail<C>) {
  const { status, headers, body } = toErrorResponse(new Problem(code, detail), context)
  return { status, headers, body: JSON.parse(body as string) as ErrorBody }
}

test('an error has six members and the request id in a header too (REST-A8, REST-A9)', () => {
  const { status, headers, body } = answer('notUnique', { resource: 'account', property: 'email' })
  expect(status).toBe(409)
  expect(headers).toMatchObject({
    'Content-Type': 'application/json;charset=UTF-8',
    'Stormpath-Request-Id': 'r-1',
    'Cache-Control': 'no-store',
  })
  expect(body).toEqual({
    status: 409,
    code: 2001,
    message: 'Account with that email already exists.  Please choose another email.',
    developerMessage: 'Account with that email already exists.  Please choose another email.',
    moreInfo: 'https://id.example.com/errors#error-2001',
    requestId: 'r-1',
  })
})

describe('texts that old clients compare (TRAP-T16)', () => {
  const both = (text: string) => ({ message: text, developerMessage: text })
  test.each([
    [answer('notFound', {}), 404, 404, both('The requested resource does not exist.')],
    [
      answer('required', { resource: 'organization', property: 'nameKey' }),
      400,
      2000,
      both('Organization nameKey is required; it cannot be null, empty, or blank.'),
    ],
    [
      answer('required', { resource: 'verificationEmail', property: 'login' }),
      400,
      2000,
      both('login property is required; it cannot be null, empty, or blank.'),
    ],
    [answer('passwordTooShort', { min: 8 }), 400, 2007, both('Account password minimum length not satisfied.')],
    [
      answer('passwordLacks', { what: 'uppercase', count: 1 }),
      400,
      400,
      both('Password requires an uppercase character!'),
    ],
    [answer('passwordLacks', { what: 'numeric', count: 1 }), 400, 400, both('Password requires a numeric character!')],
    [answer('importedPasswordInvalid', {}), 400, 2006, both('The imported password is in an invalid format')],
    [
      answer('importedPasswordUnsupported', {}),
      400,
      2003,
      both('The imported password designates an algorithm that is an unsupported value.'),
    ],
    [
      answer('passwordIncorrect', {}),
      400,
      7100,
      {
        message: 'Invalid username or password.',
        developerMessage: 'Login attempt failed because the specified password is incorrect.',
      },
    ],
    [answer('accountUnknown', {}), 400, 7104, { message: 'Invalid username or password.' }],
    [answer('noDefaultAccountStore', { owner: 'application' }), 409, 5100, {}],
  ])('%#', ({ status, body }, expectedStatus, code, texts) => {
    expect(status).toBe(expectedStatus)
    expect(body).toMatchObject({ status: expectedStatus, code, ...texts })
  })

  test('a listIndex below its minimum says so in the words that are looked for', () => {
    expect(answer('belowMinimum', { property: 'listIndex', min: 0 }).body.message).toContain('listIndex minimum value')
  })
})

test('the side that maps stores decides the code', () => {
  const code = (owner: 'application' | 'organization') => [
    answer('directoryNameTaken', { owner, name: 'x' }).body.code,
    answer('storeAlreadyMapped', { owner }).body.code,
    answer('noStores', { owner }).body.code,
    answer('groupAsDefaultGroupStore', { owner }).body.code,
  ]
  expect(code('application')).toEqual([5010, 5104, 5105, 5112])
  expect(code('organization')).toEqual([4520, 4604, 4605, 4612])
})

test('users are told another text than developers only where the contract says so', () => {
  const anything = { owner: 'application', property: 'p', resource: 'account', what: 'numeric', allowed: [], name: 'n' }
  const differing = (Object.keys(errorTable) as ProblemCode[])
    .map((code) =>
      toErrorText(
        new Problem(code, {
          ...anything,
          parameter: 'p',
          link: 'l',
          attribute: 'a',
          statement: 's',
          reason: 'r',
          grantType: 'g',
          domain: 'd',
          provider: 'p',
          where: 'w',
        } as never),
      ),
    )
    .filter(({ user }) => user !== undefined)
    .map(({ code }) => code)
  expect(differing.toSorted()).toEqual([
    400, 4001, 4002, 7100, 7101, 7102, 7103, 7104, 7105, 7106, 7107, 7200, 7201, 7205, 7206,
  ])
})

test('headers that go with a status', () => {
  expect(answer('unauthenticated', {}).headers).toHaveProperty('WWW-Authenticate')
  expect(answer('methodNotSupported', { method: 'PUT', allowed: ['GET', 'POST'] }).headers.Allow).toBe('GET, POST')
  expect(answer('overloaded', { retryAfterSeconds: 3, reason: 'busy' }).headers['Retry-After']).toBe('3')
  expect(answer('queryTimeout', { seconds: 2 })).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } })
  for (const code of ['loginPaused', 'tooManyRequests'] as const) {
    expect(answer(code, { retryAfterSeconds: 60 })).toMatchObject({ status: 429, headers: { 'Retry-After': '60' } })
  }
})

test('why a request is not authenticated is not told', () => {
  expect(JSON.stringify(answer('unauthenticated', { reason: 'the nonce was seen before' }).body)).not.toContain('nonce')
})

test('a fault of ours shows nothing of itself', () => {
  const { status, body } = toFailureResponse(context)
  expect(status).toBe(500)
  expect(JSON.parse(body as string)).toMatchObject({ status: 500, code: 500, requestId: 'r-1' })
})
