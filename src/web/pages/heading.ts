import { type Content, html, type Markup } from '../../std/html.ts'
import { bannerOf } from './banners.ts'
import { message } from './messages/message.ts'
import type { BannerName, Links } from './model.ts'
import type { Writer } from './view.ts'

/** The heading of a page, the line below it, and the notice that `?status=` asks for. */
export function heading(
  title: string,
  intro: Content,
  page: { banner: BannerName | undefined; links: Links },
  { text }: Writer,
): Markup {
  return html`<div class="header">
<h1>${title}</h1>
${intro && html`<p class="intro">${intro}</p>`}
${page.banner && notice(page.banner, page.links, text)}
</div>`
}

function notice(name: BannerName, links: Links, text: Writer['text']): Markup {
  const { tone, message: words } = bannerOf(name)
  const resend = name === 'unverified' && links.verify
  // markup needs a quoted attribute as a whole
  return html`<div class="alert alert-${tone}" role="status"><p>${text(words)}${
    resend && html` <a href="${resend}">${text(message('status.resend'))}</a>`
  }</p></div>`
}
