import { sha256 } from '../../crypto/compare.ts'
import { bytesToText, decodeBase64 } from '../../std/base64url.ts'
import type { Clock } from '../../std/clock.ts'
import { type Auth, anonymous, type Resolution } from '../auth.ts'
import type { Cookies } from '../cookies.ts'
import { isAway, isRefusal } from '../failures.ts'
import type { WebRequest } from '../request.ts'
import type { Service, Tokens } from '../service/service.ts'
import { type AccessToken, expiryOf, verifyAccessToken } from './access-token.ts'
import type { Feed } from './feed.ts'
import type { Keys } from './keys.ts'
import type { Refresher } from './refresher.ts'
import type { Revocations } from './revocations.ts'
import type { Users } from './users.ts'
import type { VerifiedTokens } from './verified.ts'

export interface Sessions {
  /** Who makes a request; at once when everything about them is known. Never throws for what a request brings. */
  resolve(request: WebRequest, options?: { only?: 'header'; remote?: boolean }): Resolution | Promise<Resolution>
  /** Who a fresh access token belongs to. */
  recognise(accessToken: string): Promise<Auth | undefined>
  /** `Set-Cookie` values that carry these tokens; those of who is not remembered end with the browser. */
  carry(request: WebRequest, tokens: Tokens, remembered: boolean): string[]
  /** Whether the session of a request outlives its browser. */
  isRemembered(request: WebRequest): boolean
  /** `Set-Cookie` values that end what the browser has. */
  drop(request: WebRequest): string[]
  /** Takes tokens back, here at once, in the service as soon as it can be asked. */
  revoke(tokens: readonly string[]): Promise<void>
  /** Asks the service again about everybody it let in before. */
  forget(): void
}

export interface SessionParts {
  service: Service
  cookies: Cookies
  keys: Keys
  feed: Feed
  users: Users
  verified: VerifiedTokens
  revocations: Revocations
  refresher: Refresher
  clock: Clock
  /** Address of the application. */
  issuer(): string | Promise<string>
  /** Every token is shown to the service. */
  remote: boolean
}

type Scheme = Auth['scheme']
type Maybe<T> = T | Promise<T>

/**
 * Tells who makes a request. An Authorization header decides alone, otherwise the access cookie, otherwise the refresh
 * cookie. (contract/web.md §13, §14)
 */
