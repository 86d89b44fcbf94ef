import { html } from '../../std/html.ts'
import { renderForm } from './form.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { LoginPage } from './model.ts'
import { renderProviders } from './providers.ts'
import type { View, Writer } from './view.ts'

export function renderLogin(page: LoginPage, writer: Writer): View {
  const { text } = writer
  const { forgot, register } = page.links
  const form = renderForm(
    page,
    {
      purpose: 'login',
      submit: message('login.submit'),
      focus: true,
      alertClass: 'bad-login',
      asides: { password: forgot && html`<a href="${forgot}">${text(message('field.forgot'))}</a>` },
    },
    writer,
  )
  return {
    title: text(message('login.title')),
    shape: 'card',
    main: html`${heading(text(message('login.heading', { app: page.brand.name })), undefined, page, writer)}
${renderProviders(page.providers, page.form.fields.length > 0, writer)}
${page.form.fields.length > 0 && form}`,
    foot:
      register &&
      html`${text(message('login.noAccount'))} <a href="${register}">${text(message('register.title'))}</a>`,
  }
}
