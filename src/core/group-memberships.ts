import { refuse } from '../schema/problems.ts'
import type { Behaviour } from './context.ts'

/** contract/rest.md 7: the two must share a directory. */
export const groupMemberships: Behaviour<'groupMembership'> = {
  async creating({ tx, context }, membership) {
    const account = await tx.get('account', context.tenant, membership.account)
    if (!account) return refuse('invalidReference', { property: 'account' })
    const group = await tx.get('group', context.tenant, membership.group)
    if (!group) return refuse('invalidReference', { property: 'group' })
    if (account.directory !== group.directory) {
      refuse('invalidReference', { property: 'group', reason: 'it belongs to another directory than the account' })
    }
  },
}
