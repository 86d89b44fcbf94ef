import type { Engine } from '../core/engine.ts'
import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { noStore, type OAuthCall, requestIdHeaders } from './call.ts'

/** Seconds for which anybody may keep the keys: far less than a new one is published before it signs. */
const MAX_AGE = 300

/** GET `/applications/:id/oauth/jwks`, for anybody: the public keys of an application (RFC 7517). */
export async function jwks(engine: Engine, application: string, requestId: string): Promise<LightResponse> {
  const keys = (await engine.tokens.jwks(application)) ?? refuse('notFound', {})
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/jwk-set+json',
      ...requestIdHeaders(requestId),
      'Cache-Control': `public, max-age=${MAX_AGE}`,
      'Access-Control-Allow-Origin': '*',
      'X-Content-Type-Options': 'nosniff',
    },
    body: JSON.stringify(keys),
  }
}

/** DELETE of the same: a new key at once, and the end of all tokens that the others signed. */
export async function withdraw({ engine, context, request }: OAuthCall): Promise<LightResponse> {
  await engine.tokens.withdrawSigningKeys(context, request.application)
  return { status: 204, headers: noStore(context.requestId), body: undefined }
}
