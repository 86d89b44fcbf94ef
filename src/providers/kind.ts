import type { ProviderCredentials, ProviderIdentity, ProviderSettings } from '../core/ports.ts'
import { jsonNumberText } from '../std/json.ts'
import { type Exchange, isMembers, type Members } from './exchange.ts'
import { fail } from './fault.ts'

/** One log-in: whom it is asked for, and how. */
export interface Call {
  settings: ProviderSettings
  credentials: ProviderCredentials
  exchange: Exchange
  /** Where an endpoint of a well-known provider is: there, unless the operator says otherwise. */
  at(url: string): string
  /** Milliseconds. */
  now(): number
}

/** What the user object of a provider says of a person. */
export interface Person {
  /** The id; undefined when it is not there. */
  id: unknown
  attributes: ProviderIdentity['attributes']
  isEmailVerified: boolean
}

/** One kind of provider. @throws ProviderFault */
export type Kind = (call: Call) => Promise<ProviderIdentity>

/** A text that is not empty. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined

/** Some providers write the word. What is absent, or anything else, is no yes. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true'

/** The id of a user: a text, or a number as it was written. */
export function subjectOf(id: unknown): string {
  const subject = typeof id === 'string' ? id : jsonNumberText(id)
  if (subject === undefined || subject === '' || subject.length > 255 || !/^[^\p{Cc}\p{Cs}]+$/u.test(subject)) {
    return fail('it told no id of the user')
  }
  return subject
}

/** The claims of OpenID Connect about a person. (OpenID Connect Core §5.1) */
export function standardClaims(user: Members): Person {
  return {
    id: user.sub,
    attributes: present({
      email: text(user.email),
      givenName: text(user.given_name),
      middleName: text(user.middle_name),
      surname: text(user.family_name),
    }),
    isEmailVerified: isTrue(user.email_verified),
  }
}

/** A whole name in its parts: all but the last word are given names. */
export function splitName(name: unknown): ProviderIdentity['attributes'] {
  const words = (text(name) ?? '').trim().split(/\s+/)
  const surname = words.length > 1 ? words.pop() : undefined
  return present({ givenName: text(words.join(' ')), surname })
}

export function present<K extends string>(values: Record<K, string | undefined>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, string>
  >
}

export async function askMembers(call: Call, ask: Parameters<Exchange>[0]): Promise<Members> {
  const answer = await call.exchange(ask)
  return isMembers(answer) ? answer : fail('its answer is no JSON object')
}
