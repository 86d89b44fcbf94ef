import type { User } from './user.ts'

/** Who makes a request, and how that is known. `req.auth` in Express. */
export interface Auth {
  readonly user: User
  /** How they showed it. */
  readonly scheme: 'cookie' | 'bearer' | 'basic'
  /** What the credentials were granted. */
  readonly scopes: readonly string[]
  /** Id of the session; undefined for API keys. */
  readonly session: string | undefined
  /** Address of the organization that was logged in to. */
  readonly organization: string | undefined
  /** When the access token was issued and when it ends, in milliseconds. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** The access token and its claims. */
  readonly accessToken: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** What is known of a request. */
export interface Resolution {
  /** Undefined: anonymous. */
  readonly auth: Auth | undefined
  /** `Set-Cookie` values to send along: renewed cookies, or the removal of worthless ones. */
  readonly cookies: readonly string[]
  /** The service is away, and nothing that is known here says who it is. */
  readonly unavailable?: true
}

export const anonymous: Resolution = { auth: undefined, cookies: [] }
