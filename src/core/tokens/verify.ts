import { isSignedBy, type Members, parseJws } from '../../crypto/jws/compact.ts'
import { refuse } from '../../schema/problems.ts'
import type { Context, Services } from '../context.ts'
import type { Hrefs } from '../href.ts'
import type { GrantRequest, TokenServices } from './grant.ts'
import { type AccessToken, type RefreshToken, resourceOf, type TokenKind } from './token.ts'
import type { FoundKey } from './token-keys.ts'

/** How far the clocks of those who make and verify tokens may lie apart. */
const SKEW_SECONDS = 60

/** A token whose signature, times and issuer are right; that it still exists is another question. */
export interface ReadToken {
  kind: TokenKind | undefined
  /** `jti` */
  id: string
  account: string
  session: string | undefined
  key: FoundKey
  header: Members
  claims: Members
}

/** A token that holds. */
export interface VerifiedToken extends ReadToken {
  kind: TokenKind
  token: AccessToken | RefreshToken
}

/**
 * A token as it says itself (contract/rest.md 14.4, the first four checks).
 * @throws Problem tokenInvalid | tokenExpired | tokenIssuedInFuture | tokenOfOtherApplication
 */
export async function readToken(
  token: TokenServices,
  context: Context,
  request: GrantRequest,
  jwt: string,
): Promise<ReadToken> {
  const { services } = token
  const { key, header, claims } = await readSigned(token, context, request, jwt)
  const now = services.clock.now() / 1000
  const { exp, iat, iss, jti, sub, sid } = claims
  if (typeof exp !== 'number' || typeof iat !== 'number') return refuse('tokenInvalid', { reason: 'it has no times' })
  if (exp <= now) refuse('tokenExpired', {})
  if (iat > now + SKEW_SECONDS) refuse('tokenIssuedInFuture', {})
  if (iss !== services.hrefs.toHref('application', request.application)) refuse('tokenOfOtherApplication', {})
  const account = accountIn(services.hrefs, sub)
  if (typeof jti !== 'string' || !account) return refuse('tokenInvalid', { reason: 'it has no id or no subject' })
  const { stt } = header
  const kind = stt === 'access' || stt === 'refresh' ? stt : undefined
  return { kind, id: jti, account, session: typeof sid === 'string' ? sid : undefined, key, header, claims }
}

/** @throws Problem tokenInvalid for what is no JWS, or is not signed by a key of the tenant */
export async function readSigned(
  { keys }: TokenServices,
  { tenant }: Context,
  request: GrantRequest,
  jwt: string,
): Promise<{ key: FoundKey; header: Members; claims: Members }> {
  const parsed = parseJws(jwt) ?? refuse('tokenInvalid', {})
  const key = await keys.verifier(tenant, parsed.header.kid, request.key)
  if (!key || !isSignedBy(parsed, key.verifier)) {
    return refuse('tokenInvalid', { reason: 'verifying the signature of a JWT failed' })
  }
  return { key, header: parsed.header, claims: parsed.claims }
}

/**
 * Everything of contract/rest.md 14.4: what a token says, that it has not been revoked, and that its account may still
 * use the application.
 *
 * @throws Problem of readToken, tokenMissing | tokenAccountDisabled | tokenApplicationDisabled | tokenAccountOutside
 */
export async function verifyToken(
  token: TokenServices,
  context: Context,
  request: GrantRequest,
  jwt: string,
): Promise<VerifiedToken> {
  const read = await readToken(token, context, request, jwt)
  const { kind, id, key } = read
  if (!kind) return refuse('tokenInvalid', { reason: 'its header does not say what kind it is' })
  const found = await token.services.store.get(resourceOf[kind], context.tenant, id)
  const holds =
    found &&
    found.application === request.application &&
    found.account === read.account &&
    // Tokens of an application's key are signed by that key alone; those of API keys by any of the tenant's.
    found.signingKey === key.signingKey
  if (!holds) return refuse('tokenMissing', {})
  await judgeAccount(token.services, context, request.application, found.account)
  return { ...read, kind, token: found }
}

/** @throws Problem tokenMissing | tokenAccountDisabled | tokenApplicationDisabled | tokenAccountOutside */
export async function judgeAccount(
  { store }: Services,
  { tenant }: Context,
  application: string,
  account: string,
): Promise<void> {
  const admission = (await store.admission(tenant, application, account)) ?? refuse('tokenMissing', {})
  if (admission.application !== 'ENABLED') refuse('tokenApplicationDisabled', {})
  if (admission.account !== 'ENABLED') refuse('tokenAccountDisabled', {})
  if (!admission.admitted) refuse('tokenAccountOutside', {})
}

function accountIn(hrefs: Hrefs, sub: unknown): string | undefined {
  const ref = typeof sub === 'string' ? hrefs.parseHref(sub) : undefined
  return ref?.resource === 'account' ? ref.id : undefined
}
