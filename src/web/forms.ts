import type { Exchange } from './exchange.ts'
import type { FieldSettings } from './options/defaults.ts'
import { en } from './pages/messages/en.ts'
import { type MessageKey, message, type Text } from './pages/messages/message.ts'
import type { Field, Form } from './pages/model.ts'
import { toFormViewModel } from './pages/view-model.ts'
import type { Rejection } from './rejection.ts'

interface FormDetails {
  /** Path of ours, without mount. */
  action: string
  fields: readonly FieldSettings[]
  /** Why it comes again. */
  rejection?: Rejection | undefined
  hidden?: Readonly<Record<string, string>> | undefined
  /** What fields hold where nothing was typed. */
  values?: Readonly<Record<string, unknown>> | undefined
  /** What fields are called here, where not as usual. */
  labels?: Readonly<Record<string, Text>> | undefined
  /** A line below a field. */
  hints?: Readonly<Record<string, Text | undefined>> | undefined
}

/** A form as pages show it: what was typed is kept, and what is wrong stands where it is wrong. (contract/web.md §19) */
export function toForm(
  exchange: Exchange,
  { action, fields, rejection, hidden, values, labels, hints }: FormDetails,
): Form {
  const shown = fields.filter(({ enabled, visible }) => enabled && visible)
  const isShown = shown.some(({ name }) => name === rejection?.field)
  return {
    action: exchange.own(action, false),
    fields: shown.map((field) => {
      const known = values?.[field.name]
      const label = field.label ?? labels?.[field.name] ?? labelOf(field)
      const value = exchange.typed(field.name) ?? (typeof known === 'string' ? known : undefined)
      return {
        label,
        name: field.name,
        placeholder: field.placeholder ?? label,
        required: field.required,
        type: field.type,
        ...(field.type === 'password' ? {} : { value }),
        ...(rejection?.field === field.name ? { problem: rejection.text } : {}),
        ...(hints?.[field.name] === undefined ? {} : { hint: hints[field.name] }),
      } satisfies Field
    }),
    problems: rejection && !isShown ? [rejection.text] : [],
    hidden,
  }
}

/** What JSON clients are told of a form. Account stores of other providers have buttons there. (contract/web.md §4) */
export function toViewModel(exchange: Exchange, form: Form): object {
  const { pages } = exchange.parts
  return { form: toFormViewModel(form, (text) => pages.text(text, exchange.locale)), accountStores: [] }
}

/** Its label as configured, in the catalogue, or made of its name. */
export function labelOf({ name, label }: Pick<FieldSettings, 'name' | 'label'>): Text {
  if (label !== undefined) return label
  const key = `field.${name}`
  if (Object.hasOwn(en, key)) return message(key as 'field.email' & MessageKey)
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function labelsOf(fields: readonly FieldSettings[]): Record<string, Text> {
  return Object.fromEntries(fields.map((field) => [field.name, labelOf(field)]))
}

const plain = { enabled: true, visible: true, label: undefined, placeholder: undefined, required: true }

/** Fields of forms that cannot be configured. */
export const ownFields = {
  email: { ...plain, name: 'email', type: 'email' },
  password: { ...plain, name: 'password', type: 'password' },
  confirmPassword: { ...plain, name: 'confirmPassword', type: 'password' },
  oldPassword: { ...plain, name: 'oldPassword', type: 'password' },
} satisfies Record<string, FieldSettings>
