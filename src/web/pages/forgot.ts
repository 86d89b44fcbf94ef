import { html } from '../../std/html.ts'
import { renderForm } from './form.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { ForgotPage, VerifyPage } from './model.ts'
import type { View, Writer } from './view.ts'

/** The pages that ask for an address to send a link to: `forgot` for a new password, `verify` to verify the address. */
export function renderForgot(page: ForgotPage | VerifyPage, writer: Writer): View {
  const { text } = writer
  const { login } = page.links
  return {
    title: text(message(`${page.page}.title`)),
    shape: 'card',
    main: html`${heading(text(message(`${page.page}.heading`)), text(message(`${page.page}.intro`)), page, writer)}
${renderForm(page, { purpose: 'forgot', submit: message(`${page.page}.submit`), focus: true }, writer)}`,
    foot: login && html`<a href="${login}">${text(message('forgot.back'))}</a>`,
  }
}
