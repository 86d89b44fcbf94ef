import type { Members } from '../../crypto/jws/compact.ts'
import type { Entity } from '../../resources/registry.ts'
import type { Hrefs } from '../href.ts'

export type AccessToken = Entity<'accessToken'>
export type RefreshToken = Entity<'refreshToken'>
/** `stt` in the header of a token. */
export type TokenKind = 'access' | 'refresh'
export type TokenOf<K extends TokenKind> = K extends 'access' ? AccessToken : RefreshToken

export const resourceOf = { access: 'accessToken', refresh: 'refreshToken' } as const

export const seconds = (ms: number): number => Math.floor(ms / 1000)

/**
 * The claims of a token. They depend on nothing but what is kept of it, so that it can be made again to the letter
 * (contract/rest.md 14.1, 26). `sid` is the session.
 */
export function claimsOf(hrefs: Hrefs, token: AccessToken | RefreshToken): Members {
  return {
    jti: token.id,
    iat: seconds(token.createdAt),
    iss: hrefs.toHref('application', token.application),
    sub: hrefs.toHref('account', token.account),
    exp: seconds(token.expiresAt),
    ...('refreshToken' in token && token.refreshToken !== null && { rti: token.refreshToken }),
    ...(token.session !== null && { sid: token.session }),
    ...(token.organization !== null && { org: hrefs.toHref('organization', token.organization) }),
  }
}
