import { refuse } from '../../schema/problems.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { type Call, flagOf, reply } from '../call.ts'
import { ticketMember } from './login-ticket.ts'

/**
 * POST `/accounts/emailVerificationTokens/:token`: verifies the address, and links to the account (contract/rest.md 13.3).
 * With `?loginTicket=true` it brings a ticket for the token endpoint, where the account can log in by now.
 */
export async function emailVerificationToken(call: Call): Promise<LightResponse> {
  const token = call.path[0] ?? refuse('notFound', {})
  const { account, ticket } = flagOf(call, 'loginTicket')
    ? await call.engine.tokens.verifyForTicket(call.context, call.caller.key, token)
    : { account: await call.engine.finishVerification(call.context, token), ticket: undefined }
  const href = call.hrefs.toHref('account', account.id)
  return reply(call, 200, `{"href":"${href}"${ticketMember(ticket)}}`, href)
}
