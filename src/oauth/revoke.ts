import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { noStore, type OAuthCall } from './call.ts'

const HINTS = { access_token: 'access', refresh_token: 'refresh' } as const

/** POST `/applications/:id/oauth/revoke` (RFC 7009, contract/rest.md 14.5). */
export async function revoke({ engine, context, request, form }: OAuthCall): Promise<LightResponse> {
  const hint = form.get('token_type_hint')
  const known = hint !== undefined && Object.hasOwn(HINTS, hint) ? HINTS[hint as keyof typeof HINTS] : undefined
  if (hint !== undefined && !known) {
    refuse('unsupportedValue', { property: 'token_type_hint', supported: Object.keys(HINTS) })
  }
  await engine.tokens.revoke(context, { ...request, token: form.require('token'), ...(known && { hint: known }) })
  return { status: 200, headers: noStore(context.requestId), body: undefined }
}
