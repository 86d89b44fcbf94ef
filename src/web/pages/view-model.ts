import type { Text } from './messages/message.ts'
import type { Form } from './model.ts'

/** What JSON clients are told of a form: these keys, no others. (contract/web.md §4) */
export interface FormViewModel {
  fields: { label: string; name: string; placeholder: string; required: boolean; type: string }[]
}

/** The view model of a form, its texts written by `text`. */
export function toFormViewModel(form: Form, text: (text: Text) => string): FormViewModel {
  return {
    fields: form.fields.map(({ label, name, placeholder, required, type }) => ({
      label: text(label),
      name,
      placeholder: text(placeholder),
      required,
      type,
    })),
  }
}
