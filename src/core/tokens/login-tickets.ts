import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import { encodeBase64url } from '../../std/base64url.ts'
import { organizationNamed } from '../account-stores.ts'
import { type LoginAttempt, requireUnchanged } from '../authentication/login.ts'
import type { Context, Work } from '../context.ts'
import type { LinkUsed } from '../emails/link-tokens.ts'
import {
  type Granted,
  type GrantRequest,
  requirePolicy,
  type TokenServices,
  toGranted,
  withSignature,
} from './grant.ts'
import { issueSession, type SessionTimes } from './issue.ts'

const KIND = 'login-ticket'
const LIFETIME = 30_000

/** What a ticket is bound to: it is good for nothing else. */
interface Ticket {
  application: string
  account: string
  apiKey: string
  passwordModifiedAt: number | null
  organization: string | null
}

export type LoginWithTicket = { account: Entity<'account'>; ticket: string }
/** Without a ticket where the account cannot log in by now, or through no application. */
export type LinkWithTicket = { account: Entity<'account'>; ticket: string | undefined }

/**
 * A log-in that ends in a ticket for the token endpoint (grant `urn:latchkey:grant:login-ticket`): good once, for 30
 * seconds, for this application, account and API key.
 *
 * @throws Problem of a log-in
 */
export async function logInForTicket(
  { logIn }: TokenServices,
  context: Context,
  key: Entity<'apiKey'>,
  attempt: LoginAttempt,
): Promise<LoginWithTicket> {
  const ticket = newTicket()
  const result = await logIn(context, attempt, async (work, account) => {
    const organization = (await organizationNamed(work.tx, context.tenant, attempt.accountStore)) ?? null
    await issueTicket(work, ticket, { application: attempt.application, apiKey: key.id, account, organization })
  })
  if ('refused' in result) throw result.refused
  return { account: result.account, ticket }
}

/**
 * A mailed link that ends in a ticket as well: whoever follows it reads the owner's mail, and can have any password of the
 * account by that. The ticket is for the application through which the mail was asked for.
 *
 * @param useLink uses the link up, and calls back in its transaction
 * @throws Problem of `useLink`
 */
export async function useLinkForTicket(
  key: Entity<'apiKey'>,
  useLink: (used: LinkUsed) => Promise<Entity<'account'>>,
): Promise<LinkWithTicket> {
  const ticket = newTicket()
  let isIssued = false
  const account = await useLink(async (work, account, application) => {
    const admission = application === null ? undefined : await work.tx.admission(key.tenant, application, account.id)
    isIssued = application !== null && admission?.application === 'ENABLED' && admission.admitted
    isIssued &&= account.status === 'ENABLED'
    if (!isIssued || application === null) return
    await issueTicket(work, ticket, { application, apiKey: key.id, account, organization: null })
  })
  return { account, ticket: isIssued ? ticket : undefined }
}

const newTicket = (): string => encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))

async function issueTicket(
  { tx, now }: Work,
  ticket: string,
  { account, ...binding }: Pick<Ticket, 'application' | 'apiKey' | 'organization'> & { account: Entity<'account'> },
): Promise<void> {
  const payload: Ticket = { ...binding, account: account.id, passwordModifiedAt: account.passwordModifiedAt }
  await tx.issue(account.tenant, KIND, ticket, JSON.stringify(payload), now + LIFETIME)
}

export interface LoginTicketGrant extends GrantRequest, SessionTimes {
  ticket: string
}

/**
 * Tokens for a log-in ticket. Whoever shows it uses it up, also where it is good for somebody else only.
 * @throws Problem loginTicketInvalid
 */
export async function grantByLoginTicket(
  token: TokenServices,
  context: Context,
  { ticket, lifetime, idle, ...request }: LoginTicketGrant,
): Promise<Granted> {
  const { services, open } = token
  const policy = await requirePolicy(services, context, request.application)
  return withSignature(token, policy, request.key, async (signature) => {
    const issued = await services.store.write(async (tx) => {
      const work = open(tx, context)
      const used = await useTicket(work, request, ticket)
      if (!used) return undefined
      const { account, organization } = used
      return issueSession(work, { policy, account, signature, organization }, { lifetime, idle })
    })
    return issued ? toGranted(token, request, issued) : refuse('loginTicketInvalid', {})
  })
}

async function useTicket(work: Work, { application, key }: GrantRequest, secret: string): Promise<Ticket | undefined> {
  const { tx, context, now } = work
  const payload = await tx.consume(context.tenant, KIND, secret, now)
  if (payload === undefined) return undefined
  const ticket = JSON.parse(payload) as Ticket
  if (ticket.application !== application || ticket.apiKey !== key?.id) return undefined
  const account = await tx.get('account', context.tenant, ticket.account)
  if (!account || account.passwordModifiedAt !== ticket.passwordModifiedAt) return undefined
  await requireUnchanged(work, account)
  return ticket
}
