import { askMembers, standardClaims } from './kind.ts'
import { bearer, byOAuth2 } from './oauth2.ts'

const endpoints = {
  token: 'https://www.linkedin.com/oauth/v2/accessToken',
  introspection: 'https://www.linkedin.com/oauth/v2/introspectToken',
  userInfo: 'https://api.linkedin.com/v2/userinfo',
}

/** https://learn.microsoft.com/linkedin: Sign In with LinkedIn using OpenID Connect. */
export const linkedin = byOAuth2({
  token: ({ at }) => at(endpoints.token),
  user: (call, accessToken) => askMembers(call, { url: call.at(endpoints.userInfo), headers: bearer(accessToken) }),
  async isOwn(call, accessToken) {
    const { clientId, clientSecret } = call.settings
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, token: accessToken })
    const { active, client_id } = await askMembers(call, { url: call.at(endpoints.introspection), body })
    return active === true && client_id === clientId
  },
  read: standardClaims,
})
