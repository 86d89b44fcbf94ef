import { randomBytes } from 'node:crypto'
import type { LightRequest, LightResponse } from '../std/exchange.ts'
import { html, type Markup, trusted } from '../std/html.ts'

/** One of the small pages that the service itself shows. */
export interface Page {
  title: string
  body: Markup
}

/** An answer with a whole document: one style element, no script, nothing from elsewhere, kept by nobody. */
export function pageAnswer(status: number, page: Page): LightResponse {
  const nonce = randomBytes(16).toString('base64')
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    },
    body: renderPage(page, nonce),
  }
}

/** A whole HTML document: one style element with the given nonce, no script. */
export function renderPage({ title, body }: Page, nonce: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Latchkey</title>
<style nonce="${nonce}">${trusted(style)}</style>
</head>
<body>
<main>
<p class="mark" aria-hidden="true"><span></span>Latchkey</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.toString()
}

/**
 * Whether a form was sent by a page of ours, as far as the browser says. The pages ask for no referrer, so browsers send
 * `Origin: null` with their forms. `Sec-Fetch-Site` tells then, but not over plain HTTP; what protects is the token.
 */
export function isOwnForm(request: LightRequest, origin: string): boolean {
  const site = request.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const sender = request.header('origin')
  return sender === undefined || sender === 'null' || sender === origin || sender === `http://${request.header('host')}`
}

const style = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #566072; --paper: #fff; --ground: #f3f4f7; --line: #8a93a3;
  --accent: #2454d6; --on-accent: #fff; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ecf2; --soft: #a7b0c0; --paper: #1a1f29; --ground: #11151c;
  --line: #6d7789; --accent: #8fb0ff; --on-accent: #0c1530; --bad: #ff9b93 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 25rem; padding: 2rem; border-radius: .75rem; background: var(--paper);
  box-shadow: 0 1px 2px #0002, 0 8px 32px #0001 }
.mark { display: flex; align-items: center; gap: .5rem; margin: 0 0 1.5rem; font-weight: 600; color: var(--soft) }
.mark span { width: 1rem; height: 1rem; border: .25rem solid var(--accent); border-radius: 50% 50% 50% .2rem }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25 }
p { margin: 0 0 1rem; overflow-wrap: anywhere }
label { display: block; margin-bottom: .25rem; font-weight: 500 }
input { width: 100%; min-height: 2.75rem; margin-bottom: 1rem; padding: .5rem .75rem; border: 1px solid var(--line);
  border-radius: .5rem; background: transparent; color: inherit; font: inherit }
#password { margin-bottom: .25rem }
input[aria-invalid] { border-color: var(--bad) }
.hint { color: var(--soft); font-size: .875rem }
.problem { padding: .5rem .75rem; border-left: .25rem solid var(--bad); color: var(--bad) }
button { width: 100%; min-height: 2.75rem; border: 0; border-radius: .5rem; background: var(--accent);
  color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
pre { margin: 0; padding: .75rem; border-radius: .5rem; background: var(--ground); overflow-x: auto }
.unseen { position: absolute; width: 1px; height: 1px; min-height: 0; margin: -1px; padding: 0; border: 0; overflow: hidden;
  clip-path: inset(50%) }
a { color: var(--accent) }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem }
.list { margin: 0; padding: 0; list-style: none }
.list li { padding: .75rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere }
.list a { font-weight: 600 }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0 }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
iframe { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff }
main:has(.list), main:has(iframe) { max-width: 44rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
`
