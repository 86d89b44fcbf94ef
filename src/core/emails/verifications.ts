import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Context, Services, Work } from '../context.ts'
import { record } from '../events/record.ts'
import { rememberSource } from '../limits/familiar.ts'
import { modifiedNow } from '../modified.ts'
import { findRecipient, type RecipientQuery, spendOnMail } from './find-recipient.ts'
import { consumeLinkToken, issueLinkToken, type LinkUsed, parseLinkToken, peekLinkToken } from './link-tokens.ts'
import { queueMail } from './outbox.ts'

type OpenWork = (tx: Work['tx'], context: Context) => Work

/** decisions/0015-verification-links.md */
const LIFETIME = 7 * 24 * 60 * 60 * 1000

const place = ({ tenant, id }: Pick<Entity<'account'>, 'tenant' | 'id'>) => ({
  tenant,
  table: 'account',
  row: id,
  column: 'verificationToken',
})

/** A new token for the account's address, mailed, and kept sealed for its representation. An earlier one is void. */
export async function startVerification(
  work: Work,
  account: Entity<'account'>,
  application: string | undefined,
): Promise<string> {
  const expiresAt = work.now + LIFETIME
  const token = await issueLinkToken(work, 'emailVerification', account, { application, expiresAt })
  await queueMail(work, { kind: 'verification', account, application, token, expiresAt })
  return work.services.seal.seal(token, place(account))
}

/** The token that the representation of an account links to while its address is to be verified. */
export function verificationTokenOf({ seal }: Pick<Services, 'seal'>, account: Entity<'account'>): string | undefined {
  return account.verificationToken === null ? undefined : String(seal.open(account.verificationToken, place(account)))
}

/**
 * Mails a new link (contract/rest.md 4.3). An address that is verified already needs none; that is no error.
 * @throws Problem verificationNotEnabled | noMatch | tooManyRequests and those of account stores
 */
export async function resendVerification(
  services: Services,
  openWork: OpenWork,
  context: Context,
  query: RecipientQuery,
): Promise<void> {
  await spendOnMail(services, context, 'verification', query)
  const found = await findRecipient(services, context, query, 'login')
  await services.store.write(async (tx) => {
    const work = openWork(tx, context)
    const account = (await tx.lock('account', context.tenant, found.id)) ?? refuse('noMatch', { property: 'login' })
    const policy = await tx.get('accountCreationPolicy', context.tenant, account.directory)
    if (policy?.verificationEmailStatus !== 'ENABLED') refuse('verificationNotEnabled', {})
    if (account.emailVerificationStatus === 'VERIFIED') return
    const verificationToken = await startVerification(work, account, query.application)
    const changes = { verificationToken, modifiedAt: modifiedNow(work, account) }
    await tx.update('account', context.tenant, account.id, changes)
    const resource = { resource: 'account', id: account.id } as const
    await record(work, { type: 'emailVerification.requested', resource, entity: account, changed: [], facts: {} })
  })
}

/** The account whose address a token would verify; undefined when it is worth nothing. Looking does not use it up. */
export async function readVerification(
  { store, clock }: Services,
  { tenant }: Pick<Context, 'tenant'>,
  text: string,
): Promise<Entity<'account'> | undefined> {
  const token = parseLinkToken(text)
  if (token?.tenant !== tenant) return undefined
  const account = await store.get('account', tenant, token.account)
  return account && (await peekLinkToken(store, 'emailVerification', token, account, clock.now())) ? account : undefined
}

/**
 * Uses a token up: the address is verified, and an account that waited for that is enabled. A disabled one stays so
 * (contract/rest.md 13.3).
 * @param used joins the transaction
 * @throws Problem notFound for a token that is worth nothing
 */
export async function finishVerification(
  services: Services,
  openWork: OpenWork,
  context: Context,
  text: string,
  used?: LinkUsed,
): Promise<Entity<'account'>> {
  const token = parseLinkToken(text)
  if (token?.tenant !== context.tenant || !(await readVerification(services, context, text))) {
    return refuse('notFound', {})
  }
  return services.store.write(async (tx) => {
    const work = openWork(tx, context)
    const before = await tx.lock('account', context.tenant, token.account)
    const issued = before && (await consumeLinkToken(work, 'emailVerification', token, before))
    if (!issued) return refuse('notFound', {})
    const account = await work.change('account', before, {
      values: {
        emailVerificationStatus: 'VERIFIED',
        verificationToken: null,
        ...(before.status === 'UNVERIFIED' && { status: 'ENABLED' }),
      },
    })
    const policy = await tx.get('accountCreationPolicy', context.tenant, account.directory)
    if (policy?.verificationSuccessEmailStatus === 'ENABLED') {
      await queueMail(work, { kind: 'verificationSuccess', account })
    }
    if (policy?.welcomeEmailStatus === 'ENABLED') await queueMail(work, { kind: 'welcome', account })
    await rememberSource(work, account.id)
    await used?.(work, account, issued.application)
    return account
  })
}
