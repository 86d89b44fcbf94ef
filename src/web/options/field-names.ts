import { account } from '../../resources/account.ts'
import { Mistake } from '../../std/mistake.ts'
import type { FieldSettings } from './defaults.ts'

const names = ['username', 'givenName', 'middleName', 'surname'] as const
const common = ['href', 'id', 'createdAt', 'modifiedAt', 'providerData']

/** What people may say of themselves, by form; every other name that an account has is the house's. */
const allowed: Readonly<Record<'register' | 'profile', readonly string[]>> = {
  register: [...names, 'email', 'password', 'confirmPassword', 'organizationNameKey'],
  profile: names,
}
const owned: ReadonlySet<string> = new Set([
  ...Object.keys(account.attributes),
  ...Object.keys(account.links),
  ...allowed.register,
  ...common,
])

/** Ways that ask for what such a change takes. */
const ways: Readonly<Record<string, string>> = {
  email: 'a new address would count as verified: change it by the API, once the user has shown that it is theirs',
  password: 'users change it at web.password.uri, with the old one',
}

/**
 * The fields of a form, none of which may set what users have no say in, or what is changed elsewhere with more proof.
 * @throws Mistake
 */
export function requireFields(form: keyof typeof allowed, fields: FieldSettings[]): FieldSettings[] {
  for (const { name, enabled } of fields) {
    if (!enabled || !owned.has(name) || allowed[form].includes(name)) continue
    const why = ways[name] ?? 'an account has that of its own, and its user has no say in it'
    throw new Mistake(
      `web.${form}.form.fields.${name} cannot be a field: ${why}`,
      `leave web.${form}.form.fields.${name} out, or give the field another name`,
    )
  }
  return fields
}
