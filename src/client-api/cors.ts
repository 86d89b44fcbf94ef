import type { Entity } from '../resources/registry.ts'
import type { LightRequest } from '../std/exchange.ts'

/**
 * Whether pages of an origin may ask: one of `authorizedOriginUris` to the letter, or our own. A request that names no
 * origin comes from no page. (contract/rest.md 21.2; Fetch standard, CORS protocol)
 *
 * @param own origins under which the API itself is reached
 */
export function isAllowed(
  origin: string | undefined,
  { authorizedOriginUris }: Pick<Entity<'application'>, 'authorizedOriginUris'>,
  own: readonly string[],
): boolean {
  if (origin === undefined) return true
  return [...own, ...authorizedOriginUris.map((uri) => URL.parse(uri)?.origin)].includes(origin) && origin !== 'null'
}

/** What lets a page of an allowed origin read the answer. Never with credentials: there are no cookies here. */
export function corsHeaders(request: LightRequest): Record<string, string> {
  const origin = request.header('origin')
  if (origin === undefined) return { Vary: 'Origin' }
  return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'Retry-After' }
}

/** The answer to a preflight, in seconds kept for a short while: origins may be taken back. */
export const preflightHeaders = {
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Stormpath-Agent',
  'Access-Control-Max-Age': '300',
} as const
