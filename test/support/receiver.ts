import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/** What takes posts, as an application would. */
export interface Receiver extends AsyncDisposable {
  url: string
  received: Received[]
  /** Statuses of the next answers, first first; 200 when there are none left. */
  answers: number[]
  /** The status of every answer, when there are no `answers`. */
  always: number
  /** Types in the order in which they came. */
  types(): string[]
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      receiver.received.push({ headers: request.headers, body })
      const status = receiver.answers.shift() ?? receiver.always
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('taken')
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    answers: [],
    always: 200,
    types: () => receiver.received.map(({ body }) => JSON.parse(body).type),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}

/** As Standard Webhooks say: which of the signatures in a post this secret made; -1 for none. */
export function signedBy({ headers, body }: Received, secret: string): number {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const wanted = `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').indexOf(wanted)
}
