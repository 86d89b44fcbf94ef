import { randomUUID } from 'node:crypto'
import { sameSecret, sha256 } from '../../crypto/compare.ts'
import { refuse } from '../../schema/problems.ts'
import { isIdLike } from '../../std/id.ts'
import type { Context } from '../context.ts'
import {
  type Granted,
  type GrantRequest,
  requirePolicy,
  type TokenServices,
  toGranted,
  withSignature,
} from './grant.ts'
import { issueAccessToken, tell } from './issue.ts'
import { judgeAccount } from './verify.ts'

export interface ClientCredentialsGrant extends GrantRequest {
  /** The pair of an API key of an account. */
  id: string
  secret: string
}

/** What is compared where there is no such key, so that the time of an answer does not tell ids from no ids. */
const nobody = sha256(randomUUID())

/**
 * RFC 6749 §4.4: an access token, alone, for the account of an API key.
 * @throws Problem apiKeyPairInvalid | tokenAccountDisabled | tokenAccountOutside
 */
export async function grantByClientCredentials(
  token: TokenServices,
  context: Context,
  { id, secret, ...request }: ClientCredentialsGrant,
): Promise<Granted> {
  const { services, open } = token
  const policy = await requirePolicy(services, context, request.application)
  const key = isIdLike(id) ? await services.store.get('apiKey', context.tenant, id) : undefined
  const proved = sameSecret(sha256(secret), key?.secretDigest ?? nobody)
  if (!key || !proved || key.status !== 'ENABLED') return refuse('apiKeyPairInvalid', {})
  await judgeAccount(services, context, request.application, key.account)
  return withSignature(token, policy, request.key, async (signature) => {
    const access = await services.store.write(async (tx) => {
      const work = open(tx, context)
      const issuing = { policy, account: key.account, signature, organization: null }
      const access = await issueAccessToken(work, issuing, null, null)
      await tell(work, 'accessToken.created', 'accessToken', access.id)
      return access
    })
    return toGranted(token, request, { access, refresh: undefined })
  })
}
