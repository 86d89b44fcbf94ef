import type { FieldSettings } from './options/defaults.ts'

/** Attributes of accounts that people may set of themselves. */
export const attributes: readonly string[] = ['username', 'givenName', 'middleName', 'surname', 'email', 'password']
/** What a form asks for besides; every other field is the developer's own and ends in custom data. */
const asked: readonly string[] = ['confirmPassword', 'organizationNameKey']

/** Whether a field is one of the house: a text, and never custom data. */
export function isOfTheHouse(name: string): boolean {
  return attributes.includes(name) || asked.includes(name)
}

/** Whether a form may bring custom data. */
export function bringsCustomData(fields: readonly FieldSettings[]): boolean {
  return fields.some(({ name, enabled }) => enabled && !isOfTheHouse(name))
}
