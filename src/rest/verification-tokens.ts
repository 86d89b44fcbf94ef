import type { Entity } from '../resources/registry.ts'
import type { Call } from './call.ts'

const none: ReadonlyMap<string, string> = new Map()

/** The tokens of accounts whose address is still to be verified; most have none. */
export async function revealVerificationTokens(
  { engine }: Pick<Call, 'engine'>,
  accounts: readonly Entity<'account'>[],
): Promise<ReadonlyMap<string, string>[]> {
  return accounts.map((account) => {
    const token = engine.verificationTokenOf(account)
    return token === undefined ? none : new Map([['verificationToken', token]])
  })
}
