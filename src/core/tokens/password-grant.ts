import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { StoreRef } from '../account-stores.ts'
import type { LoginAttempt } from '../authentication/login.ts'
import type { Context, Work } from '../context.ts'
import {
  type Granted,
  type GrantRequest,
  requirePolicy,
  type TokenServices,
  toGranted,
  withSignature,
} from './grant.ts'
import { type Issued, issueSession } from './issue.ts'

export interface PasswordGrant extends GrantRequest {
  login: string
  password: string
  /** Looks only there. */
  accountStore?: StoreRef | { nameKey: string }
}

/**
 * RFC 6749 §4.3, with the log-in algorithm and its refusals (contract/rest.md 13.1, 14.2).
 * @throws Problem passwordGrantDisabled and those of a log-in
 */
export async function grantByPassword(
  token: TokenServices,
  context: Context,
  { login, password, accountStore, ...request }: PasswordGrant,
): Promise<Granted> {
  const { services, logIn } = token
  const policy = await requirePolicy(services, context, request.application)
  if (policy.passwordGrant !== 'ENABLED') refuse('passwordGrantDisabled', {})
  const attempt: LoginAttempt = {
    application: request.application,
    login,
    password,
    ...(accountStore && { accountStore }),
  }
  return withSignature(token, policy, request.key, async (signature) => {
    let issued: Issued | undefined
    const result = await logIn(context, attempt, async (work, account) => {
      await requireUnchanged(work, account)
      const organization = await organizationOf(work, accountStore)
      issued = await issueSession(work, {
        policy,
        account: account.id,
        signature,
        organization,
      })
    })
    if ('refused' in result) throw result.refused
    return toGranted(token, request, issued as Issued)
  })
}

/**
 * Between the look at the password and this moment it may have been changed, or the account disabled, and the sessions
 * that there were ended: none may begin then on what was true before.
 */
export async function requireUnchanged({ tx }: Work, seen: Entity<'account'>): Promise<void> {
  const now = await tx.lock('account', seen.tenant, seen.id)
  if (now?.passwordModifiedAt !== seen.passwordModifiedAt) refuse('passwordIncorrect', {})
  if (now.status !== 'ENABLED') refuse('accountDisabled', {})
}

export async function organizationOf(
  { tx, context }: Work,
  store: PasswordGrant['accountStore'],
): Promise<string | null> {
  if (!store) return null
  if (!('nameKey' in store)) return store.resource === 'organization' ? store.id : null
  return (await tx.find('organization', context.tenant, ['nameKey'], [store.nameKey]))?.id ?? null
}
