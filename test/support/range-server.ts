import { hash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of the Pwned Passwords range protocol that knows a few passwords. */
export interface RangeServer {
  url: string
  /** What it was asked. */
  asked: { path: string; headers: IncomingHttpHeaders }[]
  /** How it answers from now on, in place of a range. */
  misbehave(how: 'error' | 'silence' | 'flood' | 'redirect' | undefined): void
  close(): Promise<void>
}

export async function startRangeServer(known: readonly string[]): Promise<RangeServer> {
  const digests = known.map((password) => hash('sha1', password).toUpperCase())
  const asked: RangeServer['asked'] = []
  let how: Parameters<RangeServer['misbehave']>[0]
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, headers: request.headers })
    if (how === 'silence') return
    if (how === 'error') return void response.writeHead(503).end()
    if (how === 'redirect') return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    if (how === 'flood') return void response.end('0'.repeat(2 * 1024 * 1024))
    const prefix = path.split('/').at(-1) ?? ''
    const suffixes = digests.filter((digest) => digest.startsWith(prefix)).map((digest) => `${digest.slice(5)}:42`)
    // Padding, among it the suffix of a password that nobody lost.
    response.end([...suffixes, `${'A'.repeat(35)}:7`, `${suffixOf('Padded-Kettle-4471')}:0`].join('\r\n'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`,
    asked,
    misbehave: (next) => {
      how = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const suffixOf = (password: string): string => hash('sha1', password).toUpperCase().slice(5)
