import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'

type Class = 'lowercase' | 'uppercase' | 'numeric' | 'symbol' | 'diacritic'

const CLASSES: Record<Class, RegExp> = {
  numeric: /\p{Nd}/gu,
  uppercase: /\p{Lu}/gu,
  lowercase: /\p{Ll}/gu,
  symbol: /[\p{P}\p{S}]/gu,
  diacritic: /\p{M}/gu,
}

/**
 * Holds a new password against a directory's rules; lengths count characters. The first rule broken is the one
 * reported, in the historical order: length, digits, upper case, then the rest (contract/rest.md 6.10, 26).
 * @throws Problem passwordTooShort | passwordTooLong | passwordLacks
 */
export function checkPasswordStrength(password: string, rules: Entity<'passwordStrength'>): void {
  const length = [...password].length
  if (length < rules.minLength) refuse('passwordTooShort', { min: rules.minLength })
  if (length > rules.maxLength) refuse('passwordTooLong', { max: rules.maxLength })
  const needed: [Class, number][] = [
    ['numeric', rules.minNumeric],
    ['uppercase', rules.minUpperCase],
    ['lowercase', rules.minLowerCase],
    ['symbol', rules.minSymbol],
    ['diacritic', rules.minDiacritic],
  ]
  for (const [what, count] of needed) {
    if (count > 0 && occurrences(password, what) < count) refuse('passwordLacks', { what, count })
  }
}

function occurrences(password: string, what: Class): number {
  // A letter with a diacritic is one precomposed character or a base and a mark: decomposing finds both.
  const text = what === 'diacritic' ? password.normalize('NFD') : password
  return text.match(CLASSES[what])?.length ?? 0
}
