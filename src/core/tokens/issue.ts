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

/** What a log-in asks of its session, in milliseconds. (decisions/0039) */
export interface SessionTimes {
  /** It ends after that long, or earlier where the policy says so. */
  lifetime?: number | undefined
  /** It ends when it was not used for that long. */
  idle?: number | undefined
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
export async function issueSession(work: Work, issuing: Issuing, times: SessionTimes = {}): Promise<Issued> {
  const { policy, account } = issuing
  const iat = seconds(work.now) * 1000
  const refreshTtl = Math.min(lifetime(policy.refreshTokenTtl), times.lifetime ?? Number.POSITIVE_INFINITY)
  const bounds: SessionBounds = {
    endsAt: times.lifetime === undefined ? null : iat + times.lifetime,
    idleTtl: times.idle ?? null,
  }
  const accessEnd = accessTokenEnd(work, policy, bounds)
  const session: Entity<'session'> = {
    ...newRow(work),
    userAgent: work.context.source?.userAgent?.slice(0, 512).toWellFormed() ?? null,
    lastUsedAt: work.now,
    expiresAt: sessionEnd(work, bounds, Math.max(iat + refreshTtl, accessEnd)),
    ...bounds,
    account,
    application: policy.application,
  }
  await work.tx.insert('session', session)
  const refresh = refreshTtl > 0 ? await issueRefreshToken(work, issuing, session.id, iat + refreshTtl) : undefined
  const access = await issueAccessToken(work, issuing, session, refresh?.id ?? null)
  await tell(work, 'session.created', 'session', session.id)
  return { access, refresh }
}

export async function issueAccessToken(
  work: Work,
  { policy, account, signature, organization }: Issuing,
  session: (SessionBounds & { id: string }) | null,
  refreshToken: string | null,
): Promise<AccessToken> {
  const token: AccessToken = {
    ...newRow(work),
    expiresAt: accessTokenEnd(work, policy, session ?? unbounded),
    organization,
    refreshToken,
    account,
    application: policy.application,
    ...signature,
    session: session?.id ?? null,
  }
  await work.tx.insert('accessToken', token)
  return token
}

type SessionBounds = Pick<Entity<'session'>, 'endsAt' | 'idleTtl'>
const unbounded: SessionBounds = { endsAt: null, idleTtl: null }

/**
 * Access tokens hold without anybody asking, so none outlives its session; and so that a session in use is renewed in time,
 * each lives a quarter of the idle time at most.
 */
function accessTokenEnd({ now }: Work, policy: Entity<'oAuthPolicy'>, { endsAt, idleTtl }: SessionBounds): number {
  const ttl = Math.min(lifetime(policy.accessTokenTtl), Math.max(1000, seconds((idleTtl ?? Infinity) / 4) * 1000))
  return Math.min(seconds(now) * 1000 + ttl, endsAt ?? Number.POSITIVE_INFINITY)
}

/** When a session that was used now ends, unless it is used again: `latest`, or earlier by its idle time. */
export function sessionEnd({ now }: Work, { idleTtl }: SessionBounds, latest: number): number {
  return idleTtl === null ? latest : Math.min(latest, seconds(now) * 1000 + idleTtl)
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
