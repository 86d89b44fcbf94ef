import { attributes, type Content, html, type Markup, trusted } from '../../std/html.ts'
import { hasProblems } from './form.ts'
import { logoutButton } from './logout-button.ts'
import { message } from './messages/message.ts'
import type { Page } from './model.ts'
import { script } from './script.ts'
import { styleOf } from './style.ts'
import type { View, Writer } from './view.ts'

/** The whole document. Style and script stand in it, allowed by their digests: nothing else is loaded to show it. */
export function layout(page: Page, view: View, { locale, text }: Writer): string {
  const { brand } = page
  const wrong = 'form' in page && hasProblems(page.form)
  const title = wrong ? text(message('page.problemTitle', { title: view.title })) : view.title
  return html`<!doctype html>
<html${attributes({ lang: locale, dir: direction(locale) })}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${brand.name}</title>
<style>${trusted(styleOf(brand))}</style>
${brand.stylesheet && html`<link rel="stylesheet" href="${brand.stylesheet}">`}
<script type="module">${trusted(script)}</script>
</head>
<body>
${view.shape === 'card' ? card(page, view) : wide(page, view, text)}
</body>
</html>
`.toString()
}

function card(page: Page, { main, foot }: View): Markup {
  return html`<div class="frame">
<div class="inner">
<header class="brand">${name(page)}</header>
<main>
${main}
</main>
</div>
${foot && html`<footer class="foot">${foot}</footer>`}
</div>`
}

function wide(page: Page, { main }: View, text: Writer['text']): Markup {
  const { links, csrf, user } = page
  const profile = page.page !== 'profile' && links.profile
  const logout =
    user &&
    links.logout &&
    logoutButton({ action: links.logout, csrf, label: text(message('logout.submit')), className: 'button quiet small' })
  return html`<div class="frame wide">
<header class="bar"><div class="brand">${name(page)}</div>
${
  (profile || logout) &&
  html`<nav aria-label="${text(message('page.account'))}">${profile && html`<a href="${profile}">${text(message('home.profile'))}</a>`}${logout}</nav>`
}</header>
<main>
${main}
</main>
</div>`
}

function name({ brand, links }: Page): Content {
  const sign = brand.logo
    ? html`<img src="${brand.logo}" alt="${brand.name}">`
    : html`<span class="mark" aria-hidden="true">${initial(brand.name)}</span>${brand.name}`
  return links.home ? html`<a href="${links.home}">${sign}</a>` : html`<span class="name">${sign}</span>`
}

const initial = (name: string): string => (name.match(/\p{L}|\p{N}/u)?.[0] ?? '·').toUpperCase()

const rightToLeft = new Set('ar ckb dv fa he ku ps sd ug ur yi'.split(' '))

function direction(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(new Intl.Locale(locale).language) ? 'rtl' : 'ltr'
}
