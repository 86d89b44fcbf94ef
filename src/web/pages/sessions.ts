import { html, type Markup } from '../../std/html.ts'
import { readUserAgent } from './device.ts'
import { hiddenFields } from './form.ts'
import { message } from './messages/message.ts'
import type { ProfilePage, Session, Sessions } from './model.ts'
import { ago } from './time.ts'
import type { Writer } from './view.ts'

/** The list of one's sessions, each with a button to end it, and one to end all but this. */
export function renderSessions(page: ProfilePage, { action, list }: Sessions, writer: Writer): Markup {
  const { text } = writer
  const end = (session: Session) => html`<form method="post" action="${action}">${hiddenFields(page)}
<button class="button quiet small" type="submit" name="session" value="${session.id}" aria-label="${text(message('sessions.endOne', { device: device(session, writer) }))}">${text(message('sessions.end'))}</button></form>`
  const rows = list.map(
    (session) => html`<li>
<span class="what"><strong>${device(session, writer)}</strong><small>${when(session, writer)}</small></span>
${session.current ? html`<span class="tag">${text(message('sessions.current'))}</span>` : end(session)}
</li>`,
  )
  const others = list.some(({ current }) => !current)
  return html`<section class="panel" aria-labelledby="sessions">
<h2 id="sessions">${text(message('sessions.heading'))}</h2>
<ul class="rows">${rows}</ul>
${others && html`<form method="post" action="${action}">${hiddenFields(page)}<button class="button quiet" type="submit" name="session" value="others">${text(message('sessions.endOthers'))}</button></form>`}
</section>`
}

function device({ userAgent = '' }: Session, { text }: Writer): string {
  const { browser, system } = readUserAgent(userAgent)
  if (browser && system) return text(message('sessions.device', { browser, system }))
  return browser ?? system ?? text(message('sessions.unknownDevice'))
}

function when({ createdAt, lastUsedAt }: Session, writer: Writer): Markup {
  const [key, date] = lastUsedAt
    ? (['sessions.lastUsed', lastUsedAt] as const)
    : (['sessions.since', createdAt] as const)
  return html`<time datetime="${date.toISOString()}">${writer.text(message(key, { when: ago(date, writer) }))}</time>`
}
