import type { Entity } from '../../resources/registry.ts'
import { organizationNamed, type StoreRef } from '../account-stores.ts'
import { requireUnchanged } from '../authentication/login.ts'
import type { Context, Work } from '../context.ts'
import { type Granted, type GrantRequest, type TokenServices, toGranted, withSignature } from './grant.ts'
import { type Issued, type Issuing, issueSession } from './issue.ts'

/** Whose session, and the account store that the log-in named. */
export interface Beginning extends Pick<Issuing, 'policy'> {
  /** As it was when it was proved to be there. */
  account: Entity<'account'>
  accountStore?: StoreRef | { nameKey: string } | undefined
}

/**
 * A session of an account that has not changed since it was proved.
 * @throws Problem passwordIncorrect | accountDisabled
 */
export async function beginSession(
  work: Work,
  { policy, account, accountStore }: Beginning,
  signature: Issuing['signature'],
): Promise<Issued> {
  await requireUnchanged(work, account)
  const organization = (await organizationNamed(work.tx, work.context.tenant, accountStore)) ?? null
  return issueSession(work, { policy, account: account.id, signature, organization })
}

/** The same in a transaction of its own, where nothing else belongs to the log-in. */
export function grantBeginning(
  token: TokenServices,
  context: Context,
  request: GrantRequest,
  beginning: Beginning,
): Promise<Granted> {
  const { services, open } = token
  return withSignature(token, beginning.policy, request.key, async (signature) => {
    const issued = await services.store.write((tx) => beginSession(open(tx, context), beginning, signature))
    return toGranted(token, request, issued)
  })
}
