import type { Reference } from './reference.ts'

/** A log-in and where to look for the account. */
export interface LoginAttempt {
  /** Username or e-mail address, any case. */
  login: string
  password: string
  /** Looks only there: a directory, group or organization mapped to the application. */
  accountStore?: Reference | { nameKey: string }
}

/** The body of a POST to `loginAttempts`. (contract/rest.md §4.1) */
export function toLoginAttempt({ login, password, accountStore }: LoginAttempt): object {
  return { type: 'basic', value: toBase64(`${login}:${password}`), accountStore }
}

/** Base64 of the UTF-8 bytes of a text, with padding. */
export function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}
