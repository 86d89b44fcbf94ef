import type { Entity } from '../../resources/registry.ts'
import { Problem } from '../../schema/problems.ts'
import { fold } from '../../std/fold.ts'
import type { Context, Draft, Services, Work } from '../context.ts'
import type { Claim } from '../idempotency.ts'
import { queueMail } from './outbox.ts'
import { startVerification } from './verifications.ts'

/**
 * The mails of a new account (contract/rest.md 13.2): the link that verifies its address where the policy of its directory
 * asks for that, else a welcome where that is wanted. Called before the row is written, in its transaction, when the
 * account has its first statuses.
 */
export async function startRegistration(
  work: Work,
  account: Entity<'account'>,
  policy: Entity<'accountCreationPolicy'>,
  { options, via }: Draft<'account'>,
): Promise<void> {
  if (options?.registrationWorkflowEnabled === false) return
  const application = via?.resource === 'application' ? via.id : undefined
  if (policy.verificationEmailStatus === 'ENABLED') {
    account.verificationToken = await startVerification(work, account, application)
  } else if (policy.welcomeEmailStatus === 'ENABLED') {
    await queueMail(work, { kind: 'welcome', account, application })
  }
}

/**
 * Mails the owner of an address with which somebody wanted to register again, where addresses are verified: there a front
 * channel can answer as it answers a new one, and nobody learns who has an account.
 * @returns whether it did; without verification a new account is known by being usable at once
 */
export async function notifyExistingOwner(
  services: Services,
  openWork: (tx: Work['tx'], context: Context) => Work,
  context: Context,
  { values, via }: Draft<'account'>,
  claim?: Claim,
): Promise<boolean> {
  const { directory, email } = values
  if (directory === undefined || email === undefined) return false
  const mayMail = await isNoticeLeft(services, context, via?.id ?? directory, email)
  return services.store.write(async (tx) => {
    const policy = await tx.get('accountCreationPolicy', context.tenant, directory)
    const account = await tx.find('account', context.tenant, ['email'], [directory, email])
    if (policy?.verificationEmailStatus !== 'ENABLED' || !account) return false
    const application = via?.resource === 'application' ? via.id : undefined
    const work = openWork(tx, context)
    await claim?.take(work)
    if (mayMail && account.status !== 'DISABLED') {
      await queueMail(work, { kind: 'existingAccount', account, application })
    }
    await claim?.keep(work, { resource: 'account', entity: undefined })
    return true
  })
}

/** Counts one mail to an address. Used up, it is not told: the answer must stay the same. */
async function isNoticeLeft(
  { limits }: Services,
  context: Context,
  application: string,
  email: string,
): Promise<boolean> {
  try {
    await limits.spend(context, 'registrationNotice', { application, name: fold(email) })
    return true
  } catch (error) {
    if (Problem.is(error, 'tooManyRequests')) return false
    throw error
  }
}

/** Whether a creation was refused because the address has an account. */
export const isKnownAddress = (error: unknown): boolean =>
  Problem.is(error, 'notUnique') && error.detail.resource === 'account' && error.detail.property === 'email'
