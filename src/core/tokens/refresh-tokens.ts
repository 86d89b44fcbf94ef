import type { Behaviour } from '../context.ts'

/** Nothing can be renewed any more: the session is over, and is not shown to its owner as one that goes on. */
export const refreshTokens: Behaviour<'refreshToken'> = {
  async deleting(work, { session: id }) {
    const session = await work.tx.lock('session', work.context.tenant, id)
    if (session) await work.remove('session', session)
  },
}
