import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Context, Services } from '../context.ts'
import type { Ref } from '../ports.ts'
import { isCommonPassword } from './common-passwords.ts'
import { isMadeOfContext } from './context-words.ts'
import { checkPasswordStrength } from './password-strength.ts'

/** Whose password it is to be. */
export type PasswordOwner = Pick<
  Entity<'account'>,
  'email' | 'username' | 'givenName' | 'middleName' | 'surname' | 'directory'
>

/**
 * A rule of an application's own: undefined lets the password pass, a text says why it does not and is shown to whoever
 * chose it. Asked after the rules of the directory, about every new password that is not imported as a hash.
 */
export type PasswordRule = (
  password: string,
  account: Readonly<PasswordOwner>,
) => string | undefined | Promise<string | undefined>

/** Passwords that were published by thieves. */
export interface BreachedPasswords {
  /** False also when nobody can be asked. */
  includes(password: string): Promise<boolean>
}

/**
 * Holds a new password against everything a directory asks for, but for those used before; the network is asked last.
 *
 * @param via the application or organization through which the account is created
 * @throws Problem passwordTooShort | passwordTooLong | passwordLacks | passwordTooCommon | passwordGuessable |
 *   passwordRefused | passwordBreached
 */
export async function checkNewPassword(
  services: Services,
  context: Context,
  password: string,
  owner: PasswordOwner,
  rules: Entity<'passwordStrength'>,
  via?: Ref,
): Promise<void> {
  checkPasswordStrength(password, rules)
  if (rules.preventCommon && (await isCommonPassword(password))) refuse('passwordTooCommon', {})
  if (rules.preventContext) {
    const { email, username, givenName, middleName, surname } = owner
    const person = [localPart(email), localPart(username ?? ''), givenName, middleName, surname]
    if (isMadeOfContext(password, [...person, ...(await serviceNames(services, context, owner.directory, via))])) {
      refuse('passwordGuessable', {})
    }
  }
  const reason = await services.passwordRule?.(password, owner)
  if (reason !== undefined && typeof reason !== 'string') {
    throw new TypeError('passwordRule must return undefined for a password that may pass, or a text that says why not')
  }
  if (reason !== undefined) refuse('passwordRefused', { reason })
  if (rules.preventBreached && (await services.breachedPasswords.includes(password))) refuse('passwordBreached', {})
}

const localPart = (text: string): string => text.replace(/@.*$/s, '')

async function serviceNames({ store }: Services, { tenant }: Context, directory: string, via?: Ref): Promise<string[]> {
  const places = [store.get('directory', tenant, directory), ...(via ? [store.get(via.resource, tenant, via.id)] : [])]
  return (await Promise.all(places)).flatMap((place) => (place && 'name' in place && place.name ? [place.name] : []))
}
