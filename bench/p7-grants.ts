import type { Claim } from './claim.ts'
import { raceTokens } from './subjects/race-tokens.ts'

/** Access tokens, each a row and an event that are durable before the answer; the peer keeps its own in memory. */
export const grants: Claim = {
  id: 'P7',
  title: 'Client-credentials and refresh grants',
  goal: 'at least twice the throughput of oidc-provider in memory',
  run: (context) =>
    raceTokens(context, [
      {
        what: 'client_credentials',
        endpoint: ['/token', '/token'],
        form: ({ key }) => ({
          grant_type: 'client_credentials',
          ...(key && { client_id: key.id, client_secret: key.secret }),
        }),
      },
      {
        what: 'refresh_token',
        endpoint: ['/token', '/token'],
        form: ({ refreshToken }) => ({ grant_type: 'refresh_token', refresh_token: refreshToken }),
      },
    ]),
}
