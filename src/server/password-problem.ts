import { Problem } from '../schema/problems.ts'

/** Why a new password is refused, for whoever chooses it; undefined for what is no such refusal. */
export function passwordProblem(error: unknown): string | undefined {
  if (Problem.is(error, 'passwordTooShort')) return `The password needs at least ${error.detail.min} characters.`
  if (Problem.is(error, 'passwordTooLong')) return `The password may have at most ${error.detail.max} characters.`
  if (Problem.is(error, 'passwordReused')) return 'The password was used before. Please choose a new one.'
  if (Problem.is(error, 'passwordTooCommon')) {
    return 'The password is one of the most common ones. Please choose another.'
  }
  if (Problem.is(error, 'passwordGuessable')) return 'The password is too close to a name. Please choose another.'
  if (Problem.is(error, 'passwordBreached')) return 'The password was stolen elsewhere. Please choose another.'
  if (Problem.is(error, 'passwordRefused')) return error.detail.reason
  if (!Problem.is(error, 'passwordLacks')) return undefined
  const { what, count } = error.detail
  return count === 1
    ? `The password needs ${characters[what]}.`
    : `The password needs ${count} times ${characters[what]}.`
}

const characters = {
  lowercase: 'a lower-case letter',
  uppercase: 'a capital letter',
  numeric: 'a digit',
  symbol: 'a symbol',
  diacritic: 'a letter with a diacritic',
}
