import { refuse } from '../../schema/problems.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { type Call, reply } from '../call.ts'

/** POST `/accounts/emailVerificationTokens/:token`: verifies the address, and links to the account (contract/rest.md 13.3). */
export async function emailVerificationToken(call: Call): Promise<LightResponse> {
  const token = call.path[0] ?? refuse('notFound', {})
  const { id } = await call.engine.finishVerification(call.context, token)
  const href = call.hrefs.toHref('account', id)
  return reply(call, 200, `{"href":"${href}"}`, href)
}
