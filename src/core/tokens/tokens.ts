import { sha256 } from '../../crypto/compare.ts'
import { parseJws } from '../../crypto/jws/compact.ts'
import type { Entity } from '../../resources/registry.ts'
import { createSharedTurns } from '../../std/shared-turns.ts'
import type { LoginAttempt } from '../authentication/login.ts'
import type { Context, Services } from '../context.ts'
import { finishPasswordReset } from '../emails/password-resets.ts'
import { finishVerification } from '../emails/verifications.ts'
import { type AssertionGrant, grantByAssertion } from './assertion-grant.ts'
import { type ClientCredentialsGrant, grantByClientCredentials } from './client-credentials-grant.ts'
import { type Feed, readFeed } from './feed.ts'
import type { Granted, GrantRequest, TokenServices } from './grant.ts'
import { introspectToken } from './introspect.ts'
import {
  grantByLoginTicket,
  type LinkWithTicket,
  type LoginTicketGrant,
  type LoginWithTicket,
  logInForTicket,
  useLinkForTicket,
} from './login-tickets.ts'
import { grantByPassword, type PasswordGrant } from './password-grant.ts'
import { grantByProvider, type ProviderGrant } from './provider-grant.ts'
import { grantByRefreshToken, type RefreshGrant } from './refresh-grant.ts'
import { type Revocation, revokeToken } from './revoke.ts'
import { rotateSigningKeys, withdrawSigningKeys } from './rotate-signing-keys.ts'
import { grantSession, type SessionGrant } from './session-grant.ts'
import { createSigningKeys, toJwks } from './signing-keys.ts'
import type { AccessToken, RefreshToken, TokenKind } from './token.ts'
import { createTokenKeys } from './token-keys.ts'
import { type VerifiedToken, verifyToken } from './verify.ts'

/** Tokens of applications: contract/rest.md 14. All refusals are thrown as Problem. */
export interface Tokens {
  byPassword(context: Context, grant: PasswordGrant): Promise<Granted>
  byRefreshToken(context: Context, grant: RefreshGrant): Promise<Granted>
  byClientCredentials(context: Context, grant: ClientCredentialsGrant): Promise<Granted>
  byLoginTicket(context: Context, grant: LoginTicketGrant): Promise<Granted>
  byProvider(context: Context, grant: ProviderGrant): Promise<Granted>
  byAssertion(context: Context, grant: AssertionGrant): Promise<Granted>
  /** A session for whom the caller in this process vouches; not reachable over REST. */
  forAccount(context: Context, grant: SessionGrant): Promise<Granted>
  /** A log-in that ends in a ticket for `byLoginTicket`. */
  logInForTicket(context: Context, key: Entity<'apiKey'>, attempt: LoginAttempt): Promise<LoginWithTicket>
  /** The link that verifies an address, ending in a ticket as well. @throws Problem notFound */
  verifyForTicket(context: Context, key: Entity<'apiKey'>, link: string): Promise<LinkWithTicket>
  /** The same for the link that sets a password. @throws Problem of Engine.finishPasswordReset */
  resetForTicket(
    context: Context,
    key: Entity<'apiKey'>,
    reset: { link: string; password: string; application: string },
  ): Promise<LinkWithTicket>
  verify(context: Context, request: GrantRequest, jwt: string): Promise<VerifiedToken>
  introspect(context: Context, request: GrantRequest, jwt: string): Promise<Readonly<Record<string, unknown>>>
  revoke(context: Context, revocation: Revocation): Promise<void>
  /** What ended or changed since a position of the log. */
  feed(context: Context, since?: number): Promise<Feed>
  /** The public keys of an application, for anybody; undefined when there is no such application. */
  jwks(application: string): Promise<ReturnType<typeof toJwks> | undefined>
  /** Next keys for applications whose time has come; see rotate-signing-keys.ts. */
  rotateSigningKeys(): Promise<number>
  /** A new key at once, and the end of all tokens that the others signed. @throws Problem notFound */
  withdrawSigningKeys(context: Context, application: string): Promise<void>
  /** A token as its resource shows it, made anew. */
  show(kind: TokenKind, token: AccessToken | RefreshToken): Promise<ShownToken>
}

export interface ShownToken {
  jwt: string
  expandedJwt: { header: object; claims: object; signature: string }
}

export function createTokens(
  services: Services,
  logIns: Pick<TokenServices, 'open' | 'logIn' | 'logInWithProvider'>,
): Tokens {
  const signingKeys = createSigningKeys(services)
  const token: TokenServices = { services, ...logIns, signingKeys, keys: createTokenKeys(services, signingKeys) }
  const { open } = logIns
  // A browser sends many requests at once with one stale cookie: they would wait for each other in the database, each on a
  // connection of its own.
  const renewing = createSharedTurns<Granted>()
  return {
    byPassword: (context, grant) => grantByPassword(token, context, grant),
    byRefreshToken(context, grant) {
      const { application, key, refreshToken } = grant
      const same = [context.tenant, application, key?.id, sha256(refreshToken)].join(' ')
      return renewing(same, () => grantByRefreshToken(token, context, grant))
    },
    byClientCredentials: (context, grant) => grantByClientCredentials(token, context, grant),
    byLoginTicket: (context, grant) => grantByLoginTicket(token, context, grant),
    byProvider: (context, grant) => grantByProvider(token, context, grant),
    byAssertion: (context, grant) => grantByAssertion(token, context, grant),
    forAccount: (context, grant) => grantSession(token, context, grant),
    logInForTicket: (context, key, attempt) => logInForTicket(token, context, key, attempt),
    verifyForTicket: (context, key, link) =>
      useLinkForTicket(key, (used) => finishVerification(services, open, context, link, used)),
    resetForTicket: (context, key, { link, password, application }) =>
      useLinkForTicket(key, (used) => finishPasswordReset(services, open, context, link, password, application, used)),
    verify: (context, request, jwt) => verifyToken(token, context, request, jwt),
    introspect: (context, request, jwt) => introspectToken(token, context, request, jwt),
    revoke: (context, revocation) => revokeToken(token, context, revocation),
    feed: (context, since) => readFeed(services, context, since),
    async jwks(application) {
      const tenant = await services.store.tenantOfApplication(application)
      return tenant === undefined ? undefined : toJwks(await signingKeys.of(tenant, application))
    },
    rotateSigningKeys: () => rotateSigningKeys(token),
    withdrawSigningKeys: (context, application) => withdrawSigningKeys(token, context, application),
    async show(kind, one) {
      const jwt = await token.keys.toJwt(kind, one)
      const { header, claims, signatureText } = parseJws(jwt) as NonNullable<ReturnType<typeof parseJws>>
      return { jwt, expandedJwt: { header, claims, signature: signatureText } }
    },
  }
}
