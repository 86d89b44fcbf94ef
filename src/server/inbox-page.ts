import type { CapturedMail } from '../mail/inbox.ts'
import { html, type Markup } from '../std/html.ts'
import { inboxPath } from './inbox-path.ts'
import type { Page } from './page.ts'

const clearPath = `${inboxPath}/clear`
const pageOf = ({ id }: CapturedMail): string => `${inboxPath}/${id}`

/** All captured mails, newest first. */
export function inboxPage(mails: readonly CapturedMail[]): Page {
  const items = mails.map(
    (mail) => html`<li><a href="${pageOf(mail)}">${mail.subject}</a>
<p class="hint">to ${mail.to} · ${timeOf(mail)}</p></li>`,
  )
  const list =
    mails.length === 0
      ? html`<p>No mail yet. What this service would send appears here; nothing leaves this machine.</p>`
      : html`<ul class="list">${items}</ul>
<form method="post" action="${clearPath}"><button type="submit">Empty the inbox</button></form>`
  return { title: 'Mail', body: list }
}

/** One mail: who and what, its links, its HTML in a frame that can do nothing, its text. */
export function mailPage(mail: CapturedMail): Page {
  const { to, from, subject, text, links } = mail
  const frame = `${pageOf(mail)}/html`
  const sender = from.name === '' ? from.address : `${from.name} <${from.address}>`
  const linkItems = links.map((link) => html`<li>${toLink(link)}</li>`)
  return {
    title: subject,
    body: html`<p><a href="${inboxPath}">All mail</a></p>
<dl><dt>To</dt><dd>${to}</dd><dt>From</dt><dd>${sender}</dd><dt>Sent</dt><dd>${timeOf(mail)}</dd></dl>
${linkItems.length > 0 && html`<h2>Links</h2>\n<ul class="list">${linkItems}</ul>`}
${mail.html !== undefined && html`<h2>HTML</h2>\n<iframe title="The mail as HTML" src="${frame}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`}
${text !== undefined && html`<h2>Text</h2>\n<pre>${text}</pre>`}`,
  }
}

/** What leads to a web page can be followed; what calls another program can be read. */
function toLink(link: string): Markup | string {
  return /^https?:\/\//i.test(link) ? html`<a href="${link}">${link}</a>` : link
}

function timeOf({ at }: CapturedMail): Markup {
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`
}
