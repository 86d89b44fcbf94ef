import { createHmac } from 'node:crypto'
import type { Seal } from '../../crypto/seal.ts'
import type { ChainState, LoggedEvent } from '../ports.ts'

/** The keyed chain over the log of one tenant (decisions/0035). */
export interface Chain {
  /** The link of an event: over all that its row holds, and the link before. */
  link(previous: string, event: LoggedEvent): string
  /** Over the ends of the chain, so that nobody cuts it or moves them. */
  sealEnds(ends: Omit<ChainState, 'seal'>): string
}

/** Opens the chain of a tenant; `eventKey` is the sealed one of its row, undefined where there is none. */
export type OpenChain = (tenant: string, eventKey: string | undefined) => Chain

/** The link before the first. */
export const NO_LINK = ''

/**
 * Chains under a key that comes from the tenant's event key, which the database holds sealed: whoever can write the
 * database and nothing else cannot make links. Without a seal the chain has no key, and tells accidents only.
 */
export function createChains(seal?: Seal): OpenChain {
  return (tenant, eventKey) => {
    const place = { tenant, table: 'tenant', row: tenant, column: 'eventKey' }
    const secret = seal && eventKey !== undefined ? seal.open(eventKey, place) : ''
    const key = createHmac('sha256', secret).update('latchkey event chain').digest()
    const mac = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
    return {
      link: (previous, event) => mac(`link\n${previous}\n${contentOf(event)}`),
      sealEnds: ({ position, head, removed, removedHead }) =>
        mac(`ends\n${JSON.stringify([tenant, position, head, removed, removedHead])}`),
    }
  }
}

/** All that is stored of an event, in one fixed order. */
function contentOf({ position, event }: LoggedEvent): string {
  return JSON.stringify([
    event.tenant,
    event.id,
    position,
    event.at,
    event.type,
    event.actor.kind,
    event.actor.id,
    event.resource.resource,
    event.resource.id,
    event.changed,
    event.requestId,
    event.network ?? null,
    event.diff ?? null,
  ])
}
