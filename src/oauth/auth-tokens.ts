import { resourceOf } from '../core/tokens/token.ts'
import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { noStore, type OAuthCall } from './call.ts'

/**
 * GET `/applications/:id/authTokens/:jwt`: leads to the resource of a token that holds, a refresh token's too
 * (contract/rest.md 14.4, trap T13). A query goes along.
 */
export async function authTokens({ engine, context, request, segment, query }: OAuthCall): Promise<LightResponse> {
  const jwt = segment ?? refuse('notFound', {})
  const { kind, id } = await engine.tokens.verify(context, request, jwt)
  const href = engine.services.hrefs.toHref(resourceOf[kind], id)
  const headers = { Location: query === '' ? href : `${href}?${query}`, ...noStore(context.requestId) }
  return { status: 302, headers, body: undefined }
}
