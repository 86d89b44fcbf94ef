import { refuse } from '../../schema/problems.ts'
import type { Context } from '../context.ts'
import { grantBeginning } from './begin-session.ts'
import { type Granted, type GrantRequest, requirePolicy, type TokenServices } from './grant.ts'

export interface SessionGrant extends GrantRequest {
  account: string
}

/**
 * A session of an account that its caller vouches for: nothing is checked but that the account may log in now. Not
 * reachable over REST.
 *
 * @throws Problem notFound | accountDisabled
 */
export async function grantSession(
  token: TokenServices,
  context: Context,
  { account: id, ...request }: SessionGrant,
): Promise<Granted> {
  const { services } = token
  const policy = await requirePolicy(services, context, request.application)
  const account = (await services.store.get('account', context.tenant, id)) ?? refuse('notFound', {})
  return grantBeginning(token, context, request, { policy, account })
}
