import { type Content, html } from '../../std/html.ts'
import { providerMark } from './icons.ts'
import { message } from './messages/message.ts'
import type { ProviderButton } from './model.ts'
import type { Writer } from './view.ts'

/** The buttons of other providers, and the line that parts them from the form. */
export function renderProviders(providers: readonly ProviderButton[], hasForm: boolean, { text }: Writer): Content {
  if (providers.length === 0) return undefined
  const buttons = providers.map(
    ({ providerId, name, href }) =>
      html`<a class="button quiet" href="${href}">${providerMark(providerId)}<span>${text(message('page.withProvider', { provider: name }))}</span></a>`,
  )
  return html`<div class="stack">${buttons}</div>${hasForm && html`<p class="or">${text(message('page.or'))}</p>`}`
}
