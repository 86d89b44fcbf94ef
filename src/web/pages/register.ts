import { html } from '../../std/html.ts'
import { renderForm } from './form.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { RegisterPage } from './model.ts'
import { renderProviders } from './providers.ts'
import type { View, Writer } from './view.ts'

export function renderRegister(page: RegisterPage, writer: Writer): View {
  const { text } = writer
  const { login } = page.links
  return {
    title: text(message('register.title')),
    shape: 'card',
    main: html`${heading(text(message('register.heading')), undefined, page, writer)}
${renderProviders(page.providers, true, writer)}
${renderForm(page, { purpose: 'register', submit: message('register.submit') }, writer)}`,
    foot:
      login && html`${text(message('register.haveAccount'))} <a href="${login}">${text(message('login.title'))}</a>`,
  }
}
