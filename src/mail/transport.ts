import type { Message } from '../core/ports.ts'

/** A way out for mail. */
export interface Transport {
  /** Resolves when the other side has taken the mail over. Any error means that it may be tried again, unless it says not. */
  send(message: Message): Promise<void>
  close(): Promise<void>
}

/** Mail goes to a function of the application's own. */
export function createFunctionTransport(send: (message: Message) => Promise<void> | void): Transport {
  return {
    async send(message) {
      await send(message)
    },
    async close() {},
  }
}
