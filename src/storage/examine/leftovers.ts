import type { Database } from '../database.ts'
import { type Finding, ok, warning } from './finding.ts'

const MINUTE = 60_000
/** Housekeeping comes by every minute, and takes a share of each kind. */
const LATE = 60 * MINUTE
/** A mail that was due so long ago has no sender. */
const UNSENT = 15 * MINUTE

/** What should have been followed up or taken away by now: somebody must be running who does it. */
export async function examineLeftovers({ slowReader }: Database, now: number): Promise<Finding[]> {
  const count = async (sql: string, ...values: number[]) => Number((await slowReader.get(sql, values))?.found)
  const leases = await count(
    'select count(*) as found from outbox where claim is not null and due_at < ?',
    now - UNSENT,
  )
  const waiting = await count('select count(*) as found from outbox where claim is null and due_at < ?', now - UNSENT)
  const dead = await count('select count(*) as found from outbox where due_at is null')
  const ended =
    (await count('select count(*) as found from one_time where expires_at < ?', now - LATE)) +
    (await count('select count(*) as found from idempotency_keys where expires_at < ?', now - LATE))
  const found: Finding[] = []
  const RUN = 'latchkey serve, with a way to send mail'
  if (leases > 0)
    found.push(warning('leases', `${leases} mail(s) were claimed by a sender that died, and no other came`, RUN))
  if (waiting > 0) found.push(warning('outbox', `${waiting} mail(s) have been due for more than 15 minutes`, RUN))
  if (dead > 0) found.push(warning('outbox', `${dead} mail(s) were given up: look at their error in the table outbox`))
  if (ended > 0)
    found.push(
      warning('expired', `${ended} thing(s) that ended more than an hour ago are still there`, 'latchkey serve'),
    )
  return found.length > 0 ? found : [ok('leases', 'nothing waits for somebody who is gone')]
}
