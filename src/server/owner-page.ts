import { attributes, html, type Markup } from '../std/html.ts'
import { ownerPath } from './owner-link.ts'
import type { Page } from './page.ts'

/** What the owner's password page shows. */
export type OwnerView =
  | { show: 'form'; token: string; email: string; minLength: number; problem?: string }
  | { show: 'done'; email: string }
  | { show: 'expired' }

export function ownerPage(view: OwnerView): Page {
  return { title: titles[view.show], body: body(view) }
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
