import type { Engine } from '../core/engine.ts'
import { createSender } from '../core/outbox/sender.ts'
import type { Claimed } from '../core/ports.ts'
import { createPoster } from './post.ts'

export interface DispatcherOptions {
  engine: Engine
  allowInside: boolean
  /** Hears of each post that failed. */
  onFailure(item: Claimed, error: unknown): void
  /** Hears why nobody could look what is to be posted; it is looked again soon. */
  onTrouble(error: unknown): void
}

/** Posts what happens to the webhooks that want it, beside the callers' work. */
export interface Dispatcher {
  /** Something happened. */
  wake(): void
  /** Resolves when all that can be posted now is posted. */
  settled(): Promise<void>
  stop(timeout: number): Promise<void>
}

/** What was on its way when a process died holds up its webhook no longer than this; a post takes a quarter of it. */
const LEASE = 60_000
/** How often to look for what other processes wrote, in milliseconds. */
const POLL = 5_000

export function createDispatcher({ engine, allowInside, onFailure, onTrouble }: DispatcherOptions): Dispatcher {
  const { store, clock } = engine.services
  const post = createPoster({ clock, allowInside })
  let stopped = false
  let woken = false
  let looking: Promise<void> | undefined

  const sender = createSender({
    outbox: store.outboxes.webhook,
    clock,
    ordered: true,
    lease: LEASE,
    async send(item) {
      await engine.attemptDelivery(post, item)
      // There may be room for what waits in the log.
      wake()
    },
    onFailure,
  })

  async function look(): Promise<void> {
    while (woken && !stopped) {
      woken = false
      await engine.queueDeliveries()
    }
  }

  function wake(): void {
    woken = true
    if (stopped || looking) return
    looking = look()
      .catch(onTrouble)
      .finally(() => {
        looking = undefined
        if (woken) wake()
        else if (!stopped) sender.wake()
      })
  }

  const timer = setInterval(wake, POLL)
  timer.unref()
  return {
    wake,
    async settled() {
      for (;;) {
        wake()
        while (looking) await looking
        await sender.settled()
        if (!looking && !woken) return
      }
    },
    async stop(timeout) {
      stopped = true
      clearInterval(timer)
      await looking
      await sender.stop(timeout)
    },
  }
}
