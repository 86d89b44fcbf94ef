import type { Content, Markup } from '../../std/html.ts'
import type { Text } from './messages/message.ts'

/** What a page is written with. */
export interface Writer {
  readonly locale: string
  /** Milliseconds since the epoch. */
  readonly now: number
  text(text: Text): string
}

/** What a page puts into the document around it. */
export interface View {
  /** For the browser's tab; the brand's name is added. */
  readonly title: string
  /** A narrow card for one thing to do, or a page with a bar. */
  readonly shape: 'card' | 'wide'
  /** What stands in `<main>`. */
  readonly main: Markup
  /** The line at the end of a card. */
  readonly foot?: Content
}
