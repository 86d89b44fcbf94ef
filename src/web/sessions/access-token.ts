import { isSignedBy, parseJws } from '../../crypto/jws/compact.ts'
import type { Clock } from '../../std/clock.ts'
import type { Keys } from './keys.ts'

/** What a valid access token says. */
export interface AccessToken {
  readonly jwt: string
  readonly id: string
  /** Address of the account. */
  readonly account: string
  /** The session it belongs to; undefined for tokens of API keys. */
  readonly session: string | undefined
  /** Id of the refresh token it came with. */
  readonly refreshToken: string | undefined
  /** Address of the organization that was logged in to. */
  readonly organization: string | undefined
  readonly scopes: readonly string[]
  /** Milliseconds. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly claims: Readonly<Record<string, unknown>>
}

/** Clocks of two machines may differ by that much. */
const skew = 60_000

/**
 * The access token behind a text: signed by a key of the application under the key's own algorithm, issued by the
 * application, of the type `access`, and not over. `undefined` for everything else. (contract/web.md §14; attacks.md B)
 *
 * @returns at once when the key is known
 */
export function verifyAccessToken(
  jwt: string,
  { keys, issuer, clock }: { keys: Keys; issuer: string; clock: Clock },
): AccessToken | undefined | Promise<AccessToken | undefined> {
  const parsed = parseJws(jwt)
  if (!parsed) return undefined
  const { header, claims } = parsed
  if (header.stt !== 'access' || typeof header.kid !== 'string' || claims.iss !== issuer) return undefined
  const token = toAccessToken(jwt, claims)
  if (!token || token.expiresAt <= clock.now() || token.issuedAt > clock.now() + skew) return undefined
  const key = keys.find(header.kid)
  if (key instanceof Promise) return key.then((key) => (key && isSignedBy(parsed, key) ? token : undefined))
  return key && isSignedBy(parsed, key) ? token : undefined
}

/** When a token of the service ends, in milliseconds, unverified: for the cookie that carries it. */
export function expiryOf(jwt: string): number | undefined {
  const exp = parseJws(jwt)?.claims.exp
  return typeof exp === 'number' ? exp * 1000 : undefined
}

function toAccessToken(jwt: string, claims: Readonly<Record<string, unknown>>): AccessToken | undefined {
  const { jti, sub, exp, iat, sid, rti, org, scope } = claims
  if (typeof jti !== 'string' || typeof sub !== 'string') return undefined
  if (typeof exp !== 'number' || !Number.isFinite(exp) || typeof iat !== 'number' || !Number.isFinite(iat))
    return undefined
  const optional = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    jwt,
    id: jti,
    account: sub,
    session: optional(sid),
    refreshToken: optional(rti),
    organization: optional(org),
    scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    claims,
  }
}
