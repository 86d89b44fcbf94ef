/** The peer: oidc-provider with one confidential client, in memory: opaque tokens, which cost it least. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error it comes without types
import { Provider } from 'oidc-provider'
import { answerQuestions } from './child.ts'

/** The pair of its client, and what it was given. */
export interface OidcProvider {
  port: number
  accessToken: string
  refreshToken: string
}

export const CLIENT = { id: 'bench', secret: 'a-secret-of-the-bench-that-is-long-enough-0123456789' }

const server = createServer()
const accountId = 'someone'

answerQuestions(
  async (): Promise<OidcProvider> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const provider = new Provider(`http://127.0.0.1:${port}`, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
          redirect_uris: ['https://app.example.com/callback'],
        },
      ],
      features: {
        clientCredentials: { enabled: true },
        introspection: { enabled: true },
        devInteractions: { enabled: false },
      },
      rotateRefreshToken: false,
      findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    })
    server.on('request', provider.callback())
    const client = await provider.Client.find(CLIENT.id)
    if (!client) throw new Error('the client is missing')
    const grant = new provider.Grant({ accountId, clientId: CLIENT.id })
    // Without `openid` it need not sign an ID token with each answer.
    grant.addOIDCScope('offline_access')
    const grantId = await grant.save()
    const facts = { client, accountId, grantId, gty: 'authorization_code', scope: 'offline_access' }
    const accessToken = await new provider.AccessToken(facts as never).save()
    const refreshToken = await new provider.RefreshToken(facts as never).save()
    return { port, accessToken, refreshToken }
  },
  async () => server.closeAllConnections(),
)
