import type { Mailbox, Message } from '../core/ports.ts'
import type { Transport } from './transport.ts'

/** A mail as it would have been sent. */
export interface CapturedMail {
  id: string
  /** Milliseconds. */
  at: number
  to: string
  from: Mailbox
  subject: string
  /** Absent where the mail has no such part. */
  text?: string
  html?: string
  /** The addresses in the mail, each once, in their order. */
  links: readonly string[]
}

/** Mail that nobody sends: kept in memory for whoever develops or tests, the last 200 of it. */
export interface Inbox extends Transport {
  /** Newest first. */
  list(filter?: { to?: string }): CapturedMail[]
  get(id: string): CapturedMail | undefined
  /**
   * The newest mail to an address; undefined when there is none. Waits for what is on its way, so that it can be asked
   * right after the request that caused the mail.
   *
   * @example
   * await client.application(id).passwordResetTokens.create({ email: 'ada@example.com' })
   * const { links } = await app.inbox.latest({ to: 'ada@example.com' })
   */
  latest(filter?: { to?: string; subject?: string }): Promise<CapturedMail | undefined>
  clear(): void
}

const MOST_KEPT = 200

export interface InboxOptions {
  now(): number
  /** Resolves when nothing is on its way. */
  settled?: () => Promise<void>
  onMail?: (mail: CapturedMail) => void
}

export function createInbox({ now, settled, onMail }: InboxOptions): Inbox {
  const kept: CapturedMail[] = []
  const matches = (mail: CapturedMail, { to, subject }: { to?: string; subject?: string }) =>
    (to === undefined || mail.to.toLowerCase() === to.toLowerCase()) &&
    (subject === undefined || mail.subject === subject)

  return {
    async send(message) {
      const mail = toCaptured(message, now())
      // Mails are sent side by side; their ids tell which was queued later. One sent twice is there twice.
      const after = kept.findIndex(({ id }) => id <= mail.id)
      kept.splice(after === -1 ? kept.length : after, 0, mail)
      kept.length = Math.min(kept.length, MOST_KEPT)
      onMail?.(mail)
    },
    list: (filter = {}) => kept.filter((mail) => matches(mail, filter)),
    get: (id) => kept.find((mail) => mail.id === id),
    async latest(filter = {}) {
      await settled?.()
      return kept.find((mail) => matches(mail, filter))
    },
    clear() {
      kept.length = 0
    },
    async close() {},
  }
}

function toCaptured({ id, to, from, subject, text, html }: Message, at: number): CapturedMail {
  return {
    id,
    at,
    to: to.address,
    from,
    subject,
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    links: linksIn(text, html),
  }
}

function linksIn(text = '', html = ''): string[] {
  const inHtml = Array.from(html.matchAll(/\bhref="([^"]+)"/g), ([, href]) => unescapeHtml(href as string))
  const inText = text.match(/\b[a-z][a-z0-9+.-]*:\/\/[^\s<>"']+/gi) ?? []
  return [...new Set([...inHtml, ...inText])]
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name] as string)
}
