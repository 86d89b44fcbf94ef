import type { ResourceName } from '../../resources/registry.ts'
import type { Context, Services } from '../context.ts'
import type { Change } from '../ports.ts'

/** What changed for those who verify tokens and keep users in memory. */
export interface Feed {
  /** Where to go on: `since` of the next poll. */
  position: number
  /** There is more to be had at once. */
  more: boolean
  /** The position asked from is not one of this log, as after a restore: everything kept is to be forgotten. */
  reset: boolean
  changes: Change[]
}

/** Events looked at in one poll, those passed over included. */
const AT_ONCE = 2000

/** Where the beginning of something changes what is already there. */
const JOINING: readonly ResourceName[] = [
  'groupMembership',
  'accountStoreMapping',
  'organizationAccountStoreMapping',
  'signingKey',
]

/**
 * What ended or changed in the tenant since a position of its event log: a view of the log (decisions/0002), so nothing
 * committed late is missed. Without `since` it tells the present position and no changes: to begin from.
 */
export async function readFeed({ store }: Services, { tenant }: Context, since: number | undefined): Promise<Feed> {
  if (since === undefined) {
    return { position: await store.lastPosition(tenant), more: false, reset: false, changes: [] }
  }
  const found = await store.changes(tenant, since, AT_ONCE)
  const last = found.at(-1)
  if (last) {
    return {
      position: last.position,
      more: found.length === AT_ONCE,
      reset: false,
      changes: found.filter(isOfInterest),
    }
  }
  const position = await store.lastPosition(tenant)
  return { position, more: false, reset: since > position, changes: [] }
}

/** All but log-ins, renewals, and the making of what nobody can know yet. */
function isOfInterest({ type, resource }: Change): boolean {
  if (type.endsWith('.deleted') || type.endsWith('.updated')) return true
  return type.endsWith('.created') && JOINING.includes(resource.resource)
}
