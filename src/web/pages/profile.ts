import { html } from '../../std/html.ts'
import { renderForm } from './form.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { ProfilePage } from './model.ts'
import { renderSessions } from './sessions.ts'
import type { View, Writer } from './view.ts'

export function renderProfile(page: ProfilePage, writer: Writer): View {
  const { text } = writer
  const { password } = page.links
  return {
    title: text(message('profile.title')),
    shape: 'wide',
    main: html`${heading(text(message('profile.heading')), page.user.email, page, writer)}
<div class="panel">${renderForm(page, { purpose: 'profile', submit: message('profile.submit'), columns: true }, writer)}</div>
${
  password &&
  html`<section class="panel split" aria-labelledby="password"><div><h2 id="password">${text(message('profile.password'))}</h2>
<p class="hint">${text(message('profile.passwordIntro'))}</p></div>
<a class="button quiet" href="${password}">${text(message('profile.changePassword'))}</a></section>`
}
${page.sessions && renderSessions(page, page.sessions, writer)}`,
  }
}
