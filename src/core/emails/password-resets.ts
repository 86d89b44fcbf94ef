import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import { accounts } from '../accounts.ts'
import type { Changes, Context, Services, Work } from '../context.ts'
import { record } from '../events/record.ts'
import { rememberSource } from '../limits/familiar.ts'
import { findRecipient, type RecipientQuery, spendOnMail } from './find-recipient.ts'
import {
  consumeLinkToken,
  issueLinkToken,
  type LinkToken,
  type LinkUsed,
  parseLinkToken,
  peekLinkToken,
} from './link-tokens.ts'
import { queueMail } from './outbox.ts'

type OpenWork = (tx: Work['tx'], context: Context) => Work

const HOUR = 60 * 60 * 1000

export interface PasswordReset {
  token: string
  account: Entity<'account'>
}

/**
 * Makes a token with which the holder of the account's mailbox may choose a new password, once, and mails it
 * (contract/rest.md 4.2, 13.4). An earlier one is void.
 * @throws Problem noMatch | passwordResetNotEnabled | tooManyRequests and those of account stores
 */
export async function requestPasswordReset(
  services: Services,
  openWork: OpenWork,
  context: Context,
  query: RecipientQuery,
): Promise<PasswordReset> {
  await spendOnMail(services, context, 'passwordReset', query)
  const found = await findRecipient(services, context, query, 'email')
  return services.store.write(async (tx) => {
    const work = openWork(tx, context)
    const account = (await tx.lock('account', context.tenant, found.id)) ?? refuse('noMatch', { property: 'email' })
    const policy = await tx.get('passwordPolicy', context.tenant, account.directory)
    if (policy?.resetEmailStatus !== 'ENABLED') return refuse('passwordResetNotEnabled', {})
    const { application } = query
    const expiresAt = work.now + policy.resetTokenTtl * HOUR
    const token = await issueLinkToken(work, 'passwordReset', account, { application, expiresAt })
    await queueMail(work, { kind: 'reset', account, application, token, expiresAt })
    const resource = { resource: 'account', id: account.id } as const
    await record(work, { type: 'passwordReset.requested', resource, entity: account, changed: [], facts: {} })
    return { token, account }
  })
}

/** What a token is good for; undefined when it is worth nothing. Looking does not use it up. */
export async function readPasswordReset(
  services: Services,
  context: Pick<Context, 'tenant'>,
  text: string,
  application?: string,
): Promise<PasswordReset | undefined> {
  const { store, clock } = services
  const token = tokenOf(context, text)
  const account = token && (await store.get('account', context.tenant, token.account))
  if (!account) return undefined
  const issued = await peekLinkToken(store, 'passwordReset', token, account, clock.now(), application)
  return issued && (await isOpen(services, account, issued.application)) ? { token: text, account } : undefined
}

/**
 * Uses a token up and sets the password, both or neither. Whoever could follow the link reads the mail of the address:
 * it counts as verified, and whoever guesses the password elsewhere no longer pauses log-ins from there. A mail confirms
 * the change.
 * @param used joins the transaction
 * @throws Problem resetRequestUnknown for a token that is worth nothing, and those of password rules; then the token
 *   stays as it is
 */
export async function finishPasswordReset(
  services: Services,
  openWork: OpenWork,
  context: Context,
  text: string,
  password: string,
  application?: string,
  used?: LinkUsed,
): Promise<Entity<'account'>> {
  const reset = await readPasswordReset(services, context, text, application)
  const token = tokenOf(context, text)
  if (!reset || !token) return refuse('resetRequestUnknown', {})
  const changes: Changes<'account'> = { values: { password } }
  await accounts.prepareUpdate?.(services, context, reset.account, changes)
  return services.store.write(async (tx) => {
    const work = openWork(tx, context)
    const before = await tx.lock('account', context.tenant, token.account)
    const issued = before && (await consumeLinkToken(work, 'passwordReset', token, before, application))
    if (!issued) return refuse('resetRequestUnknown', {})
    Object.assign(changes.values, { emailVerificationStatus: 'VERIFIED', verificationToken: null })
    if (before.status === 'UNVERIFIED') changes.values.status = 'ENABLED'
    const account = await work.change('account', before, changes)
    const policy = await tx.get('passwordPolicy', context.tenant, account.directory)
    if (policy?.resetSuccessEmailStatus === 'ENABLED') {
      await queueMail(work, { kind: 'resetSuccess', account, application })
    }
    const resource = { resource: 'account', id: account.id } as const
    await record(work, { type: 'passwordReset.completed', resource, entity: account, changed: [], facts: {} })
    await rememberSource(work, account.id)
    await used?.(work, account, issued.application)
    return account
  })
}

function tokenOf({ tenant }: Pick<Context, 'tenant'>, text: string): LinkToken | undefined {
  const token = parseLinkToken(text)
  return token?.tenant === tenant ? token : undefined
}

/** What was disabled since is as good as gone. */
async function isOpen({ store }: Services, account: Entity<'account'>, from: string | null): Promise<boolean> {
  if (account.status === 'DISABLED') return false
  const [directory, application] = await Promise.all([
    store.get('directory', account.tenant, account.directory),
    from === null ? undefined : store.get('application', account.tenant, from),
  ])
  return directory?.status === 'ENABLED' && application?.status === 'ENABLED'
}
