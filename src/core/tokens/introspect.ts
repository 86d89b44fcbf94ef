import { Problem } from '../../schema/problems.ts'
import type { Context } from '../context.ts'
import type { GrantRequest, TokenServices } from './grant.ts'
import { claimsOf } from './token.ts'
import { verifyToken } from './verify.ts'

/** Refusals that say no more than that a token does not hold. */
const INACTIVE = new Set([
  'tokenInvalid',
  'tokenExpired',
  'tokenIssuedInFuture',
  'tokenMissing',
  'tokenOfOtherApplication',
  'tokenAccountDisabled',
  'tokenApplicationDisabled',
  'tokenAccountOutside',
])

/** What a token is good for here (RFC 7662 §2.2): its claims, or nothing but that it is not active. */
export async function introspectToken(
  token: TokenServices,
  context: Context,
  request: GrantRequest,
  jwt: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { kind, token: found } = await verifyToken(token, context, request, jwt)
    return {
      active: true,
      token_type: kind === 'access' ? 'Bearer' : 'N_A',
      token_use: kind,
      client_id: request.application,
      ...claimsOf(token.services.hrefs, found),
    }
  } catch (error) {
    if (Problem.is(error) && INACTIVE.has(error.code)) return { active: false }
    throw error
  }
}
