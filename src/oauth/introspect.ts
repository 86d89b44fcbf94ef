import type { LightResponse } from '../std/exchange.ts'
import { type OAuthCall, replyJson } from './call.ts'

/** POST `/applications/:id/oauth/introspect`: whether a token holds, and what it says (RFC 7662). */
export async function introspect(call: OAuthCall): Promise<LightResponse> {
  const { engine, context, request, form } = call
  return replyJson(call, await engine.tokens.introspect(context, request, form.require('token')))
}
