/** The limit of every answer: `node:http` that sends a body of a given size and does nothing else. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerQuestions } from './child.ts'

let body = '{}'
const server = createServer((request, response) => {
  // A request with a body is read, as ours is.
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
})

answerQuestions(
  async ({ bytes }: { bytes: number }) => {
    body = `{"x":"${'x'.repeat(Math.max(0, bytes - 8))}"}`
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  },
  async () => server.closeAllConnections(),
)
