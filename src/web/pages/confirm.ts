import { html } from '../../std/html.ts'
import { renderForm } from './form.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { ConfirmPage } from './model.ts'
import type { View, Writer } from './view.ts'

/** One button, since scanners of mail follow links but press nothing. */
export function renderConfirm(page: ConfirmPage, writer: Writer): View {
  const { text } = writer
  return {
    title: text(message('confirm.title')),
    shape: 'card',
    main: html`${heading(text(message('confirm.heading')), text(message('confirm.intro')), page, writer)}
${renderForm(page, { purpose: 'login', submit: message('confirm.submit') }, writer)}`,
  }
}
