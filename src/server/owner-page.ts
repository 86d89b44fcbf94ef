import { attributes, html, type Markup, trusted } from '../std/html.ts'
import { ownerPath } from './owner-link.ts'

/** What the owner's password page shows. */
export type OwnerView =
  | { show: 'form'; token: string; email: string; minLength: number; problem?: string }
  | { show: 'done'; email: string }
  | { show: 'expired' }

/** A whole HTML document: one style element with the given nonce, no script. */
export function renderOwnerPage(view: OwnerView, nonce: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titles[view.show]} · Latchkey</title>
<style nonce="${nonce}">${trusted(style)}</style>
</head>
<body>
<main>
<p class="mark" aria-hidden="true"><span></span>Latchkey</p>
<h1>${titles[view.show]}</h1>
${body(view)}
</main>
</body>
</html>
`.toString()
}

const titles = {
  form: 'Choose your password',
  done: 'Your password is set',
  expired: 'This link has been used or has expired',
}

function body(view: OwnerView): Markup {
  if (view.show === 'expired') {
    return html`<p>A link works once, for 24 hours. Whoever runs this service gets you a new one:</p>
<pre><code>latchkey owner-link</code></pre>`
  }
  const { email } = view
  if (view.show === 'done') return html`<p>You are the owner of this service. Log in as <strong>${email}</strong>.</p>`
  const { problem } = view
  const flaw = attributes({
    'aria-invalid': problem && 'true',
    'aria-describedby': problem ? 'problem hint' : 'hint',
  })
  return html`<p>You are the owner of this service, <strong>${email}</strong>.</p>
<form method="post" action="${ownerPath}">
${problem && html`<p id="problem" class="problem" role="alert">${problem}</p>`}
<input type="hidden" name="token" value="${view.token}">
<input class="unseen" type="text" name="username" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus${flaw}>
<p id="hint" class="hint">At least ${view.minLength} characters. A few words that only you would put together are best.</p>
<label for="again">The same again</label>
<input id="again" name="again" type="password" autocomplete="new-password" required>
<button type="submit">Set password</button>
</form>`
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
`
