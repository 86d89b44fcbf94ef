import type { Entity, ResourceName } from '../../resources/registry.ts'
import { parseDuration } from '../../std/duration.ts'
import type { Work } from '../context.ts'
import { record } from '../events/record.ts'
import { type AccessToken, type RefreshToken, seconds } from './token.ts'
import type { Signature } from './token-keys.ts'

/** For whom tokens are made, and how. */
export interface Issuing {
  policy: Entity<'oAuthPolicy'>
  account: string
  signature: Signature
  /** Id of the organization that the log-in named. */
  organization: string | null
}

/** What one grant makes. */
export interface Issued {
  access: AccessToken
  refresh: RefreshToken | undefined
}

/** The one-time thing by which a refresh token is renewed, and what is remembered of one that was. */
export const RENEWAL = 'refresh-token'
export const RENEWED = 'refresh-token-renewed'

/** A new session with its first tokens; without a refresh token where the policy gives it no time. */
export async function issueSession(work: Work, issuing: Issuing): Promise<Issued> {
  const { policy, account } = issuing
  const iat = seconds(work.now) * 1000
  const refreshTtl = lifetime(policy.refreshTokenTtl)
  const session: Entity<'session'> = {
    ...newRow(work),
    userAgent: work.context.source?.userAgent?.slice(0, 512).toWellFormed() ?? null,
    lastUsedAt: work.now,
    expiresAt: iat + Math.max(refreshTtl, lifetime(policy.accessTokenTtl)),
    account,
    application: policy.application,
  }
  await work.tx.insert('session', session)
  const refresh = refreshTtl > 0 ? await issueRefreshToken(work, issuing, session.id, iat + refreshTtl) : undefined
  const access = await issueAccessToken(work, issuing, session.id, refresh?.id ?? null)
  await tell(work, 'session.created', 'session', session.id)
  return { access, refresh }
}

export async function issueAccessToken(
  work: Work,
  { policy, account, signature, organization }: Issuing,
  session: string | null,
  refreshToken: string | null,
): Promise<AccessToken> {
  const token: AccessToken = {
    ...newRow(work),
    expiresAt: seconds(work.now) * 1000 + lifetime(policy.accessTokenTtl),
    organization,
    refreshToken,
    account,
    application: policy.application,
    ...signature,
    session,
  }
  await work.tx.insert('accessToken', token)
  return token
}

export async function issueRefreshToken(
  work: Work,
  { policy, account, signature, organization }: Issuing,
  session: string,
  expiresAt: number,
): Promise<RefreshToken> {
  const token: RefreshToken = {
    ...newRow(work),
    expiresAt,
    organization,
    account,
    application: policy.application,
    ...signature,
    session,
  }
  await work.tx.insert('refreshToken', token)
  await work.tx.issue(work.context.tenant, RENEWAL, token.id, session, expiresAt)
  return token
}

/** The thin event of what happened to a session or token: there are no values to tell. */
export function tell(work: Work, type: string, resource: ResourceName, id: string): Promise<void> {
  return record(work, { type, resource: { resource, id }, changed: [], facts: {} })
}

/** Whole seconds, as tokens count. */
export function lifetime(duration: string): number {
  const ms = parseDuration(duration)
  if (ms === undefined) throw new Error(`${duration} is no duration`)
  return seconds(ms) * 1000
}

function newRow({ services, context, now }: Work) {
  return { id: services.ids.next(), tenant: context.tenant, createdAt: now, modifiedAt: now }
}
