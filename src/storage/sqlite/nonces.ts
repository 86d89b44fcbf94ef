import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../std/clock.ts'
import { ensureFile, patiently } from './open.ts'

export interface Nonces {
  /** True for the first caller on this file. */
  claim(keyId: string, nonce: string, requestedAt: number, expiresAt: number): Promise<boolean>
  close(): void
}

interface Claim {
  keyId: string
  nonce: string
  requestedAt: number
  expiresAt: number
  resolve(granted: boolean): void
  reject(error: unknown): void
}

const CLAIMS_BETWEEN_SWEEPS = 1000

/**
 * The nonces that signed requests have used, in a file of their own: it is not synced, since a nonce a client never got
 * an answer for may be lost without harm as long as its request is refused. So after an unclean end, requests dated
 * before the next start are refused. `isNew`: the database beside it is new too, so nothing can have been lost.
 */
export function openNonces(file: string, { isNew, clock }: { isNew: boolean; clock: Clock }): Nonces {
  const lost = ensureFile(file) && !isNew
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.enableDefensive(true)
  const alone = leaveWal(database)
  database.exec('pragma synchronous = full')
  enter(database, alone, lost, clock.now())
  patiently(() => database.exec('pragma journal_mode = wal'))
  database.exec('pragma synchronous = off')

  const refusedUntil = database.prepare('select refused_until from state')
  // Only a connection that has read keeps others from leaving the mode with a log.
  refusedUntil.get()
  const insert = database.prepare('insert or ignore into nonces (key_id, nonce, expires_at) values (?, ?, ?)')
  const sweep = database.prepare('delete from nonces where expires_at < ?')
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  let waiting: Claim[] = []
  let claims = 0

  /** The claims of one turn of the event loop share a transaction, which costs four times what a claim does. */
  function settle(): void {
    if (waiting.length === 0) return
    const together = waiting
    waiting = []
    try {
      if (together.length > 1) begin.run()
      const refused = refusedUntil.get()?.refused_until as number
      const granted = together.map(({ keyId, nonce, requestedAt, expiresAt }) => {
        if (++claims % CLAIMS_BETWEEN_SWEEPS === 0) sweep.run(clock.now())
        return requestedAt >= refused && insert.run(keyId, nonce, expiresAt).changes === 1
      })
      if (together.length > 1) commit.run()
      for (const [at, { resolve }] of together.entries()) resolve(granted[at] === true)
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('rollback')
      for (const { reject } of together) reject(error)
    }
  }

  return {
    claim: (keyId, nonce, requestedAt, expiresAt) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(settle)
        waiting.push({ keyId, nonce, requestedAt, expiresAt, resolve, reject })
      }),
    close() {
      settle()
      leave(database)
      database.close()
    },
  }
}

/** Other processes on the file keep it in the mode with a log; who is alone leaves it, and with it the log. */
function leaveWal(database: DatabaseSync): boolean {
  try {
    database.exec('pragma busy_timeout = 0')
    return database.prepare('pragma journal_mode = delete').get()?.journal_mode === 'delete'
  } catch {
    return false
  } finally {
    database.exec('pragma busy_timeout = 5000')
  }
}

/** Notes that the file is in use. Who finds it so although nobody else is there follows one that did not close it. */
function enter(database: DatabaseSync, alone: boolean, lost: boolean, now: number): void {
  patiently(() => database.exec('begin immediate'))
  database.exec(`
    create table if not exists nonces (
      key_id text not null, nonce text not null, expires_at integer not null, primary key (key_id, nonce)
    ) strict, without rowid;
    create index if not exists nonces_expiry on nonces (expires_at);
    create table if not exists state (starts integer not null, in_use integer not null, refused_until integer not null) strict;
    insert into state select 0, 0, 0 where not exists (select 1 from state);
  `)
  const unclean = lost || (alone && database.prepare('select in_use from state').get()?.in_use === 1)
  database
    .prepare(
      'update state set starts = starts + 1, in_use = 1, refused_until = case when ? then ? else refused_until end',
    )
    .run(unclean ? 1 : 0, now)
  database.exec('commit')
}

/** The last one to leave notes that nothing is lost, unless another came in the meantime. */
function leave(database: DatabaseSync): void {
  const before = database.prepare('select starts from state').get()?.starts as number
  if (!leaveWal(database)) return
  database.exec('pragma synchronous = full')
  database.prepare('update state set in_use = 0 where starts = ?').run(before)
}
