import { createHmac, createSecretKey, hash, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Entity } from '../resources/registry.ts'
import type { Clock } from '../std/clock.ts'
import type { LightRequest } from '../std/exchange.ts'
import { canonicalRequests } from './canonical-request.ts'
import { type Keys, requireAdministrator, unauthenticated } from './credentials.ts'
import { createDayKeys, toDayKey } from './day-keys.ts'
import { parseSauthc1, parseTimestamp, type Sauthc1Header } from './sauthc1-header.ts'
import { createUnprovedBodies } from './unproved-bodies.ts'

/**
 * Verifies requests signed with SAuthc1, the scheme of most of the old SDKs (contract/rest.md §2.3, §2.4, §26).
 *
 * @param options.window milliseconds that the date of a request may lie from now, either way; a nonce is good for one
 *   request in that time
 */
export function createSauthc1({ engine, clock, window }: { engine: Keys; clock: Clock; window: number }) {
  const dayKeyOf = createDayKeys((key) => engine.secretOf(key))
  const nobody = randomUUID()
  const unproved = createUnprovedBodies()

  return async (credentials: string, request: LightRequest, bodyLimit: number): Promise<Entity<'apiKey'>> => {
    const header = parseSauthc1(credentials) ?? unauthenticated('malformed SAuthc1 header')
    const timestamp = request.header('x-stormpath-date')?.trim() ?? ''
    const signedAt = parseTimestamp(timestamp) ?? unauthenticated('malformed X-Stormpath-Date')
    if (!timestamp.startsWith(header.date)) unauthenticated('the date of the id is not that of X-Stormpath-Date')
    // On the edge too: that is where the nonce is forgotten.
    if (Math.abs(clock.now() - signedAt) >= window) unauthenticated('X-Stormpath-Date is too far from now')

    const standing = await engine.apiKeyStanding(header.keyId)
    // An unknown key is given one of nobody's and the same work, but nothing of what it sends is taken in.
    const dayKey = standing ? dayKeyOf(standing.key, header.date) : toDayKey(nobody, header.date)
    const fits = (body: Uint8Array) => isSigned(request, body, header, timestamp, dayKey)
    if (!standing) {
      fits(NOTHING)
      return unauthenticated('unknown API key')
    }
    const signed = await unproved.read(request, bodyLimit, fits)
    if (!signed) unauthenticated('the signature does not fit the request')
    const key = requireAdministrator(standing)
    const isFirst = await engine.claimNonce(key.id, header.nonce, signedAt, signedAt + window)
    if (!isFirst) unauthenticated('the nonce has been used before')
    return key
  }
}

const NOTHING = new Uint8Array(0)

function isSigned(
  request: LightRequest,
  body: Uint8Array,
  { id, nonce, signedHeaders, signature }: Sauthc1Header,
  timestamp: string,
  dayKey: KeyObject,
): boolean {
  const key = createSecretKey(hmac(createSecretKey(hmac(dayKey, nonce)), 'sauthc1_request'))
  for (const canonical of canonicalRequests(request, body, signedHeaders)) {
    const expected = hmac(key, `HMAC-SHA-256\n${timestamp}\n${id}\n${hash('sha256', canonical, 'hex')}`)
    if (timingSafeEqual(expected, signature)) return true
  }
  return false
}

// Node takes four times as long with the bytes of a key as with an object made of them first.
function hmac(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
