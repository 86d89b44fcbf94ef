import { type Clock, systemClock } from '../../std/clock.ts'
import type { Value } from '../database.ts'
import type { Execute } from './reader.ts'
import type { Statement } from './statements.ts'

/**
 * Nonces are committed without waiting for the disk, so a crash may forget the last of them. What is forgotten must not
 * be replayed: a request is refused when it is dated before the *horizon*, the last moment at which nonces may have
 * been lost, and the nonce of a request dated in the future, which no horizon would cover, is committed durably.
 *
 * The horizon is the latest of
 * - the start of the server;
 * - the last recovery from a crash that it survived as a process (a killed backend): its statistics are reset then;
 * - the promotion of a standby: its timeline is new, and the first of us to see that notes the time, in the row of
 *   `nonces` with an empty key id and the timeline as nonce. The first timeline of a database has lost nothing.
 */
const now = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint'
const timeline = 'left(pg_walfile_name(pg_current_wal_lsn()), 8)'
const horizon = `greatest(
  extract(epoch from pg_postmaster_start_time()) * 1000,
  extract(epoch from pg_stat_get_bgwriter_stat_reset_time()) * 1000,
  coalesce((select expires_at from nonces where key_id = '' and nonce = ${timeline}), 9223372036854775807))`

const claim = `
  with durability as materialized (
    select set_config('synchronous_commit', case when ?::bigint > ${now} then current_setting('synchronous_commit') else 'off' end, true)
  )
  insert into nonces (key_id, nonce, expires_at)
  select ?, ?, ?::bigint from durability where ?::bigint >= ${horizon}
  on conflict do nothing`

const noteTimeline = `
  insert into nonces (key_id, nonce, expires_at)
  select '', ${timeline}, case when exists (select 1 from nonces where key_id = '') then ${now} else 0 end
  on conflict do nothing`

const sweep = `
  with durability as materialized (select set_config('synchronous_commit', 'off', true))
  delete from nonces where (key_id, nonce) in (
    select key_id, nonce from nonces, durability where expires_at < ?::bigint and key_id <> '' limit ?
    for update of nonces skip locked)`

const sweepEvery = 10_000
const sweepBatch = 1000
/** Milliseconds that the clocks of the nodes may differ. */
const clockDifference = 60_000

export type ClaimNonce = (keyId: string, nonce: string, requestedAt: number, expiresAt: number) => Promise<boolean>

/** Remembers nonces in the table `nonces`, insert or fail, one statement each. */
export function createNonces(statementOf: (sql: string) => Statement, execute: Execute, clock: Clock): ClaimNonce {
  let sweptAt = 0
  /** The database has a clock of its own, and knows nothing of one that stands still in a test. */
  const toServerTime = (time: number) => time - clock.now() + systemClock.now()
  const run = async (sql: string, ...parameters: Value[]) => (await execute(statementOf(sql), parameters)).rowCount ?? 0

  async function sweepExpired(): Promise<void> {
    const limit = clock.now() - clockDifference
    while ((await run(sweep, limit, sweepBatch)) === sweepBatch);
  }

  return async (keyId, nonce, requestedAt, expiresAt) => {
    if (clock.now() - sweptAt > sweepEvery) {
      sweptAt = clock.now()
      // the next one tries again
      sweepExpired().catch(() => {})
    }
    const dated = toServerTime(requestedAt)
    const attempt = async () => (await run(claim, dated, keyId, nonce, expiresAt, dated)) === 1
    if (await attempt()) return true
    return (await run(noteTimeline)) === 1 && attempt()
  }
}
