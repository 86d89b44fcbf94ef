import { refuse } from '../../schema/problems.ts'
import { requireUnchanged } from '../authentication/login.ts'
import type { Context } from '../context.ts'
import {
  type Granted,
  type GrantRequest,
  requirePolicy,
  type TokenServices,
  toGranted,
  withSignature,
} from './grant.ts'
import { issueSession } from './issue.ts'

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
  const { services, open } = token
  const policy = await requirePolicy(services, context, request.application)
  const seen = (await services.store.get('account', context.tenant, id)) ?? refuse('notFound', {})
  return withSignature(token, policy, request.key, async (signature) => {
    const issued = await services.store.write(async (tx) => {
      const work = open(tx, context)
      await requireUnchanged(work, seen)
      return issueSession(work, { policy, account: id, signature, organization: null })
    })
    return toGranted(token, request, issued)
  })
}
