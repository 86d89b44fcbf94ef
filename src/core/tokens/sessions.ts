import type { Work } from '../context.ts'

const AT_ONCE = 100

/**
 * Ends the sessions of an account with all their tokens, in the caller's transaction: after a password was changed or
 * reset, or when the account asks for it.
 *
 * @param except the session that may go on
 * @returns how many ended
 */
export async function endSessions(work: Work, account: string, { except }: { except?: string } = {}): Promise<number> {
  let ended = 0
  for (;;) {
    const { items } = await work.tx.list({
      resource: 'session',
      tenant: work.context.tenant,
      scope: { by: 'account', id: account },
      offset: 0,
      limit: AT_ONCE,
    })
    const doomed = items.filter(({ id }) => id !== except)
    for (const session of doomed) await work.remove('session', session)
    ended += doomed.length
    if (doomed.length === 0) return ended
  }
}
