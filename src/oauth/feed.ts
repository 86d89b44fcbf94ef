import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { type OAuthCall, replyJson } from './call.ts'

/**
 * GET `/applications/:id/oauth/feed?since=<position>`: what ended or changed since a position, for those who verify tokens
 * themselves (defaults.md, Bounds: polled every few seconds). Changes are those of the whole tenant; whoever reads them
 * passes over what it does not know. Answers `{ position, more, reset, changes: [{ position, type, href }] }`:
 *
 * - `session.deleted`: all tokens with this `sid` ended. `accessToken.deleted`: this `jti` did.
 * - `account.updated`, `account.deleted`, `customData.updated` of an account: read it again.
 * - `group.*`, `groupMembership.*`, `directory.*`, `organization.*`, mappings: who is in what, or may log in, changed.
 * - `application.*`, `oAuthPolicy.updated`, `apiKey.*`, `signingKey.*`: settings and keys did; read the JWK set again.
 */
export async function feed(call: OAuthCall): Promise<LightResponse> {
  const since = call.form.get('since')
  if (since !== undefined && !/^\d{1,15}$/.test(since)) {
    refuse('queryValueInvalid', { parameter: 'since', reason: 'must be a position that the feed told' })
  }
  const { changes, ...rest } = await call.engine.tokens.feed(
    call.context,
    since === undefined ? undefined : Number(since),
  )
  const { hrefs } = call.engine.services
  return replyJson(call, {
    ...rest,
    changes: changes.map(({ position, type, resource }) => ({
      position,
      type,
      href: hrefs.toHref(resource.resource, resource.id),
    })),
  })
}
