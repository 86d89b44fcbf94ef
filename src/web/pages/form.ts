import { attributes, type Content, html, type Markup } from '../../std/html.ts'
import type { Purpose } from './autocomplete.ts'
import { fieldId, renderField } from './field.ts'
import { type Message, message } from './messages/message.ts'
import type { Field, Form, PageContext } from './model.ts'
import type { Writer } from './view.ts'

export interface FormSetting {
  purpose: Purpose
  submit: Message
  /** The first field takes the focus when the page opens and has nothing to say before it. */
  focus?: boolean
  /** A further class of the summary, by which old tests find it. */
  alertClass?: string
  /** A link at the end of a field's label, by the field's name. */
  asides?: Readonly<Record<string, Content>>
  /** Fields stand side by side where there is room. */
  columns?: boolean
  /** More inputs, before the first field. */
  before?: Content
}

/** Whether anything is wrong with it. */
export function hasProblems(form: Form): boolean {
  return form.problems.length > 0 || form.fields.some(({ problem }) => problem !== undefined)
}

/** A form after the summary of what is wrong with it, with its token and its destination. */
export function renderForm(page: PageContext & { form: Form }, setting: FormSetting, writer: Writer): Markup {
  const { form } = page
  const calm = !page.banner && !hasProblems(form)
  const situation = { purpose: setting.purpose, byEmail: !form.fields.some(({ name }) => name === 'username') }
  const fields = form.fields.map((field, index) =>
    renderField(
      field,
      {
        situation,
        focus: calm && setting.focus === true && index === 0 && !field.value,
        aside: setting.asides?.[field.name],
      },
      writer,
    ),
  )
  return html`${summary(form, setting, writer)}
<form method="post" action="${form.action}">
${hiddenFields(page, form.hidden)}
${setting.before}
${setting.columns ? html`<div class="two">${fields}</div>` : fields}
<button class="button primary" type="submit">${writer.text(setting.submit)}</button>
</form>`
}

/** What every form carries unseen. */
export function hiddenFields({ csrf, next }: Pick<PageContext, 'csrf' | 'next'>, more: Form['hidden'] = {}): Markup[] {
  const all = Object.entries({ _csrf: csrf, next, ...more })
  return all
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => html`<input${attributes({ type: 'hidden', name, value })}>`)
}

/** What is wrong, where a screen reader begins; what concerns a field leads there. */
function summary(form: Form, { alertClass = '' }: FormSetting, { text }: Writer): Content {
  if (!hasProblems(form)) return undefined
  const wrong = form.fields.filter(
    (field): field is Field & { problem: NonNullable<Field['problem']> } => field.problem !== undefined,
  )
  const items = [
    ...form.problems.map((problem) => html`${text(problem)}`),
    ...wrong.map(({ name, problem }) => html`<a href="#${fieldId(name)}">${text(problem)}</a>`),
  ]
  const words =
    items.length === 1
      ? html`<p>${items}</p>`
      : html`<p>${text(message('page.problems', { count: items.length }))}</p><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`
  return html`<div class="alert alert-danger ${alertClass}" role="alert" tabindex="-1" autofocus>${words}</div>`
}
