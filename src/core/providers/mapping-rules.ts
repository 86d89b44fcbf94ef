import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import { jsonNumberText } from '../../std/json.ts'
import { findBadText } from '../../std/text.ts'
import { valueAt } from '../../std/value-at.ts'
import { checkCustomData } from '../custom-data.ts'

export type MappingRules = Entity<'userInfoMappingRules'>['items']

/** The attributes of an account that may come from a field. */
const MAPPED = ['givenName', 'middleName', 'surname', 'username', 'email'] as const
type Mapped = (typeof MAPPED)[number]

const CUSTOM_DATA = 'customData.'

/** What the rules make of a user. */
export interface MappedUser {
  attributes: Partial<Record<Mapped, string>>
  customData: Record<string, unknown>
}

/**
 * Holds rules to what an account has (contract/rest.md 6.4).
 * @throws Problem invalid and those of custom data names
 */
export function checkMappingRules(rules: MappingRules): void {
  for (const [at, { accountAttributes }] of rules.entries()) {
    for (const target of accountAttributes) {
      if (MAPPED.some((name) => name === target)) continue
      const property = `items[${at}].accountAttributes`
      const key = target.startsWith(CUSTOM_DATA) ? target.slice(CUSTOM_DATA.length) : ''
      if (key === '') refuse('invalid', { property, reason: `an account has no '${target}' that could be mapped` })
      if (checkCustomData({ [key]: null }).length === 0) {
        refuse('invalid', { property, reason: `'${target}' cannot be written` })
      }
    }
  }
}

/** Fields that are not there are passed over; texts, numbers and truth values become texts in attributes. */
export function applyMappingRules(rules: MappingRules, userInfo: unknown): MappedUser {
  const user: MappedUser = { attributes: {}, customData: {} }
  for (const { name, accountAttributes } of rules) {
    const value = valueAt(userInfo, name)
    if (value === undefined || value === null || findBadText(value) !== undefined) continue
    for (const target of accountAttributes) {
      if (target.startsWith(CUSTOM_DATA)) user.customData[target.slice(CUSTOM_DATA.length)] = value
      else {
        const text = typeof value === 'boolean' ? String(value) : (jsonNumberText(value) ?? value)
        if (typeof text === 'string') user.attributes[target as Mapped] = text
      }
    }
  }
  return user
}
