import { isSignedBy, type ParsedJws, parseJws } from '../crypto/jws/compact.ts'
import { jwkVerifier } from '../crypto/jws/jwk.ts'
import { createDiscovery, type Discovered } from './discovery.ts'
import type { Members } from './exchange.ts'
import { fail } from './fault.ts'
import type { Call } from './kind.ts'

/** Verifies ID tokens by what their issuers publish. */
export interface IdTokens {
  /** What a discovery document says. */
  discover(call: Call, discoveryUrl: string): Promise<Discovered>
  /** The claims of a token that its issuer made for this client, and for this log-in. @throws ProviderFault */
  verify(call: Call, discoveryUrl: string, idToken: string): Promise<Members>
}

/** Those of providers that list many groups are long. */
const LONGEST = 32 * 1024
/** How far clocks may lie apart. */
const SKEW_SECONDS = 60

export function createIdTokens(): IdTokens {
  const discovery = createDiscovery()
  return {
    discover: (call, url) => discovery.of(call, url),
    async verify(call, url, idToken) {
      const parsed = parseJws(idToken, LONGEST) ?? fail('the ID token is no JWT')
      const { issuer } = await discovery.of(call, url)
      // Before anything is fetched that the token could ask for.
      checkClaims(parsed.claims, issuer, call)
      if (!(await isSigned(parsed, (fresh) => discovery.keys(call, url, fresh)))) {
        fail('the signature of the ID token is not that of a key its issuer publishes')
      }
      return parsed.claims
    },
  }
}

/** A key that is not known may be new: the set is read again, as often as its keeper allows. */
async function isSigned(parsed: ParsedJws, keys: (fresh: boolean) => Promise<readonly Members[]>): Promise<boolean> {
  const { alg, kid } = parsed.header
  for (const fresh of [false, true]) {
    const fitting = (await keys(fresh)).filter((key) => kid === undefined || key.kid === kid)
    for (const jwk of fitting) {
      const key = typeof alg === 'string' ? jwkVerifier(jwk, alg) : undefined
      if (key && isSignedBy(parsed, key)) return true
    }
    // A key of that name is there, and it did not sign this.
    if (kid !== undefined && fitting.length > 0) return false
  }
  return false
}

/** OpenID Connect Core §3.1.3.7. */
function checkClaims(claims: Members, issuer: string, { settings, credentials, now }: Call): void {
  const { iss, aud, azp, exp, iat, nbf, nonce } = claims
  const seconds = now() / 1000
  if (iss !== issuer) fail('the ID token is of another issuer')
  const audience = Array.isArray(aud) ? aud : [aud]
  if (!audience.includes(settings.clientId)) fail('the ID token is for another client')
  const party = audience.length > 1 ? azp : (azp ?? settings.clientId)
  if (party !== settings.clientId) fail('another client asked for the ID token')
  if (typeof exp !== 'number' || typeof iat !== 'number') fail('the ID token has no times')
  if (exp <= seconds) fail('the ID token has expired')
  if (iat > seconds + SKEW_SECONDS) fail('the ID token was issued in the future')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= seconds + SKEW_SECONDS))
    fail('the ID token is not good yet')
  if (nonce !== credentials.nonce) fail('the nonce of the ID token is not the one given')
}
