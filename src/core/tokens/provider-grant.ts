import type { Context } from '../context.ts'
import type { ProviderCredentials } from '../ports.ts'
import type { ProviderLogin } from '../providers/log-in.ts'
import { grantBeginning } from './begin-session.ts'
import { type Granted, type GrantRequest, requirePolicy, type TokenServices } from './grant.ts'

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
  const policy = await requirePolicy(token.services, context, request.application)
  const login = { application: request.application, providerId, credentials, ...(accountStore && { accountStore }) }
  const { account } = await token.logInWithProvider(context, login)
  return grantBeginning(token, context, request, { policy, account, accountStore })
}
