import type { Message } from '../core/ports.ts'
import type { Transport } from './transport.ts'

/** Prints mails instead of sending them. */
export function createConsoleTransport(print: (text: string) => void): Transport {
  return {
    async send(message) {
      print(toText(message))
    },
    async close() {},
  }
}

function toText({ to, from, subject, text, html }: Message): string {
  const sender = from.name === '' ? from.address : `${from.name} <${from.address}>`
  return [`To: ${to.address}`, `From: ${sender}`, `Subject: ${subject}`, '', text ?? html ?? ''].join('\n')
}
