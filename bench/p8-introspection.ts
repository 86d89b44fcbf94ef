import type { Claim } from './claim.ts'
import { raceTokens } from './subjects/race-tokens.ts'

/** Whether a token holds at this moment: signature, row, account, application and the way between them. */
export const introspection: Claim = {
  id: 'P8',
  title: 'Introspection of an access token',
  goal: 'at least twice the throughput of oidc-provider in memory',
  run: (context) =>
    raceTokens(context, [
      {
        what: 'introspection',
        endpoint: ['/introspect', '/token/introspection'],
        form: ({ accessToken }) => ({ token: accessToken }),
      },
    ]),
}
