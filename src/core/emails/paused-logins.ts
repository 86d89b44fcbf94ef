import type { Entity } from '../../resources/registry.ts'
import { toIso } from '../../std/iso.ts'
import type { Work } from '../context.ts'
import type { Pause } from '../limits/login-guard.ts'
import { issueLinkToken } from './link-tokens.ts'
import { queueMail } from './outbox.ts'

const KIND = 'pausedLoginsMail'
const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

/**
 * Tells the owner of an account, once a day at most, that somebody guesses at its password: when, and how often. Where
 * passwords can be reset it brings the link for that, unless one that was asked for is still good, which would be void then.
 * An address that is yet to be verified may be a stranger's: nobody is told.
 */
export async function tellOwnerOfPause(work: Work, id: string, application: string, pause: Pause): Promise<void> {
  const { tx, context, now } = work
  const { tenant } = context
  // Of several attempts that begin a pause at once, one tells.
  const account = await tx.lock('account', tenant, id)
  if (account?.status !== 'ENABLED' || (await tx.peek(tenant, KIND, id, now)) !== undefined) return
  await tx.issue(tenant, KIND, id, '', now + DAY)
  const extra = { at: `${toIso(now).slice(0, 16).replace('T', ' ')} UTC`, failures: String(pause.failures) }
  const reset = await resetLink(work, account, application)
  const kind = reset ? 'loginPausedWithReset' : 'loginPaused'
  await queueMail(work, { kind, account, application, extra, ...reset })
}

async function resetLink(work: Work, account: Entity<'account'>, application: string) {
  const { tx, now } = work
  const policy = await tx.get('passwordPolicy', account.tenant, account.directory)
  if (policy?.resetEmailStatus !== 'ENABLED') return undefined
  if ((await tx.peek(account.tenant, 'passwordReset', account.id, now)) !== undefined) return undefined
  const expiresAt = now + policy.resetTokenTtl * HOUR
  return { token: await issueLinkToken(work, 'passwordReset', account, { application, expiresAt }), expiresAt }
}
