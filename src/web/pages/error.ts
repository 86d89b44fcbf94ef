import { html } from '../../std/html.ts'
import { heading } from './heading.ts'
import { message } from './messages/message.ts'
import type { ErrorPage } from './model.ts'
import type { View, Writer } from './view.ts'

const kinds = { 400: 'badRequest', 404: 'notFound', 429: 'tooMany', 503: 'busy' } as const

/** What went wrong, in words; no internal detail but the number to find it by. */
export function renderError(page: ErrorPage, writer: Writer): View {
  const { text } = writer
  const kind = kinds[page.status as keyof typeof kinds] ?? 'error'
  const title = text(message(`${kind}.title`))
  const { home } = page.links
  return {
    title,
    shape: 'card',
    main: html`${heading(title, text(message(`${kind}.intro`)), page, writer)}
${home && html`<a class="button primary" href="${home}">${text(message('error.home'))}</a>`}
${page.requestId && html`<p class="number">${text(message('error.reference', { id: page.requestId }))}</p>`}`,
  }
}
