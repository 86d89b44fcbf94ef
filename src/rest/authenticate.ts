import type { Caller } from '../core/context.ts'
import type { Clock } from '../std/clock.ts'
import type { LightRequest } from '../std/exchange.ts'
import { createBasic } from './basic.ts'
import { type Keys, unauthenticated } from './credentials.ts'
import { createSauthc1 } from './sauthc1.ts'

const maxHeader = 8192

export interface AuthenticatorOptions {
  engine: Keys
  clock: Clock
  /** How far the date of a signed request may lie from now, either way. 5 when absent, at most 15. */
  windowMinutes?: number
}

/**
 * Tells from the Authorization header who makes a request (contract/rest.md §2): HTTP Basic or SAuthc1, by an enabled API
 * key of an account that administers its tenant. Nothing of the body is read before that is known, but for SAuthc1, which
 * signs it: there the key is known first, and all bodies that are read without proof share one budget.
 *
 * The function it makes throws Problem `unauthenticated` for everyone else; its reason is for the log alone. It throws
 * Problem `overloaded` when that budget is spent, and `BodyTooLarge` for what is longer than `bodyLimit` bytes.
 */
export function createAuthenticator({ engine, clock, windowMinutes = 5 }: AuthenticatorOptions) {
  if (!(windowMinutes > 0 && windowMinutes <= 15)) {
    throw new RangeError(
      `The clock window of signed requests is more than 0 and at most 15 minutes, not ${windowMinutes}.`,
    )
  }
  const basic = createBasic(engine)
  const sauthc1 = createSauthc1({ engine, clock, window: windowMinutes * 60_000 })

  return async (request: LightRequest, bodyLimit: number): Promise<Caller> => {
    const header = request.header('authorization') ?? unauthenticated('no Authorization header')
    if (header.length > maxHeader) unauthenticated('an Authorization header too long to be one')
    const blank = header.search(/\s/)
    const scheme = header.slice(0, Math.max(blank, 0)).toLowerCase()
    const key = await verify(scheme, header.slice(blank + 1).trim(), request, bodyLimit)
    return { tenant: key.tenant, key, actor: { kind: 'apiKey', id: key.id } }
  }

  function verify(scheme: string, credentials: string, request: LightRequest, bodyLimit: number) {
    if (scheme === 'basic') return basic(credentials)
    if (scheme === 'sauthc1') return sauthc1(credentials, request, bodyLimit)
    return unauthenticated('another scheme than Basic and SAuthc1')
  }
}
