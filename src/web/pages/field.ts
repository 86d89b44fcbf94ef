import { attributes, type Content, html, type Markup } from '../../std/html.ts'
import { type Hints, hintsFor, type Situation } from './autocomplete.ts'
import { eye } from './icons.ts'
import { message } from './messages/message.ts'
import type { Field } from './model.ts'
import type { Writer } from './view.ts'

/** How a field is shown beyond what its model says. */
export interface FieldSetting {
  situation: Situation
  /** Takes the focus when the page opens. */
  focus?: boolean | undefined
  /** A link at the end of the label's line. */
  aside?: Content
}

/** The id of a field's input; the summary of what is wrong leads to it. */
export function fieldId(name: string): string {
  return `field-${name.replaceAll(/\s/g, '_')}`
}

const inputs = new Set('color date datetime-local email month number password search tel text time url week'.split(' '))

/** A labelled input with its hint and with what is wrong with it. */
export function renderField(field: Field, setting: FieldSetting, writer: Writer): Markup {
  const { text } = writer
  const id = fieldId(field.name)
  const hint = field.hint !== undefined && html`<p class="hint" id="${id}-hint">${text(field.hint)}</p>`
  const problem = field.problem !== undefined && html`<p class="problem" id="${id}-problem">${text(field.problem)}</p>`
  const shared = {
    id,
    name: field.name,
    required: field.required,
    autofocus: setting.focus,
    'aria-invalid': problem && 'true',
    'aria-describedby': [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined,
  }
  if (field.type === 'checkbox') {
    const checked = field.value !== undefined && !['', 'false', 'off'].includes(field.value)
    return html`<div class="field"><label class="check" for="${id}"><input${attributes({ ...shared, type: 'checkbox', value: 'true', checked })}><span>${text(field.label)}</span></label>${problem}${hint}</div>`
  }
  const optional = !field.required && html` <span class="optional">(${text(message('page.optional'))})</span>`
  return html`<div class="field">
<label for="${id}">${text(field.label)}${optional}</label>
<span class="control">${control(field, shared, hintsFor(field, setting.situation), writer)}</span>
${setting.aside && html`<span class="aside">${setting.aside}</span>`}
${problem}
${hint}
</div>`
}

type Shared = Parameters<typeof attributes>[0]

function control(field: Field, shared: Shared, hints: Hints, { text }: Writer): Markup {
  const placeholder = text(field.placeholder) || undefined
  const length = { minlength: field.minLength, maxlength: field.maxLength }
  if (field.type === 'textarea') {
    // a browser drops the first line break
    return html`<textarea${attributes({ ...shared, ...length, placeholder })}>
${field.value}</textarea>`
  }
  if (field.type === 'select') {
    const options = (field.options ?? []).map(
      ({ value, label }) =>
        html`<option${attributes({ value, selected: value === field.value })}>${text(label)}</option>`,
    )
    const none = !field.required || field.value === undefined
    return html`<select${attributes({ ...shared, autocomplete: hints.autocomplete })}>${none && html`<option value="">${placeholder}</option>`}${options}</select>`
  }
  const type = inputs.has(field.type) ? field.type : 'text'
  if (type === 'password') {
    // a maximum would cut what is pasted, unseen
    const input = attributes({ ...shared, type, placeholder, minlength: field.minLength, ...hints })
    return html`<input${input}>${reveal(shared.id as string, text)}`
  }
  return html`<input${attributes({ ...shared, type, value: field.value || undefined, placeholder, ...length, ...hints })}>`
}

/** For the script, without which it stays unseen. */
function reveal(id: string, text: Writer['text']): Markup {
  const label = text(message('page.showPassword'))
  return html`<button class="reveal" type="button" hidden aria-pressed="false" aria-controls="${id}" aria-label="${label}" title="${label}">${eye}</button>`
}
