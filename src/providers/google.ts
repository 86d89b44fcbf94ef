import type { ProviderIdentity } from '../core/ports.ts'
import { fail } from './fault.ts'
import type { IdTokens } from './id-token.ts'
import { askMembers, type Call, type Kind, standardClaims, subjectOf } from './kind.ts'
import { bearer, byOAuth2 } from './oauth2.ts'

const endpoints = {
  token: 'https://oauth2.googleapis.com/token',
  tokenInfo: 'https://oauth2.googleapis.com/tokeninfo',
  userInfo: 'https://www.googleapis.com/oauth2/v3/userinfo',
  discovery: 'https://accounts.google.com/.well-known/openid-configuration',
}

const byToken = byOAuth2({
  token: ({ at }) => at(endpoints.token),
  user: (call, accessToken) => askMembers(call, { url: call.at(endpoints.userInfo), headers: bearer(accessToken) }),
  async isOwn(call, accessToken) {
    const url = new URL(call.at(endpoints.tokenInfo))
    url.searchParams.set('access_token', accessToken)
    return (await askMembers(call, { url: url.href })).aud === call.settings.clientId
  },
  read: standardClaims,
})

/** https://developers.google.com/identity: codes, access tokens, and the ID tokens of its buttons. */
export const google =
  (idTokens: IdTokens): Kind =>
  async (call) => {
    const { idToken } = call.credentials
    const identity = idToken === undefined ? await byToken(call) : await byIdToken(call, idTokens, idToken)
    const { hd } = call.settings
    if (hd !== null && identity.userInfo.hd !== hd) fail(`the user does not belong to ${hd}`)
    return identity
  }

async function byIdToken(call: Call, idTokens: IdTokens, idToken: string): Promise<ProviderIdentity> {
  const claims = await idTokens.verify(call, call.at(endpoints.discovery), idToken)
  const { id, ...person } = standardClaims(claims)
  return { ...person, subject: subjectOf(id), tokens: {}, userInfo: claims }
}
