import { html } from '../../std/html.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { HomePage } from './model.ts'
import type { View, Writer } from './view.ts'

/** Greets by name, with the e-mail and the custom data; of nobody, offers to log in. (WEB W31) */
export function renderHome(page: HomePage, writer: Writer): View {
  const { text } = writer
  const { user, links } = page
  const title = text(message('home.title'))
  if (!user) {
    return {
      title,
      shape: 'card',
      main: html`${heading(page.brand.name, text(message('home.anonymous')), page, writer)}
<div class="stack">
${links.login && html`<a class="button primary" href="${links.login}">${text(message('login.title'))}</a>`}
${links.register && html`<a class="button quiet" href="${links.register}">${text(message('register.title'))}</a>`}
</div>`,
    }
  }
  const name = user.givenName ?? user.fullName ?? user.username ?? user.email
  const { customData = {} } = user
  const hasData = Object.keys(customData).length > 0
  return {
    title,
    shape: 'wide',
    main: html`${heading(text(message('home.heading', { name })), undefined, page, writer)}
<div class="panel"><dl class="facts">
<div><dt>${text(message('home.email'))}</dt><dd>${user.email}</dd></div>
${hasData && html`<div><dt>${text(message('home.customData'))}</dt><dd><pre>${JSON.stringify(customData, null, 2)}</pre></dd></div>`}
</dl></div>`,
  }
}
