import type { Context, Line, StoreName } from '../claim.ts'
import { cycle, toRequest } from '../measure/load.ts'
import { startChild } from './child.ts'
import { type Latchkey, PASSWORD, startLatchkey } from './latchkey.ts'
import type { OidcProvider } from './oidc-provider.ts'
import { raceReads } from './race-reads.ts'

/** The same request of both. */
export interface TokenRequest {
  what: string
  /** Below `/v1/applications/:id/oauth` there, at the root here. */
  endpoint: [ours: string, theirs: string]
  form(tokens: Tokens): Record<string, string>
}

export interface Tokens {
  accessToken: string
  refreshToken: string
  /** The pair of an API key of an account; the peer takes that of the client from the header. */
  key?: { id: string; secret: string }
}

const GOAL = 2
const CLIENT = { id: 'bench', secret: 'a-secret-of-the-bench-that-is-long-enough-0123456789' }
const basic = ({ id, secret }: { id: string; secret: string }) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

/** Races requests about tokens against oidc-provider, on each store. */
export async function raceTokens(context: Context, requests: readonly TokenRequest[]): Promise<Line[]> {
  const lines: Line[] = []
  for (const store of context.stores) lines.push(...(await runOn(context, store, requests)))
  return lines
}

async function runOn(context: Context, store: StoreName, requests: readonly TokenRequest[]): Promise<Line[]> {
  await using latchkey = await startLatchkey(context, store)
  const own = await prepare(latchkey)
  const lines: Line[] = []
  for (const { what, endpoint, form } of requests) {
    // A new one each time: it forgets all but the last thousand things it made.
    await using child = startChild(new URL('./oidc-provider.ts', import.meta.url))
    const peer = await child.ask<OidcProvider>(undefined)
    const ours = latchkey.request({
      method: 'POST',
      path: `${latchkey.application}/oauth${endpoint[0]}`,
      form: form(own),
    })
    const theirs = toRequest(peer.port, {
      method: 'POST',
      path: endpoint[1],
      headers: { authorization: basic(CLIENT) },
      form: form(peer),
    })
    const raced = await raceReads(context, {
      what: `${what} / oidc-provider`,
      store,
      ours: { ...latchkey, requests: () => cycle([ours]) },
      baseline: { pid: child.pid, port: peer.port, requests: () => cycle([theirs]) },
      goals: { rate: GOAL },
    })
    lines.push(...raced)
  }
  return lines
}

/** Tokens of an account, with refresh tokens that stay, so that one request serves for a whole round. */
async function prepare(latchkey: Latchkey): Promise<Tokens> {
  const { application, create, createAccounts, service } = latchkey
  await create(application.replace('applications', 'oAuthPolicies'), {
    passwordGrant: 'ENABLED',
    refreshTokenRotation: 'DISABLED',
    accessTokenTtl: 'PT1H',
  })
  const [account] = await createAccounts(1)
  if (!account) throw new Error('no account was made')
  const response = await fetch(`${service.url}${application}/oauth/token`, {
    method: 'POST',
    headers: { authorization: basic(service.key) },
    body: new URLSearchParams({ grant_type: 'password', username: account.email, password: PASSWORD }),
  })
  const { access_token, refresh_token } = (await response.json()) as Record<string, string>
  const key = (await create(`${account.path}/apiKeys`, {})) as unknown as NonNullable<Tokens['key']>
  return { accessToken: access_token as string, refreshToken: refresh_token as string, key }
}
