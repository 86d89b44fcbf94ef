import { toBody } from './body.ts'
import type { LoginAttempt } from './login-attempt.ts'
import { toLoginAttempt } from './login-attempt.ts'
import type { ProviderLogin } from './provider-login.ts'
import type { CallOptions, Transport } from './transport.ts'

/** What the token endpoint gives. */
export interface TokenSet {
  accessToken: string
  /** Absent where the policy of the application gives refresh tokens no time, and for client credentials. */
  refreshToken: string | undefined
  /** Seconds the access token lasts. */
  expiresIn: number
  /** Address of the access token as a resource. */
  accessTokenHref: string
}

/** How long a session is to last, in whole seconds. */
export interface SessionTimes {
  /** It ends after that long, or earlier where the policy of the application says so. */
  lifetime?: number | undefined
  /** It ends when it was not used for that long. */
  idle?: number | undefined
}

/** What a token says, when it holds; nothing but `active: false` otherwise. (RFC 7662) */
export interface Introspection {
  active: boolean
  token_use?: 'access' | 'refresh'
  /** Id of the token. */
  jti?: string
  /** Address of the account. */
  sub?: string
  /** Address of the application. */
  iss?: string
  /** Seconds since 1970. */
  iat?: number
  exp?: number
  /** Id of the refresh token that belongs to an access token. */
  rti?: string
  /** Id of the session. */
  sid?: string
  /** Address of the organization that the log-in named. */
  org?: string
}

/** One thing that ended or changed. */
export interface FeedChange {
  position: number
  /** `session.deleted`, `account.updated`, `groupMembership.created` … */
  type: string
  href: string
}

/** Changes since a position. */
export interface Feed {
  /** To ask for next. */
  position: number
  /** There is more to be had at once. */
  more: boolean
  /** Everything kept is to be forgotten: the log is another one. */
  reset: boolean
  changes: readonly FeedChange[]
}

/** Public keys of an application. (RFC 7517) */
export interface Jwks {
  keys: readonly { kty: string; crv: string; alg: string; use: string; kid: string; x: string }[]
}

function toStore(accountStore: LoginAttempt['accountStore']): Readonly<Record<string, string>> {
  if (!accountStore) return {}
  return 'nameKey' in accountStore ? { nameKey: accountStore.nameKey } : { accountStore: accountStore.href }
}

interface TokenAnswer {
  access_token: string
  refresh_token?: string
  expires_in: number
  stormpath_access_token_href: string
}

/** The tokens of one application: `application.tokens`. Errors are ApiErrors with the codes of contract/rest.md §14. */
export class Tokens {
  readonly #transport: Transport
  readonly #href: string

  constructor(transport: Transport, application: string) {
    this.#transport = transport
    this.#href = application
  }

  /** Tokens for a login and password, where the policy of the application allows it (`passwordGrant`). */
  password({ login, password, accountStore }: LoginAttempt, options?: CallOptions): Promise<TokenSet> {
    return this.#grant('password', { username: login, password, ...toStore(accountStore) }, 'refused', options)
  }

  /** Tokens for what an identity provider gave: its user's account is made if there is none. */
  provider({ accountStore, ...login }: ProviderLogin, options?: CallOptions): Promise<TokenSet> {
    return this.#grant('stormpath_social', { ...login, ...toStore(accountStore) }, 'refused', options)
  }

  /**
   * Checks a login and password like `authenticate`, and brings a ticket that `loginTicket` changes into tokens: once,
   * within 30 seconds, with the same API key.
   */
  async logIn(attempt: LoginAttempt, options?: CallOptions): Promise<{ account: { href: string }; ticket: string }> {
    const { account, loginTicket } = (await this.#transport.send({
      method: 'POST',
      href: `${this.#href}/loginAttempts`,
      query: 'loginTicket=true',
      body: toBody(toLoginAttempt(attempt)),
      repeat: 'refused',
      expects: 'loginTicket',
      ...options,
    })) as { account: { href: string }; loginTicket: string }
    return { account, ticket: loginTicket }
  }

  /** @param options - `session`: what its session is to last, less than the policy says */
  loginTicket(ticket: string, options: CallOptions & { session?: SessionTimes } = {}): Promise<TokenSet> {
    const { session: { lifetime, idle } = {}, ...more } = options
    const form = {
      ticket,
      ...(lifetime !== undefined && { session_lifetime: String(lifetime) }),
      ...(idle !== undefined && { session_idle: String(idle) }),
    }
    return this.#grant('urn:latchkey:grant:login-ticket', form, 'refused', more)
  }

  /**
   * A new access token, and the refresh token to use from now on: with rotation the successor, which the old one gets for
   * 20 seconds more, so that this may be asked again.
   */
  refresh(refreshToken: string, options?: CallOptions): Promise<TokenSet> {
    return this.#grant('refresh_token', { refresh_token: refreshToken }, 'always', options)
  }

  /** An access token for the account of an API key. */
  clientCredentials({ id, secret }: { id: string; secret: string }, options?: CallOptions): Promise<TokenSet> {
    return this.#grant('client_credentials', { client_id: id, client_secret: secret }, 'refused', options)
  }

  /** Ends the session of a token with all its tokens. What is no token is passed over. (RFC 7009) */
  async revoke(token: string, options?: CallOptions): Promise<void> {
    await this.#post('revoke', { token }, undefined, 'always', options)
  }

  /** Whether a token holds at this moment, and what it says. */
  async introspect(token: string, options?: CallOptions): Promise<Introspection> {
    return (await this.#post('introspect', { token }, 'active', 'always', options)) as Introspection
  }

  /** The public keys that verify its tokens. Look again for a key that is not among them, or every few minutes. */
  async jwks(options?: CallOptions): Promise<Jwks> {
    return (await this.#get('jwks', 'keys', '', options)) as Jwks
  }

  /** What ended or changed since a position; without one, the position to begin from. */
  async feed(since?: number, options?: CallOptions): Promise<Feed> {
    return (await this.#get('feed', 'changes', since === undefined ? '' : `since=${since}`, options)) as Feed
  }

  async #grant(
    type: string,
    form: Readonly<Record<string, string>>,
    repeat: 'always' | 'refused',
    options?: CallOptions,
  ): Promise<TokenSet> {
    const json = await this.#post('token', { grant_type: type, ...form }, 'access_token', repeat, options)
    const { access_token, refresh_token, expires_in, stormpath_access_token_href } = json as TokenAnswer
    return {
      accessToken: access_token,
      refreshToken: refresh_token,
      expiresIn: expires_in,
      accessTokenHref: stormpath_access_token_href,
    }
  }

  #post(
    endpoint: string,
    form: Readonly<Record<string, string>>,
    expects: 'access_token' | 'active' | undefined,
    repeat: 'always' | 'refused',
    options?: CallOptions,
  ): Promise<unknown> {
    const href = `${this.#href}/oauth/${endpoint}`
    const body = new URLSearchParams(form)
    return this.#transport.send({ method: 'POST', href, body, repeat, expects, ...options })
  }

  #get(endpoint: string, expects: 'keys' | 'changes', query: string, options?: CallOptions): Promise<unknown> {
    const href = `${this.#href}/oauth/${endpoint}`
    return this.#transport.send({ method: 'GET', href, query, repeat: 'always', expects, ...options })
  }
}
