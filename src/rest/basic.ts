import { randomUUID } from 'node:crypto'
import { sha256 } from '../crypto/compare.ts'
import type { Entity } from '../resources/registry.ts'
import { bytesToText, decodeBase64 } from '../std/base64url.ts'
import { isIdLike } from '../std/id.ts'
import { type Keys, requireAdministrator, unauthenticated } from './credentials.ts'

/** Verifies the credentials of HTTP Basic. (RFC 7617, contract/rest.md §2.2) */
export function createBasic(engine: Pick<Keys, 'apiKeyStanding' | 'isSecretOf'>) {
  // For an unknown id too a secret is compared, so that the time of an answer does not tell ids from no ids.
  const nobody = { secretDigest: sha256(randomUUID()) } as Entity<'apiKey'>

  return async (credentials: string): Promise<Entity<'apiKey'>> => {
    const { id, secret } = parseBasic(credentials) ?? unauthenticated('malformed Basic credentials')
    const standing = await engine.apiKeyStanding(id)
    const proved = engine.isSecretOf(standing?.key ?? nobody, secret)
    if (!standing) return unauthenticated('unknown API key')
    if (!proved) unauthenticated('wrong API key secret')
    return requireAdministrator(standing)
  }
}

/** Id and secret; the secret may hold colons. Undefined when there is no such pair in it. */
export function parseBasic(credentials: string): { id: string; secret: string } | undefined {
  const bytes = decodeBase64(credentials.replaceAll(/\s/g, ''))
  const text = bytes && bytesToText(bytes)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon === -1) return undefined
  const id = text.slice(0, colon)
  return isIdLike(id) ? { id, secret: text.slice(colon + 1) } : undefined
}
