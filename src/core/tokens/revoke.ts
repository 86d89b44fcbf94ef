import { Problem, refuse } from '../../schema/problems.ts'
import type { Context } from '../context.ts'
import type { GrantRequest, TokenServices } from './grant.ts'
import { resourceOf, type TokenKind } from './token.ts'
import { readSigned } from './verify.ts'

export interface Revocation extends GrantRequest {
  token: string
  /** What kind the caller says it is, for tokens that do not say so themselves. */
  hint?: TokenKind
}

/**
 * RFC 7009: ends a token with its whole session, a renewed refresh token too; an access token without session alone.
 * What is no token of this application, or no more, is passed over silently (contract/rest.md 14.5).
 *
 * @throws Problem tokenTypeUnknown for a good JWT of unknown kind
 */
export async function revokeToken(
  token: TokenServices,
  context: Context,
  { token: jwt, hint, ...request }: Revocation,
): Promise<void> {
  const { services, open } = token
  const signed = await readSigned(token, context, request, jwt).catch((error) => {
    if (Problem.is(error, 'tokenInvalid')) return undefined
    throw error
  })
  if (!signed) return
  const { stt } = signed.header
  const { jti, sid } = signed.claims
  const kind = stt === 'access' || stt === 'refresh' ? stt : (hint ?? refuse('tokenTypeUnknown', {}))
  if (typeof jti !== 'string') return
  await services.store.write(async (tx) => {
    const work = open(tx, context)
    const found = await tx.get(resourceOf[kind], context.tenant, jti)
    const own = found?.application === request.application
    const sessionId = own ? found.session : found || typeof sid !== 'string' ? null : sid
    const session = sessionId ? await tx.lock('session', context.tenant, sessionId) : undefined
    if (session?.application === request.application) await work.remove('session', session)
    else if (own) await work.remove(resourceOf[kind], found)
  })
}
