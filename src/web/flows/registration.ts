import { csrfFields } from '../csrf.ts'
import { labelOf } from '../forms.ts'
import type { FieldSettings } from '../options/defaults.ts'
import { attributes, isOfTheHouse } from '../own-fields.ts'
import { message } from '../pages/messages/message.ts'
import { Rejection } from '../rejection.ts'

/** What our forms carry besides. */
const ours: readonly string[] = [...csrfFields, 'next']

export interface RegistrationDraft {
  organization: string | undefined
  account: Record<string, unknown>
}

/**
 * What a registration says, by the fields that are switched on, and nothing else: an unknown field, one that is off, or
 * one that only the house may set (`status`) turns the whole request down. (contract/web.md §5; §29, 3)
 *
 * @throws Rejection
 */
export function readRegistration(
  given: Readonly<Record<string, unknown>>,
  fields: readonly FieldSettings[],
): RegistrationDraft {
  const enabled = new Map(fields.filter((field) => field.enabled).map((field) => [field.name, field]))
  const values = collect(given, enabled)
  for (const field of enabled.values()) {
    const value = values.get(field.name)
    if (
      field.required &&
      (value === undefined || value === null || (typeof value === 'string' && value.trim() === ''))
    ) {
      throw new Rejection(message('problem.required', { label: labelOf(field) }), { field: field.name })
    }
  }
  if (enabled.has('confirmPassword') && values.get('confirmPassword') !== values.get('password')) {
    throw new Rejection(message('problem.passwordMismatch'), { field: 'confirmPassword' })
  }
  const organization = values.get('organizationNameKey')
  return {
    organization: typeof organization === 'string' && organization ? organization : undefined,
    account: toAccount(values),
  }
}

/** The values of known fields, at the root or in `customData`. @throws Rejection for any other */
function collect(
  given: Readonly<Record<string, unknown>>,
  enabled: ReadonlyMap<string, FieldSettings>,
): Map<string, unknown> {
  const values = new Map<string, unknown>()
  const take = (name: string, value: unknown, where: 'root' | 'customData') => {
    const isOwn = isOfTheHouse(name)
    if (!enabled.has(name) || (where === 'customData' && isOwn)) {
      throw new Rejection(message('problem.unknownField', { field: name.slice(0, 100) }), { field: name })
    }
    if (isOwn && typeof value !== 'string' && value !== null) {
      throw new Rejection(message('problem.invalid', { label: labelOf(enabled.get(name) as FieldSettings) }), {
        field: name,
      })
    }
    values.set(name, value)
  }
  for (const [name, value] of Object.entries(given)) {
    if (ours.includes(name) && !enabled.has(name)) continue
    if (name === 'customData' && isObject(value)) {
      for (const [inner, each] of Object.entries(value)) take(inner, each, 'customData')
    } else take(name, value, 'root')
  }
  return values
}

function toAccount(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const account: Record<string, unknown> = {}
  const customData: Record<string, unknown> = Object.create(null)
  for (const [name, value] of values) {
    if (name === 'confirmPassword' || name === 'organizationNameKey') continue
    if (!attributes.includes(name)) customData[name] = value
    // an empty field of a form is nothing, not an empty name
    else if (value !== '' && value !== null) account[name] = value
  }
  return Object.keys(customData).length > 0 ? { ...account, customData: { ...customData } } : account
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
