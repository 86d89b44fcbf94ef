import { refuse } from '../../schema/problems.ts'
import type { StoreRef } from '../account-stores.ts'
import type { LoginAttempt } from '../authentication/login.ts'
import type { Context } from '../context.ts'
import { beginSession } from './begin-session.ts'
import {
  type Granted,
  type GrantRequest,
  requirePolicy,
  type TokenServices,
  toGranted,
  withSignature,
} from './grant.ts'
import type { Issued } from './issue.ts'

export interface PasswordGrant extends GrantRequest {
  login: string
  password: string
  /** The way it was asked for has a switch of its own, and it is on. */
  switchedOn?: true
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
  { login, password, accountStore, switchedOn, ...request }: PasswordGrant,
): Promise<Granted> {
  const { services, logIn } = token
  const policy = await requirePolicy(services, context, request.application)
  if (!switchedOn && policy.passwordGrant !== 'ENABLED') refuse('passwordGrantDisabled', {})
  const attempt: LoginAttempt = {
    application: request.application,
    login,
    password,
    ...(accountStore && { accountStore }),
  }
  return withSignature(token, policy, request.key, async (signature) => {
    let issued: Issued | undefined
    const result = await logIn(context, attempt, async (work, account) => {
      issued = await beginSession(work, { policy, account, accountStore }, signature)
    })
    if ('refused' in result) throw result.refused
    return toGranted(token, request, issued as Issued)
  })
}
