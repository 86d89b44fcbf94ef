import type { OpenChain } from '../core/events/chain.ts'
import type { Database } from './database.ts'
import { chainOf, lockState, sealLog, writeState } from './event-sealer.ts'
import { ALL_TENANTS } from './reseal.ts'

/** Events deleted in one transaction. */
const AT_ONCE = 500

/**
 * Shortens every log from its beginning by what happened before `before`, at most `limit` events of each tenant. Where it
 * was shortened is sealed, and the chain goes on from there. Gives the number of events deleted.
 */
export async function removeEvents(
  database: Database,
  open: OpenChain,
  before: number,
  limit: number,
): Promise<number> {
  let removed = 0
  for (const { tenant_id: tenant } of await database.reader.all(ALL_TENANTS, [])) {
    await sealLog(database, open, tenant as string)
    for (let left = limit; left > 0; ) {
      const some = await removeSome(database, open, tenant as string, before, Math.min(left, AT_ONCE))
      removed += some
      left -= some
      if (some === 0) break
    }
  }
  return removed
}

function removeSome(
  database: Database,
  open: OpenChain,
  tenant: string,
  before: number,
  limit: number,
): Promise<number> {
  return database.write(async (connection) => {
    const state = await lockState(connection, database.dialect, tenant)
    const rows = await connection.all(
      `select position, hash, created_at from events where tenant_id = ? and position > ?
        order by position limit ?`,
      [tenant, state.removed, limit],
    )
    // The order is that of commits: an event that is younger than what follows keeps it.
    const end = rows.findIndex((row) => (row.created_at as number) >= before)
    const doomed = end === -1 ? rows : rows.slice(0, end)
    const last = doomed.at(-1)
    if (!last) return 0
    const position = Number(last.position)
    await connection.run('delete from events where tenant_id = ? and position > ? and position <= ?', [
      tenant,
      state.removed,
      position,
    ])
    const chain = await chainOf(connection, open, tenant)
    await writeState(connection, chain, tenant, { ...state, removed: position, removedHead: last.hash as string })
    return doomed.length
  })
}
