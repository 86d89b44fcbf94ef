import type { Work } from '../context.ts'
import { clearMembers } from '../write.ts'

/**
 * Ends the sessions of an account with all their tokens, in the caller's transaction: after a password was changed or
 * reset, or when the account asks for it. Changing the password through the engine does it by itself.
 *
 * @param except the session that may go on
 * @returns how many ended
 */
export function endSessions(work: Work, account: string, { except }: { except?: string } = {}): Promise<number> {
  return clearMembers(work, 'session', { by: 'account', id: account }, except)
}
