import { Problem, refuse } from '../../schema/problems.ts'
import type { Context, Work } from '../context.ts'
import { modifiedNow } from '../modified.ts'
import {
  type Granted,
  type GrantRequest,
  requirePolicy,
  type TokenServices,
  toGranted,
  withSignature,
} from './grant.ts'
import {
  type Issued,
  type Issuing,
  issueAccessToken,
  issueRefreshToken,
  RENEWAL,
  RENEWED,
  sessionEnd,
  tell,
} from './issue.ts'
import type { RefreshToken } from './token.ts'
import { judgeAccount, readToken } from './verify.ts'

export interface RefreshGrant extends GrantRequest {
  refreshToken: string
}

/** For how long a renewed refresh token still gets its successor: answers get lost, and browsers ask twice. */
const SAME_SUCCESSOR_FOR = 20_000

/** What is remembered of a refresh token that was renewed. */
interface Renewed {
  session: string
  successor: string
  at: number
}

/**
 * RFC 6749 §6. Without rotation the refresh token stays as it is. With rotation it is used up and its successor takes
 * its place, with the same end; used again within 20 s it gets that same successor; used again later, or when the
 * successor has been used, it has been stolen from somebody, and the whole session ends (RFC 9700 §4.14.2).
 *
 * @throws Problem of verifyToken
 */
export async function grantByRefreshToken(
  token: TokenServices,
  context: Context,
  { refreshToken, ...request }: RefreshGrant,
): Promise<Granted> {
  const { services, open } = token
  const policy = await requirePolicy(services, context, request.application)
  const read = await readToken(token, context, request, refreshToken)
  if (read.kind !== 'refresh') refuse('tokenInvalid', { reason: 'it is no refresh token' })
  await judgeAccount(services, context, request.application, read.account)

  return withSignature(token, policy, request.key, async (signature) => {
    const issued = await services.store.write(async (tx): Promise<Issued | Problem> => {
      const work = open(tx, context)
      const session = read.session && (await tx.lock('session', context.tenant, read.session))
      if (!session || session.application !== policy.application) return new Problem('tokenMissing', {})
      // It was not used for too long.
      if (session.expiresAt <= work.now) return new Problem('tokenMissing', {})
      const known = await tx.get('refreshToken', context.tenant, read.id)
      if (known && known.signingKey !== read.key.signingKey) return new Problem('tokenMissing', {})
      const issuing = { policy, account: session.account, signature, organization: known?.organization ?? null }
      const rotates = policy.refreshTokenRotation === 'ENABLED'
      const refresh = known && !rotates ? known : await renew(work, issuing, read.id, session.id, known)
      if (refresh instanceof Problem) return refresh
      const renewing = { ...issuing, organization: refresh.organization }
      const access = await issueAccessToken(work, renewing, session, refresh.id)
      await tx.update('session', context.tenant, session.id, {
        lastUsedAt: work.now,
        modifiedAt: modifiedNow(work, session),
        expiresAt: sessionEnd(work, session, Math.max(refresh.expiresAt, access.expiresAt)),
      })
      await tell(work, 'session.renewed', 'session', session.id)
      return { access, refresh }
    })
    if (issued instanceof Problem) throw issued
    return toGranted(token, request, issued)
  })
}

/** The successor of a refresh token. Its session is locked: of many who ask at once each sees what the last one did. */
async function renew(
  work: Work,
  issuing: Issuing,
  id: string,
  session: string,
  known: RefreshToken | undefined,
): Promise<RefreshToken | Problem> {
  const { tx, context, now } = work
  const { tenant } = context
  if (known && (await tx.consume(tenant, RENEWAL, id, now)) !== undefined) {
    const successor = await issueRefreshToken(work, issuing, session, known.expiresAt)
    const memory: Renewed = { session, successor: successor.id, at: now }
    await tx.issue(tenant, RENEWED, id, JSON.stringify(memory), known.expiresAt)
    await tx.remove('refreshToken', tenant, id)
    return successor
  }
  const memory = await tx.peek(tenant, RENEWED, id, now)
  if (memory === undefined) return new Problem('tokenMissing', {})
  const renewed = JSON.parse(memory) as Renewed
  const successor = await tx.get('refreshToken', tenant, renewed.successor)
  if (successor && now - renewed.at < SAME_SUCCESSOR_FOR) return successor
  const stolen = await tx.get('session', tenant, session)
  if (stolen) {
    await tell(work, 'refreshToken.reused', 'session', session)
    const { application, account } = stolen
    work.services.signal({ type: 'tokenReused', application, account, tenant, requestId: context.requestId })
    await work.remove('session', stolen)
  }
  return new Problem('tokenMissing', {})
}
