import type { ApiError } from '../client/errors.ts'
import { message, type Text } from './pages/messages/message.ts'
import { Rejection } from './rejection.ts'
import type { Facts } from './service/service.ts'

/** How the pages say what the service refused, by its codes. (contract/rest.md §1.5, §13.1) */
const texts: Readonly<Record<number, Text>> = {
  400: message('problem.loginImpossible'),
  2016: message('problem.credentials'),
  6401: message('problem.passwordReused'),
  7100: message('problem.credentials'),
  7101: message('problem.disabled'),
  7102: message('problem.unverified'),
  7104: message('problem.credentials'),
  7105: message('problem.loginImpossible'),
  7106: message('problem.loginImpossible'),
  7107: message('problem.loginImpossible'),
}

/** What the service refused, in words for the user. JSON gets the service's own sentence. */
export class ServiceRejection extends Rejection {
  /** The service's own words, fit for users. */
  readonly sentence: string

  constructor(error: ApiError, text: Text, field?: string | undefined) {
    super(text, { status: error.status, field, retryAfter: error.retryAfter })
    this.sentence = error.message
  }
}

/** A refused log-in. */
export function toLoginRejection(error: ApiError): Rejection {
  return new ServiceRejection(error, texts[error.code] ?? error.message)
}

/** A refused password. */
export function toPasswordRejection(error: ApiError, facts: Facts, field = 'password'): Rejection {
  const { min = 0, max = 0 } = facts.passwordLength ?? {}
  const text =
    error.code === 2007 && min > 0
      ? message('problem.passwordTooShort', { min })
      : error.code === 2008 && max > 0
        ? message('problem.passwordTooLong', { max })
        : (texts[error.code === 400 ? -1 : error.code] ?? error.message)
  return new ServiceRejection(error, text, field)
}

/** A refused registration or change of an account. */
export function toAccountRejection(error: ApiError, facts: Facts, labels: Readonly<Record<string, Text>>): Rejection {
  const { code, message: sentence } = error
  const property = /\b(username|email|password|givenName|middleName|surname)\b/i.exec(error.developerMessage)?.[1]
  const field = property?.toLowerCase() === 'password' || /^password/i.test(sentence) ? 'password' : property
  if (field === 'password') return toPasswordRejection(error, facts)
  const label = field === undefined ? undefined : labels[field]
  if (code === 2001 && label !== undefined)
    return new ServiceRejection(error, message('problem.taken', { label }), field)
  if (code === 2006 && field === 'email') return new ServiceRejection(error, message('problem.email'), field)
  return new ServiceRejection(error, sentence, field)
}
