import type { Outbox, OutboxCounts } from '../../core/ports.ts'
import type { Clock } from '../../std/clock.ts'
import type { Registry } from './registry.ts'

/** Adds what waits in the outbox, as of the look before this one: each look asks the database for the next. */
export function addMailMetrics(registry: Registry, outbox: Pick<Outbox, 'counts'>, clock: Clock): void {
  let known: OutboxCounts = { waiting: 0, dead: 0, oldest: undefined }
  const ask = () => {
    // A database that is down is told by other figures.
    outbox.counts().then(
      (counts) => {
        known = counts
      },
      () => {},
    )
  }
  ask()
  registry.gauge('mail_waiting', 'Mails that are to be sent.', () => {
    ask()
    return known.waiting
  })
  registry.gauge('mail_given_up', 'Mails that were given up within the last week.', () => known.dead)
  registry.gauge('mail_oldest_seconds', 'How long the oldest of those to be sent has waited.', () =>
    known.oldest === undefined ? 0 : Math.max(0, Math.round((clock.now() - known.oldest) / 1000)),
  )
}
