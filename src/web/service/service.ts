import type { Client } from '../../client/client.ts'
import type { Source } from '../../client/transport.ts'
import type { Application } from './application.ts'
import type { Links } from './links.ts'

/** A pair of tokens as the service issued it. */
export interface Tokens {
  readonly accessToken: string
  /** Undefined where refreshing is switched off. */
  readonly refreshToken: string | undefined
}

/** An account as the service represents it, with what was expanded. Links are objects with an `href`. */
export interface Account {
  readonly href: string
  readonly email: string
  readonly status: string
  readonly [member: string]: unknown
}

/** Where to look for an account: the nameKey of an organization; and where the user is: limits count by it. */
export interface Place {
  readonly organization?: string | undefined
  readonly source?: Source | undefined
}

/** What a session is to last, in milliseconds; the policy of the application bounds it. */
export interface SessionTimes {
  readonly lifetime?: number | undefined
  readonly idle?: number | undefined
}

export interface LogIn extends Place {
  readonly login: string
  readonly password: string
  readonly session?: SessionTimes | undefined
}

/** What a mailed link did; the ticket, where one was asked for and the account may log in, becomes a session. */
export interface Followed {
  readonly account: Account
  readonly ticket: string | undefined
}

/** How a mailed link is followed. */
export interface Following {
  readonly source?: Source | undefined
  /** Bring a ticket. */
  readonly logIn: boolean
}

/** Somebody who is known already: no other account is meant that has the same login in another store. */
export interface LogInAs extends Place {
  /** Address of the account. */
  readonly account: string
  readonly password: string
  readonly session?: SessionTimes | undefined
}

/** A new account. */
export interface Registration extends Place {
  /** Somebody who has an account already is told by mail, and the caller gets the answer of a new one. */
  readonly notify?: boolean | undefined
  readonly account: Readonly<Record<string, unknown>>
}

export interface Session {
  readonly id: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | undefined
  readonly userAgent: string | undefined
}

/** A public key, or the secret of an API key, that signs tokens. */
export type TokenKey =
  | { readonly id: string; readonly type: 'EdDSA'; readonly publicKey: string }
  | { readonly id: string; readonly type: 'HS256'; readonly secret: string }

/** What the application and its default directory say about the flows. */
export interface Facts {
  /** Address of the application: issuer of its tokens. */
  readonly application: string
  readonly applicationName: string
  readonly passwordReset: boolean
  readonly emailVerification: boolean
  /** Shortest and longest password, to tell people. */
  readonly passwordLength: { readonly min: number; readonly max: number } | undefined
  /** Whether accounts can be created and found at all. */
  readonly hasStores: boolean
}

/** What happened since a position of the service's feed. */
export interface News {
  readonly position: number
  /** Ids of accounts that changed, were disabled or deleted. */
  readonly accounts: readonly string[]
  /** Ids of access tokens, refresh tokens and sessions that ended. */
  readonly ended: readonly string[]
  /** What is known of any user is doubtful: somebody joined a group, or a group has other custom data. */
  readonly everybody: boolean
  /** So is who may be let in, and by which keys: settings changed, or the feed does not reach back. */
  readonly everything: boolean
}

/**
 * What the web integration wants of the service, in this process or over the network. Refusals are `ApiError` of the
 * client, a service that is away is a `NetworkError`.
 */
export interface Service {
  /** The whole API, for code of the developer's own. */
  readonly client: Client
  /** The application that this program is. */
  application(): Promise<Application>
  facts(): Promise<Facts>
  logIn(logIn: LogIn | LogInAs): Promise<{ account: Account; tokens: Tokens }>
  /** Verifies the password of this account, and nothing more. Refused as a log-in is. */
  checkPassword(known: LogInAs): Promise<void>
  /** Undefined where the address has an account and `notify` was asked for. */
  register(registration: Registration): Promise<Account | undefined>
  refresh(refreshToken: string): Promise<Tokens>
  revoke(token: string): Promise<void>
  apiKeyGrant(id: string, secret: string): Promise<{ accessToken: string; expiresIn: number }>
  /** The account with what the application expands. */
  account(href: string, expand: readonly string[]): Promise<Account>
  updateAccount(href: string, changes: Readonly<Record<string, unknown>>): Promise<void>
  requestPasswordReset(email: string, place: Place): Promise<void>
  /** Whether the token of a link is good; it stays good. */
  checkPasswordReset(token: string): Promise<{ login: string | undefined }>
  resetPassword(token: string, password: string, following: Following): Promise<Followed>
  requestVerification(login: string, place: Place): Promise<void>
  verify(token: string, following: Following): Promise<Followed>
  /** The session of a ticket; undefined where it is worth nothing. */
  redeem(
    ticket: string,
    wanted: { source?: Source | undefined; session?: SessionTimes | undefined },
  ): Promise<Tokens | undefined>
  sessions(account: string): Promise<Session[]>
  endSession(id: string): Promise<void>
  /** Whether the service, asked now, takes the token. */
  holds(accessToken: string): Promise<boolean>
  /** Keys that sign the application's tokens. */
  keys(): Promise<TokenKey[]>
  /** Lets links in mails lead to these addresses. */
  pointLinks(links: Links): Promise<void>
  /** Everything since a position; without one, only where the feed stands. */
  news(position: number | undefined): Promise<News>
}
