import { sameSecret } from '../../crypto/compare.ts'
import type { Services } from '../context.ts'
import type { ChainState, LoggedEvent, Store } from '../ports.ts'
import { type Chain, createChains } from './chain.ts'

/** What is wrong with a log, and where first. */
export interface ChainFault {
  position: number
  fault: 'changed' | 'missing' | 'inserted' | 'ends'
}

export interface ChainVerdict {
  /** Events looked at. */
  count: number
  /** The last position and its link: who keeps them elsewhere notices even that an older copy was put in place. */
  position: number
  head: string
  fault?: ChainFault
}

/** A position and the link it had. */
export interface Anchor {
  position: number
  hash: string
}

const AT_ONCE = 1000

/**
 * Goes along the chain of a tenant's log from its beginning, or from where it was shortened by age. A changed, deleted,
 * inserted or moved row is found, and so is a tail that was cut off.
 *
 * @param anchor - something kept from an earlier verification
 * @param step - hears of each event
 */
export async function verifyChain(
  { store, seal }: Pick<Services, 'store' | 'seal'>,
  tenant: string,
  { anchor, step = () => {} }: { anchor?: Anchor; step?: () => void } = {},
): Promise<ChainVerdict> {
  await store.lastPosition(tenant)
  const chain = createChains(seal)(tenant, (await store.get('tenant', tenant, tenant))?.eventKey)
  const state = await store.chainState(tenant)
  let { removed, removedHead: link } = state
  let count = 0
  const verdict = (fault?: ChainFault): ChainVerdict => ({
    count,
    position: state.position,
    head: state.head,
    ...(fault && { fault }),
  })
  if (!isWhole(chain, state)) return verdict({ position: state.position, fault: 'ends' })
  let anchored = anchor === undefined || anchor.position <= removed
  for (let last = removed; last < state.position; ) {
    const page = await store.loggedEvents(tenant, last, AT_ONCE)
    if (page[0]?.position !== last + 1) {
      // Perhaps it was shortened meanwhile; then it goes on behind that.
      const now = await store.chainState(tenant)
      if (!isWhole(chain, now) || now.removed <= last) return verdict({ position: last + 1, fault: 'missing' })
      ;({ removed, removedHead: link } = now)
      last = removed
      continue
    }
    for (const logged of page) {
      if (logged.position !== last + 1) {
        return verdict({ position: last + 1, fault: logged.position <= last ? 'inserted' : 'missing' })
      }
      link = chain.link(link, logged)
      if (!sameSecret(link, logged.hash ?? '')) return verdict({ position: logged.position, fault: 'changed' })
      if (logged.position === anchor?.position) {
        if (!sameSecret(link, anchor.hash)) return verdict({ position: logged.position, fault: 'changed' })
        anchored = true
      }
      last = logged.position
      count++
      step()
      if (last === state.position && !sameSecret(link, state.head)) return verdict({ position: last, fault: 'ends' })
    }
  }
  if (!anchored) return verdict({ position: state.position + 1, fault: 'missing' })
  const stranger = await strangerBehind(store, tenant)
  return verdict(stranger && { position: stranger.position, fault: 'inserted' })
}

/** A log without events has ends that nobody sealed yet. */
function isWhole(chain: Chain, { seal, ...ends }: ChainState): boolean {
  if (ends.position === 0 && ends.removed === 0 && seal === '') return true
  return sameSecret(chain.sealEnds(ends), seal)
}

/** A row that claims a position nobody has given yet. */
async function strangerBehind(store: Store, tenant: string): Promise<LoggedEvent | undefined> {
  const { position } = await store.chainState(tenant)
  const [found] = await store.loggedEvents(tenant, position, 1)
  if (!found) return undefined
  // Given between the two looks.
  const { position: now } = await store.chainState(tenant)
  return found.position > now ? found : undefined
}
