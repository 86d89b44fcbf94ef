import { hmacKey, type SigningKey, type VerifyingKey } from '../../crypto/jws/algorithms.ts'
import { signJws } from '../../crypto/jws/compact.ts'
import type { Entity } from '../../resources/registry.ts'
import { isIdLike } from '../../std/id.ts'
import { openApiKeySecret } from '../api-keys.ts'
import type { Services } from '../context.ts'
import type { SigningKeys } from './signing-keys.ts'
import { type AccessToken, claimsOf, type RefreshToken, type TokenKind } from './token.ts'

/** Which key signs a token: one of the two is null. */
export interface Signature {
  signingKey: string | null
  apiKey: string | null
}

/** Which keys sign and verify tokens, whatever kind they are. */
export interface TokenKeys {
  /** What the policy says signs new tokens that a request by `key` gets. */
  choose(policy: Entity<'oAuthPolicy'>, key: Entity<'apiKey'> | undefined): Promise<Signature>
  /** The token itself, made from what is kept of it. */
  toJwt(kind: TokenKind, token: AccessToken | RefreshToken, key?: Entity<'apiKey'>): Promise<string>
  /**
   * What verifies a token whose header names `kid`: the key of an application of the tenant, or an API key that
   * administers it. A token without one is held against the key that asks (contract/rest.md 14.1, trap T31).
   */
  verifier(tenant: string, kid: unknown, asking: Entity<'apiKey'> | undefined): Promise<FoundKey | undefined>
}

export interface FoundKey extends Signature {
  verifier: VerifyingKey
}

export function createTokenKeys(services: Services, signingKeys: SigningKeys): TokenKeys {
  const { store, hrefs } = services

  async function signerOf(token: AccessToken | RefreshToken, known?: Entity<'apiKey'>): Promise<SigningKey> {
    const { tenant, signingKey, apiKey } = token
    if (signingKey !== null) {
      const keys = await signingKeys.of(tenant, token.application)
      const found = keys.find(({ id }) => id === signingKey) ?? (await store.get('signingKey', tenant, signingKey))
      if (found) return signingKeys.signer(found)
    } else if (apiKey !== null) {
      const found = known?.id === apiKey ? known : await store.get('apiKey', tenant, apiKey)
      if (found) return hmacKey(found.id, openApiKeySecret(services, found))
    }
    throw new Error(`the key of the token ${token.id} is gone`)
  }

  return {
    async choose({ tokenSignature, tenant, application }, key) {
      if (tokenSignature === 'API_KEY' && key) return { signingKey: null, apiKey: key.id }
      return { signingKey: (await signingKeys.current(tenant, application)).id, apiKey: null }
    },

    async toJwt(kind, token, key) {
      return signJws(await signerOf(token, key), { stt: kind }, claimsOf(hrefs, token))
    },

    async verifier(tenant, kid, asking) {
      if (kid === undefined) return asking && ofApiKey(services, asking)
      if (typeof kid !== 'string' || !isIdLike(kid)) return undefined
      const own = await store.get('signingKey', tenant, kid)
      if (own) return { signingKey: own.id, apiKey: null, verifier: signingKeys.verifier(own) }
      if (asking && kid === asking.id) return ofApiKey(services, asking)
      const standing = await store.apiKeyStanding(kid)
      return standing?.administrator && standing.key.tenant === tenant ? ofApiKey(services, standing.key) : undefined
    },
  }
}

function ofApiKey(services: Services, key: Entity<'apiKey'>): FoundKey {
  return { signingKey: null, apiKey: key.id, verifier: hmacKey(key.id, openApiKeySecret(services, key)) }
}
