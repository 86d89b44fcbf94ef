import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { LoginAttempt, LoginResult } from '../authentication/login.ts'
import type { Context, Services, Work } from '../context.ts'
import type { ProviderLogin } from '../providers/log-in.ts'
import type { MirroredAccount } from '../providers/mirror-account.ts'
import type { Issued } from './issue.ts'
import type { SigningKeys } from './signing-keys.ts'
import { seconds } from './token.ts'
import type { Signature, TokenKeys } from './token-keys.ts'

/** Joins the transaction of a log-in that succeeds. */
export type Succeeded = (work: Work, account: Entity<'account'>) => Promise<void>

/** What every part of this folder stands on. */
export interface TokenServices {
  services: Services
  open(tx: Work['tx'], context: Context): Work
  logIn(context: Context, attempt: LoginAttempt, succeeded: Succeeded): Promise<LoginResult>
  logInWithProvider(context: Context, login: ProviderLogin): Promise<MirroredAccount>
  keys: TokenKeys
  signingKeys: SigningKeys
}

/**
 * Where tokens are asked for, and by which API key: in some applications its secret signs them. Undefined where nobody
 * asks by a key; then the key of the application signs.
 */
export interface GrantRequest {
  application: string
  key: Entity<'apiKey'> | undefined
}

/** What a grant gives. */
export interface Granted {
  accessToken: string
  accessTokenId: string
  /** Seconds. */
  expiresIn: number
  refreshToken: string | undefined
  account: string
  session: string | null
}

/** The policy of an application that may give tokens. @throws Problem notFound | tokenApplicationDisabled */
export async function requirePolicy({ store }: Services, context: Context, id: string): Promise<Entity<'oAuthPolicy'>> {
  const application = await store.get('application', context.tenant, id)
  const policy = application && (await store.get('oAuthPolicy', context.tenant, id))
  if (!policy) return refuse('notFound', {})
  if (application.status !== 'ENABLED') refuse('tokenApplicationDisabled', {})
  return policy
}

/** The answer of a grant: the tokens made from what was kept of them. */
export async function toGranted(
  { keys }: TokenServices,
  { key }: GrantRequest,
  { access, refresh }: Issued,
): Promise<Granted> {
  return {
    accessToken: await keys.toJwt('access', access, key),
    accessTokenId: access.id,
    expiresIn: seconds(access.expiresAt) - seconds(access.createdAt),
    refreshToken: refresh && (await keys.toJwt('refresh', refresh, key)),
    account: access.account,
    session: access.session,
  }
}

/**
 * Runs a unit that makes tokens under the signature the policy asks for. A signing key that was withdrawn since it was
 * looked up is looked up again, once.
 */
export async function withSignature<T>(
  { services, keys, signingKeys }: TokenServices,
  policy: Entity<'oAuthPolicy'>,
  key: GrantRequest['key'],
  unit: (signature: Signature) => Promise<T>,
): Promise<T> {
  const signature = await keys.choose(policy, key)
  try {
    return await unit(signature)
  } catch (error) {
    const { signingKey } = signature
    if (signingKey === null || (await services.store.get('signingKey', policy.tenant, signingKey))) throw error
    signingKeys.forget(policy.application)
    return unit(await keys.choose(policy, key))
  }
}