export function createSessions(parts: SessionParts): Sessions {
  const { service, cookies, keys, feed, users, verified, revocations, refresher, clock } = parts
  /** Access tokens of API keys, by a digest of id and secret. */
  let keyTokens = new Map<string, { accessToken: string; until: number }>()

  function resolve(request: WebRequest, options: { only?: 'header'; remote?: boolean } = {}): Maybe<Resolution> {
    const { only, remote = parts.remote } = options
    const waiting = feed.need()
    if (waiting) return waiting.then(() => resolveNow(request, only, remote))
    return resolveNow(request, only, remote)
  }

  function resolveNow(request: WebRequest, only: 'header' | undefined, remote: boolean): Maybe<Resolution> {
    const header = request.header('authorization')
    if (header !== undefined) return byHeader(header, remote)
    if (only === 'header') return anonymous
    const jwt = cookies.access.read(request)
    if (!jwt) return byRefreshCookie(request, remote)
    const auth = byAccessToken(jwt, 'cookie', remote)
    return after(auth, (auth) => (auth ? { auth, cookies: [] } : byRefreshCookie(request, remote)))
  }

  function byAccessToken(jwt: string, scheme: Scheme, remote: boolean): Maybe<Auth | undefined> {
    return after(verify(jwt), (token) => {
      if (!token || revocations.includes(token)) return undefined
      if (!remote) return toAuth(token, scheme)
      return service.holds(jwt).then((holds) => (holds ? toAuth(token, scheme) : undefined), rethrowUnlessRefused)
    })
  }

  function verify(jwt: string): Maybe<AccessToken | undefined> {
    const known = verified.get(jwt)
    if (known) return known.expiresAt > clock.now() ? known : undefined
    return after(parts.issuer(), (issuer) =>
      after(verifyAccessToken(jwt, { keys, issuer, clock }), (token) => token && firstSeen(token)),
    )
  }

  /** What ended before we began to listen was not heard: of an older token the service is asked, once. */
  function firstSeen(token: AccessToken): Maybe<AccessToken | undefined> {
    const { since } = feed
    if (since !== undefined && token.issuedAt > since) {
      verified.put(token)
      return token
    }
    return service.holds(token.jwt).then(
      (holds) => {
        if (!holds) return undefined
        // an answer from before the last doubtful news is not kept
        if (since !== undefined && since === feed.since) verified.put(token)
        return token
      },
      (error: unknown) => {
        if (isAway(error)) return token
        if (isRefusal(error)) return undefined
        throw error
      },
    )
  }

  function toAuth(token: AccessToken, scheme: Scheme): Maybe<Auth | undefined> {
    return after(users.find(token.account), (user) => {
      if (!user) return undefined
      const { scopes, session, organization, issuedAt, expiresAt, jwt, claims } = token
      return { user, scheme, scopes, session, organization, issuedAt, expiresAt, accessToken: jwt, claims }
    })
  }

  function byHeader(header: string, remote: boolean): Maybe<Resolution> {
    const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(header.trim()) ?? []
    const asked =
      scheme.toLowerCase() === 'bearer'
        ? byAccessToken(value, 'bearer', remote)
        : scheme.toLowerCase() === 'basic'
          ? byApiKey(value, remote)
          : undefined
    return settle(after(asked, (auth) => (auth ? { auth, cookies: [] } : anonymous)))
  }

  async function byApiKey(value: string, remote: boolean): Promise<Auth | undefined> {
    const bytes = decodeBase64(value)
    const text = bytes && bytesToText(bytes)
    const colon = text?.indexOf(':') ?? -1
    if (!text || colon < 1) return undefined
    const digest = sha256(text)
    const kept = keyTokens
    const known = remote ? undefined : kept.get(digest)
    if (known && known.until > clock.now()) {
      const auth = await byAccessToken(known.accessToken, 'basic', false)
      if (auth) return auth
    }
    try {
      const { accessToken, expiresIn } = await service.apiKeyGrant(text.slice(0, colon), text.slice(colon + 1))
      kept.delete(digest)
      kept.set(digest, { accessToken, until: clock.now() + expiresIn * 900 })
      for (const oldest of kept.keys()) if (kept.size > 10_000) kept.delete(oldest)
      return await byAccessToken(accessToken, 'basic', false)
    } catch (error) {
      return rethrowUnlessRefused(error)
    }
  }

  /** @returns anonymous with the cookies removed when they are worth nothing; unavailable when nobody could tell */
  async function byRefreshCookie(request: WebRequest, remote: boolean): Promise<Resolution> {
    const refreshToken = cookies.refresh.read(request)
    if (!refreshToken) return cookies.access.read(request) ? { auth: undefined, cookies: drop(request) } : anonymous
    return settle(
      (async () => {
        try {
          const tokens = await refresher.refresh(refreshToken)
          const auth = await byAccessToken(tokens.accessToken, 'cookie', remote)
          return auth
            ? { auth, cookies: carryRenewed(request, refreshToken, tokens) }
            : { auth, cookies: drop(request) }
        } catch (error) {
          if (isRefusal(error)) return { auth: undefined, cookies: drop(request) }
          throw error
        }
      })(),
    )
  }

  function carry(request: WebRequest, { accessToken, refreshToken }: Tokens, remembered: boolean): string[] {
    const endOf = (token: string) => (remembered ? expiryOf(token) : undefined)
    const access = cookies.access.write(request, accessToken, endOf(accessToken))
    const refresh =
      refreshToken === undefined
        ? cookies.refresh.clear(request)
        : cookies.refresh.write(request, refreshToken, endOf(refreshToken))
    if (!remembered) return [access, refresh, cookies.brief.write(request, '1', undefined)]
    return isRemembered(request) ? [access, refresh] : [access, refresh, cookies.brief.clear(request)]
  }

  const isRemembered = (request: WebRequest) => cookies.brief.read(request) === undefined

  /** A refresh token that stayed the same is not sent again. (contract/web.md §13) */
  function carryRenewed(request: WebRequest, before: string, tokens: Tokens): string[] {
    const [access = '', refresh = ''] = carry(request, tokens, isRemembered(request))
    return tokens.refreshToken === before ? [access] : [access, refresh]
  }

  function drop(request: WebRequest): string[] {
    const tokens = [cookies.access.clear(request), cookies.refresh.clear(request)]
    return isRemembered(request) ? tokens : [...tokens, cookies.brief.clear(request)]
  }

  return {
    resolve: (request, options) => settle(resolve(request, options)),
    recognise: async (accessToken) => byAccessToken(accessToken, 'cookie', false),
    carry,
    isRemembered,
    drop,
    forget() {
      verified.clear()
      keys.forget()
      keyTokens = new Map()
    },
    async revoke(tokens) {
      for (const jwt of tokens) {
        refresher.forget(jwt)
        const token = verified.get(jwt)
        if (token) revocations.add([token.id])
      }
      for (const jwt of tokens) await service.revoke(jwt)
    },
  }
}

/** Goes on at once with what is there at once. */
function after<T, R>(value: Maybe<T>, next: (value: T) => Maybe<R>): Maybe<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** A service that is away leaves it open who it is. */
function settle(resolution: Maybe<Resolution>): Maybe<Resolution> {
  if (!(resolution instanceof Promise)) return resolution
  return resolution.catch((error: unknown) => {
    if (isAway(error)) return { auth: undefined, cookies: [], unavailable: true }
    throw error
  })
}

function rethrowUnlessRefused(error: unknown): undefined {
  if (isRefusal(error)) return undefined
  throw error
}
