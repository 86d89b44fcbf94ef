import { attributes, html } from '../../std/html.ts'
import { renderForm } from './form.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { ChangePage, PasswordPage } from './model.ts'
import type { View, Writer } from './view.ts'

/** A new password: `change` by the link of a mail, `password` while logged in. */
export function renderChange(page: ChangePage | PasswordPage, writer: Writer): View {
  const { text } = writer
  const login = page.page === 'change' ? page.login : (page.user.username ?? page.user.email)
  // unseen and not posted: tells password managers whose password it is
  const whose =
    login && html`<input${attributes({ type: 'text', value: login, autocomplete: 'username', hidden: true })}>`
  const { profile } = page.links
  return {
    title: text(message(`${page.page}.title`)),
    shape: 'card',
    main: html`${heading(text(message(`${page.page}.heading`)), text(message(`${page.page}.intro`)), page, writer)}
${renderForm(page, { purpose: 'newPassword', submit: message(`${page.page}.submit`), focus: true, before: whose }, writer)}`,
    foot: page.page === 'password' && profile && html`<a href="${profile}">${text(message('profile.title'))}</a>`,
  }
}
