import { message, type Text } from './pages/messages/message.ts'

/** A request that is turned down in words for the user. Any other error is a bug or a service that is away. */
export class Rejection extends Error {
  override readonly name = 'Rejection'
  readonly status: number
  /** For the page, in the reader's language. */
  readonly text: Text
  /** The field it is about. */
  readonly field: string | undefined
  readonly retryAfter: number | undefined

  constructor(
    text: Text,
    details: { status?: number; field?: string | undefined; retryAfter?: number | undefined } = {},
  ) {
    super(typeof text === 'string' ? text : text.key)
    this.text = text
    this.status = details.status ?? 400
    this.field = details.field
    this.retryAfter = details.retryAfter
  }
}

/**
 * Turns the request down, from a hook or a handler: the form comes again with this message, JSON gets it with status 400.
 *
 * @param details - the field the message is about, and another status
 * @example reject('We only take addresses of our own.', { field: 'email' })
 */
export function reject(text: Text, details: { status?: number; field?: string } = {}): never {
  throw new Rejection(text, details)
}

export const unexpected = message('problem.unexpected')
