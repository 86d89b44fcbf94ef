import type { ProviderIdentity } from '../core/ports.ts'
import type { Members } from './exchange.ts'
import { fail } from './fault.ts'
import type { IdTokens } from './id-token.ts'
import { askMembers, type Call, type Kind, standardClaims, subjectOf } from './kind.ts'
import { bearer } from './oauth2.ts'
import { exchangeCode } from './tokens.ts'

/** Any provider of OpenID Connect, by its discovery document: a code, or an ID token that a page got. */
export const oidc =
  (idTokens: IdTokens): Kind =>
  async (call) => {
    const url = call.settings.discoveryUrl ?? fail('it has no discovery document')
    const { idToken } = call.credentials
    if (idToken !== undefined) return toIdentity(await idTokens.verify(call, url, idToken), {}, {})
    const { tokenEndpoint, userInfoEndpoint, isPostOnly } = await idTokens.discover(call, url)
    const endpoint = tokenEndpoint ?? fail('its discovery document names no token endpoint')
    const tokens = await exchangeCode(call, endpoint, isPostOnly ? 'post' : 'basic')
    const claims = await idTokens.verify(call, url, tokens.idToken ?? fail('it gave no ID token for the code'))
    const user = userInfoEndpoint === undefined ? {} : await userOf(call, userInfoEndpoint, tokens.accessToken, claims)
    return toIdentity(claims, user, { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken })
  }

/** The answer must be about the subject of the ID token. (OpenID Connect Core §5.3.2) */
async function userOf(call: Call, url: string, accessToken: string, { sub }: Members): Promise<Members> {
  const user = await askMembers(call, { url, headers: bearer(accessToken) })
  return user.sub === sub ? user : fail('it told another user than the ID token names')
}

/** Subjects are unique to their issuer alone. The verdict about an address comes with the address. */
function toIdentity(claims: Members, user: Members, tokens: ProviderIdentity['tokens']): ProviderIdentity {
  const verdict = 'email' in user ? { email_verified: user.email_verified } : {}
  const userInfo = { ...claims, ...user, ...verdict }
  const { id, ...person } = standardClaims(userInfo)
  return { ...person, subject: `${String(claims.iss)} ${subjectOf(id)}`, tokens, userInfo }
}
