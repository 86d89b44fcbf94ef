import type { Engine } from '../core/engine.ts'
import { errorFields, type Log } from './log.ts'

/** Milliseconds between two rounds. */
const PAUSE = 60_000
/** Rows of each kind and tenant that one round takes away. */
const AT_ONCE = 5_000

/**
 * What nobody waits for: takes away what has ended, and gives applications their next signing keys. Every node does it; a
 * round that fails is logged and the next one tries again.
 *
 * @returns ends it, after the round under way
 */
export function startHousekeeping(engine: Engine, log: Log): () => Promise<void> {
  let round: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    round = tidy(engine)
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

async function tidy({ services, tokens }: Engine): Promise<void> {
  await services.store.removeExpired(services.clock.now(), AT_ONCE)
  await tokens.rotateSigningKeys()
}
