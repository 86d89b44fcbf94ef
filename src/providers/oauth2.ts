import type { ProviderIdentity } from '../core/ports.ts'
import { valueAt } from '../std/value-at.ts'
import type { Members } from './exchange.ts'
import { fail } from './fault.ts'
import { askMembers, type Call, type Kind, type Person, present, standardClaims, subjectOf, text } from './kind.ts'
import { exchangeCode } from './tokens.ts'

/** What tells one OAuth 2 provider from another. */
export interface OAuth2 {
  /** Where codes are exchanged. */
  token(call: Call): string
  /** Reads the user of a token. */
  user(call: Call, accessToken: string): Promise<Members>
  /**
   * Whether a token that somebody brought was given to this client: one that its user gave to another application is no
   * log-in here. Absent where the provider does not tell.
   */
  isOwn?(call: Call, accessToken: string): Promise<boolean>
  read(user: Members, call: Call, accessToken: string): Person | Promise<Person>
}

/** A kind of provider that speaks OAuth 2: a code or an access token in, a user out. */
export function byOAuth2(provider: OAuth2): Kind {
  return async (call) => {
    const { accessToken, refreshToken } = await tokensOf(call, provider)
    const userInfo = await provider.user(call, accessToken)
    const { id, ...person } = await provider.read(userInfo, call, accessToken)
    return { ...person, subject: subjectOf(id), tokens: { accessToken, refreshToken }, userInfo }
  }
}

async function tokensOf(
  call: Call,
  { token, isOwn }: OAuth2,
): Promise<{ accessToken: string; refreshToken?: ProviderIdentity['tokens']['refreshToken'] }> {
  const { accessToken } = call.credentials
  if (accessToken === undefined) return exchangeCode(call, token(call))
  if (isOwn && !(await isOwn(call, accessToken))) fail('the access token was given to another client')
  return { accessToken }
}

export const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` })

/** A provider of a tenant's own (contract/rest.md 6.3): endpoints, and where the id stands. */
export const generic = byOAuth2({
  token: ({ settings }) => settings.tokenEndpoint ?? fail('it has no token endpoint'),
  user(call, accessToken) {
    const { resourceEndpoint, accessTokenType } = call.settings
    const url = URL.parse(resourceEndpoint ?? '') ?? fail('it has no resource endpoint')
    if (accessTokenType === 'bearer') return askMembers(call, { url: url.href, headers: bearer(accessToken) })
    url.searchParams.set(accessTokenType, accessToken)
    return askMembers(call, { url: url.href })
  },
  read(user, { settings }) {
    const { attributes, ...person } = standardClaims(user)
    const others = present({ givenName: text(user.first_name), surname: text(user.last_name) })
    return { ...person, id: valueAt(user, settings.idField), attributes: { ...others, ...attributes } }
  },
})
