import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Behaviour, Work } from '../context.ts'
import type { Reader } from '../ports.ts'

/** Far more directories than one person can have accounts in. */
export const MOST_LINKS = 100

type Account = Entity<'account'>

/** contract/rest.md 10: one link a pair, and one a directory. */
export const accountLinks: Behaviour<'accountLink'> = {
  async creating(work, { leftAccount, rightAccount }) {
    if (leftAccount === rightAccount) refuse('accountLinkToItself', {})
    const [left, right] = await lockBoth(work, leftAccount, rightAccount)
    const obstacle = await obstacleTo(work, left, right)
    if (obstacle) refuse(...obstacle)
  },
}

/** Whoever links one of the two meanwhile waits: in one order for all, so that nobody waits for each other. */
async function lockBoth({ tx, context }: Work, left: string, right: string): Promise<[Account, Account]> {
  const locked = new Map<string, Account>()
  for (const id of [left, right].toSorted()) {
    locked.set(id, (await tx.lock('account', context.tenant, id)) ?? refuse('notFound', {}))
  }
  return [locked.get(left) as Account, locked.get(right) as Account]
}

type Obstacle = Parameters<
  typeof refuse<
    'accountsLinkedAlready' | 'accountsOfOneDirectory' | 'accountLinkedIntoDirectory' | 'tooManyAccountLinks'
  >
>

/** Why two accounts cannot be linked; undefined when they can. */
export async function obstacleTo(work: Work, left: Account, right: Account): Promise<Obstacle | undefined> {
  const { tx, context, services } = work
  const known = await linkBetween(tx, left, right)
  if (known) return ['accountsLinkedAlready', { href: services.hrefs.toHref('accountLink', known.id) }]
  if (left.directory === right.directory) return ['accountsOfOneDirectory', {}]
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const linked = await linkedAccounts(tx, context.tenant, one.id)
    if (linked.some(({ directory }) => directory === other.directory)) return ['accountLinkedIntoDirectory', {}]
    if (linked.length >= MOST_LINKS) return ['tooManyAccountLinks', { max: MOST_LINKS }]
  }
  return undefined
}

async function linkBetween(reader: Reader, { tenant, id: one }: Account, { id: other }: Account) {
  const key = ['leftAccount', 'rightAccount'] as const
  return (
    (await reader.find('accountLink', tenant, key, [one, other])) ??
    (await reader.find('accountLink', tenant, key, [other, one]))
  )
}

/** All accounts that an account is linked to. */
export async function linkedAccounts(reader: Reader, tenant: string, account: string): Promise<Account[]> {
  const { items } = await reader.list({
    resource: 'account',
    tenant,
    scope: { view: 'linkedAccounts', of: { resource: 'account', id: account } },
    offset: 0,
    limit: MOST_LINKS,
  })
  return items
}
