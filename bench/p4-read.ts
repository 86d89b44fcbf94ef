import { sign } from '../test/support/signer.ts'
import type { Claim } from './claim.ts'
import { cycle, load, type NextRequest, toRequest } from './measure/load.ts'
import { startBare } from './subjects/bare.ts'
import { type Latchkey, startLatchkey } from './subjects/latchkey.ts'
import { raceReads } from './subjects/race-reads.ts'

/** Requests signed ahead for a millisecond of load; a round that runs out of them ends early. */
const SIGNED_PER_MS = 12

/** One account over HTTP, the key verified each time, against a server that only sends as many bytes. */
export const read: Claim = {
  id: 'P4',
  title: 'GET of an account on SQLite',
  goal: 'Basic: half the throughput of bare node:http, at most twice its CPU; SAuthc1: 40 %',
  async run(context) {
    if (!context.stores.includes('sqlite')) return []
    await using latchkey = await startLatchkey(context, 'sqlite')
    const accounts = await latchkey.createAccounts(16)
    const gets = accounts.map(({ path }) => latchkey.request({ path }))
    const { bodyBytes } = await load({ ...latchkey, connections: 1, next: cycle(gets), duration: 100 })
    await using bare = await startBare(bodyBytes)
    const bareGets = gets.map((_, at) => toRequest(bare.port, { path: accounts[at]?.path ?? '/' }))
    const baseline = { ...bare, requests: () => cycle(bareGets) }
    const store = 'sqlite'
    const basic = await raceReads(context, {
      what: 'GET account, Basic / bare',
      store,
      baseline,
      ours: { ...latchkey, requests: () => cycle(gets) },
      goals: { rate: 0.5, cpu: 2 },
    })
    const presign = signer(latchkey, accounts, context.roundMs * SIGNED_PER_MS)
    const signed = await raceReads(context, {
      what: 'GET account, SAuthc1 / bare',
      store,
      baseline,
      ours: { ...latchkey, requests: presign },
      goals: { rate: 0.4 },
    })
    return [...basic, ...signed]
  },
}

/** Makes signed requests ahead of their round: each nonce works once. */
function signer({ service, port }: Latchkey, accounts: readonly { path: string }[], count: number): () => NextRequest {
  return () => {
    const requests = Array.from({ length: count }, (_, at) => {
      const { path } = accounts[at % accounts.length] as { path: string }
      const { Host: _host, ...headers } = sign('java', service.key, {
        method: 'GET',
        origin: service.url,
        path,
      }).headers
      return toRequest(port, { path, headers })
    })
    return () => requests.pop()
  }
}
