import type { Engine } from '../core/engine.ts'
import { errorFields, type Log } from './log.ts'

/** Milliseconds between two rounds. */
const PAUSE = 60_000
/** Rows of each kind and tenant that one round takes away. */
const AT_ONCE = 5_000

export interface Kept {
  /** How long events are kept, in milliseconds; 0 for always. */
  auditRetention: number
}

/**
 * What nobody waits for: takes away what has ended or is old, chains the log, and gives applications their next signing keys. Every node does it; a
 * round that fails is logged and the next one tries again.
 *
 * @returns ends it, after the round under way
 */
export function startHousekeeping(engine: Engine, log: Log, { auditRetention }: Kept): () => Promise<void> {
  let round: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    round = tidy(engine, auditRetention)
      .catch((error) =>
        log({
          level: 'error',
          event: 'housekeeping.failed',
          msg: 'a round of housekeeping failed',
          err: errorFields(error),
        }),
      )
      .finally(() => {
        busy = false
      })
  }, PAUSE)
  timer.unref()
  return () => {
    clearInterval(timer)
    return round
  }
}

async function tidy({ services, tokens }: Engine, auditRetention: number): Promise<void> {
  const { store, clock } = services
  await store.removeExpired(clock.now(), AT_ONCE)
  // Numbers, and puts into the chain, what nobody has read since.
  for (const tenant of await store.tenants()) await store.lastPosition(tenant)
  if (auditRetention > 0) await store.removeEvents(clock.now() - auditRetention, AT_ONCE)
  await tokens.rotateSigningKeys()
}
