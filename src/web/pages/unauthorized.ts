import { html } from '../../std/html.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { UnauthorizedPage } from './model.ts'
import type { View, Writer } from './view.ts'

/** A guard refused: 401 offers to log in, 403 never does, since that would lead in a circle. (WEB W107) */
export function renderUnauthorized(page: UnauthorizedPage, writer: Writer): View {
  const { text } = writer
  const { user, links } = page
  const title = text(message(page.status === 401 ? 'unauthorized.title' : 'forbidden.title'))
  if (page.status === 401) {
    return {
      title,
      shape: 'card',
      main: html`${heading(title, text(message('unauthorized.intro')), page, writer)}
${links.login && html`<a class="button primary" href="${links.login}">${text(message('login.title'))}</a>`}`,
    }
  }
  const intro = user ? message('forbidden.intro', { user: user.email }) : message('forbidden.introPlain')
  return {
    title,
    shape: 'card',
    main: html`${heading(title, text(intro), page, writer)}
${links.home && html`<a class="button primary" href="${links.home}">${text(message('error.home'))}</a>`}`,
  }
}
