import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { type OAuthCall, replyJson } from './call.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import type { Grant } from './grants/grant.ts'
import { loginTicket } from './grants/login-ticket.ts'
import { password } from './grants/password.ts'
import { refreshToken } from './grants/refresh-token.ts'
import { stormpathSocial } from './grants/stormpath-social.ts'
import { stormpathToken } from './grants/stormpath-token.ts'

const grants: readonly Grant[] = [
  password,
  refreshToken,
  clientCredentials,
  loginTicket,
  stormpathSocial,
  stormpathToken,
]
const byType = new Map(grants.flatMap((grant) => grant.types.map((type) => [type, grant])))

/** POST `/applications/:id/oauth/token` (contract/rest.md 14.2; RFC 6749 §5.1). */
export async function token(call: OAuthCall): Promise<LightResponse> {
  const grantType = call.form.require('grant_type')
  const grant = byType.get(grantType) ?? refuse('grantTypeUnsupported', { grantType })
  const { accessToken, accessTokenId, expiresIn, refreshToken } = await grant.grant(call)
  return replyJson(call, {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    token_type: 'Bearer',
    expires_in: expiresIn,
    stormpath_access_token_href: call.engine.services.hrefs.toHref('accessToken', accessTokenId),
  })
}
