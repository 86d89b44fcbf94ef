import type { Field } from './model.ts'

/** What a form is for decides what a password in it is. */
export type Purpose = 'login' | 'register' | 'forgot' | 'newPassword' | 'profile'

/** What a field cannot know of its form. */
export interface Situation {
  purpose: Purpose
  /** The form asks for no username. */
  byEmail: boolean
}

/** Attributes that password managers and the keyboards of phones go by. */
export interface Hints {
  autocomplete?: string | undefined
  inputmode?: string | undefined
  autocapitalize?: string | undefined
  autocorrect?: string | undefined
  spellcheck?: string | undefined
}

/** What a field of that name asks for. (HTML Standard §4.10.18.7, WCAG 2.2 1.3.5) */
const tokens: Readonly<Record<string, string>> = {
  username: 'username',
  email: 'email',
  oldPassword: 'current-password',
  confirmPassword: 'new-password',
  givenName: 'given-name',
  middleName: 'additional-name',
  surname: 'family-name',
  fullName: 'name',
  nickname: 'nickname',
  organizationNameKey: 'organization',
  company: 'organization',
  code: 'one-time-code',
  phone: 'tel',
  phoneNumber: 'tel',
  mobile: 'tel',
  birthday: 'bday',
  birthdate: 'bday',
  street: 'street-address',
  city: 'address-level2',
  postalCode: 'postal-code',
  zip: 'postal-code',
  country: 'country',
  website: 'url',
}

const verbatim: Hints = { autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false' }

/** The hints of a field, by its name, its type and where it stands. */
export function hintsFor({ name, type, autocomplete }: Field, situation: Situation): Hints {
  const hints = { autocomplete: autocomplete ?? tokenOf(name, type, situation) }
  if (type === 'password') return { ...hints, ...verbatim }
  if (name === 'code') return { ...hints, ...verbatim, inputmode: 'numeric' }
  // most people log in by their address
  if (name === 'login') return { ...hints, ...verbatim, inputmode: 'email' }
  if (name === 'username' || type === 'email' || type === 'url') return { ...hints, ...verbatim }
  return hints
}

function tokenOf(name: string, type: string, { purpose, byEmail }: Situation): string | undefined {
  if (name === 'login') return 'username'
  // what one logs in by is the username to password managers
  if (name === 'email' && byEmail && purpose !== 'profile') return 'username'
  if (name === 'password') return purpose === 'login' ? 'current-password' : 'new-password'
  const token = Object.hasOwn(tokens, name) ? tokens[name] : undefined
  return token ?? (type === 'password' ? 'off' : undefined)
}
