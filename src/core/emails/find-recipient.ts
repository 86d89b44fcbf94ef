import type { Entity } from '../../resources/registry.ts'
import { Problem, refuse } from '../../schema/problems.ts'
import { fold } from '../../std/fold.ts'
import { disabledStore, findCandidate, type LoginAttempt, storesToSearch } from '../authentication/login.ts'
import type { Context, Services } from '../context.ts'

/** Whom a mail is asked for, and where to look. */
export type RecipientQuery = Omit<LoginAttempt, 'password'>

/**
 * The account that a login or e-mail address names among an application's stores. Only what could log in is found: of
 * what is disabled on the way nothing is told.
 * @throws Problem noMatch with `property`, notFound and those of account stores
 */
export async function findRecipient(
  { store }: Services,
  context: Context,
  query: RecipientQuery,
  property: string,
): Promise<Entity<'account'>> {
  const application = (await store.get('application', context.tenant, query.application)) ?? refuse('notFound', {})
  const stores = await storesToSearch(store, context, query)
  if (stores instanceof Problem) throw stores
  const candidate = await findCandidate(store, context.tenant, stores, query.login)
  if (!candidate || application.status === 'DISABLED' || candidate.account.status === 'DISABLED') {
    return refuse('noMatch', { property })
  }
  if (await disabledStore(store, context.tenant, candidate)) refuse('noMatch', { property })
  return candidate.account
}

/**
 * Counts a mail that is asked for, by the name as it was typed, before anybody looks whether there is such an account.
 * @throws Problem tooManyRequests
 */
export function spendOnMail(
  { limits }: Services,
  context: Context,
  limited: 'passwordReset' | 'verification',
  { application, login }: RecipientQuery,
): Promise<void> {
  return limits.spend(context, limited, { application, name: fold(login) })
}
