import { sha256 } from '../../crypto/compare.ts'
import { hmacKey } from '../../crypto/jws/algorithms.ts'
import { isSignedBy, type Members, type ParsedJws, parseJws } from '../../crypto/jws/compact.ts'
import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import { isIdLike } from '../../std/id.ts'
import type { StoreRef } from '../account-stores.ts'
import { openApiKeySecret } from '../api-keys.ts'
import type { Context } from '../context.ts'
import { grantBeginning } from './begin-session.ts'
import { type Granted, type GrantRequest, requirePolicy, type TokenServices } from './grant.ts'
import { judgeAccount } from './verify.ts'

export interface AssertionGrant extends GrantRequest {
  assertion: string
  /** The organization of the log-in. */
  accountStore?: StoreRef | { nameKey: string }
}

const SKEW_SECONDS = 60
/** Those that name no end are good for so long; none is good for longer. */
const LIFETIME_SECONDS = 300

/**
 * Tokens for an assertion that an application made and signed itself with the secret of an API key that administers the
 * tenant (contract/rest.md 14.2, trap T31): `{ sub, iss: application href, aud: API key id, iat, status }`, `jti` and
 * `exp` as they like. Good once.
 *
 * @throws Problem tokenInvalid | tokenExpired | tokenIssuedInFuture | tokenOfOtherApplication | assertionUnauthenticated |
 *   tokenAccountDisabled | tokenAccountOutside
 */
export async function grantByAssertion(
  token: TokenServices,
  context: Context,
  { assertion, accountStore, ...request }: AssertionGrant,
): Promise<Granted> {
  const { services } = token
  const policy = await requirePolicy(services, context, request.application)
  const { key, claims } = await readAssertion(token, context, assertion)
  const { issuedAt, endsAt } = checkClaims(token, request, claims)
  const ref = typeof claims.sub === 'string' ? services.hrefs.parseHref(claims.sub) : undefined
  if (ref?.resource !== 'account') return refuse('tokenInvalid', { reason: 'it has no subject' })
  await judgeAccount(services, context, request.application, ref.id)
  const seen = (await services.store.get('account', context.tenant, ref.id)) ?? refuse('tokenMissing', {})
  const nonce = `assertion ${sha256(assertion)}`
  if (!(await services.store.claimNonce(key.id, nonce, issuedAt * 1000, endsAt * 1000))) {
    refuse('tokenInvalid', { reason: 'it was used before' })
  }
  return grantBeginning(token, context, request, { policy, account: seen, accountStore })
}

/** Whoever holds the secret of an administrator's key may say who logged in; the tokens we gave out are no assertions. */
async function readAssertion(
  { services }: TokenServices,
  { tenant }: Context,
  text: string,
): Promise<{ key: Entity<'apiKey'>; claims: Members }> {
  const parsed = parseJws(text) ?? refuse('tokenInvalid', {})
  const { stt } = parsed.header
  if (stt !== undefined && stt !== 'assertion') refuse('tokenInvalid', { reason: 'it is no assertion' })
  const standing = await services.store.apiKeyStanding(keyIdOf(parsed))
  const key = standing?.administrator && standing.key.tenant === tenant ? standing.key : undefined
  if (!key || !isSignedBy(parsed, hmacKey(key.id, openApiKeySecret(services, key)))) {
    return refuse('tokenInvalid', { reason: 'verifying the signature of a JWT failed' })
  }
  return { key, claims: parsed.claims }
}

/** Old SDKs name the key as audience and not in the header. */
function keyIdOf({ header, claims }: ParsedJws): string {
  const { kid = claims.aud } = header
  const id = kid === claims.aud && typeof kid === 'string' && isIdLike(kid) ? kid : undefined
  return id ?? refuse('tokenInvalid', { reason: 'it does not name the API key that signs it as its audience' })
}

function checkClaims(
  { services }: TokenServices,
  { application }: GrantRequest,
  { iat, exp, iss, status }: Members,
): { issuedAt: number; endsAt: number } {
  const now = services.clock.now() / 1000
  if (typeof iat !== 'number') return refuse('tokenInvalid', { reason: 'it has no times' })
  if (iat > now + SKEW_SECONDS) refuse('tokenIssuedInFuture', {})
  const endsAt = Math.min(typeof exp === 'number' ? exp : Number.POSITIVE_INFINITY, iat + LIFETIME_SECONDS)
  if (endsAt <= now) refuse('tokenExpired', {})
  if (iss !== services.hrefs.toHref('application', application)) refuse('tokenOfOtherApplication', {})
  if (status !== 'AUTHENTICATED' && status !== 'REGISTERED') refuse('assertionUnauthenticated', {})
  return { issuedAt: Math.floor(iat), endsAt: Math.ceil(endsAt) }
}
