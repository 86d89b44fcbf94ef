import { organizationNamed } from '../account-stores.ts'
import { requireUnchanged } from '../authentication/login.ts'
import type { Context } from '../context.ts'
import type { ProviderCredentials } from '../ports.ts'
import type { ProviderLogin } from '../providers/log-in.ts'
import {
  type Granted,
  type GrantRequest,
  requirePolicy,
  type TokenServices,
  toGranted,
  withSignature,
} from './grant.ts'
import { issueSession } from './issue.ts'

export interface ProviderGrant extends GrantRequest, Pick<ProviderLogin, 'providerId' | 'accountStore'> {
  credentials: ProviderCredentials
}

/**
 * Tokens for what an identity provider gave (`stormpath_social`, contract/rest.md 14.2).
 * @throws Problem of a log-in by a provider
 */
export async function grantByProvider(
  token: TokenServices,
  context: Context,
  { providerId, credentials, accountStore, ...request }: ProviderGrant,
): Promise<Granted> {
  const { services, open, logInWithProvider } = token
  const policy = await requirePolicy(services, context, request.application)
  const login = { application: request.application, providerId, credentials, ...(accountStore && { accountStore }) }
  const { account } = await logInWithProvider(context, login)
  return withSignature(token, policy, request.key, async (signature) => {
    const issued = await services.store.write(async (tx) => {
      const work = open(tx, context)
      await requireUnchanged(work, account)
      const organization = (await organizationNamed(work.tx, context.tenant, accountStore)) ?? null
      return issueSession(work, { policy, account: account.id, signature, organization })
    })
    return toGranted(token, request, issued)
  })
}
