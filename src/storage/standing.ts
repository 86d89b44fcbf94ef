import type { ApiKeyStanding } from '../core/ports.ts'
import type { Entity } from '../resources/registry.ts'
import { tableOf } from './columns.ts'
import type { Connection, Database, Row } from './database.ts'
import { shareReads } from './shared-reads.ts'

const keys = tableOf('apiKey')

/** A way in for the account `a` (or the one of the key `k`): its directory or an enabled group of it is what `mapping` maps. */
export const through = (mapping: string, account: 'a' | 'k') => `(
  ${mapping}.account_store_directory_id = a.directory_id
  or ${mapping}.account_store_group_id in (
    select g.id from group_memberships m
    join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id and g.status = 'ENABLED'
    where m.tenant_id = ${account}.tenant_id and m.account_id = ${account === 'a' ? 'a.id' : 'k.account_id'}
  )
)`

/**
 * The look-up of a credential: by the id of the key alone, before the tenant is known. Whether its account administers
 * the tenant is told in the same statement: key, account, directory and application enabled, and a way from the
 * application to the account past nothing disabled.
 */
export const STANDING = `
select ${keys.reads.map((column) => `k.${column}`).join(', ')},
  case when k.status = 'ENABLED' and a.status = 'ENABLED' and d.status = 'ENABLED' and exists (
    select 1 from tenants t
    join applications p on p.tenant_id = t.tenant_id and p.id = t.console_application_id and p.status = 'ENABLED'
    join account_store_mappings s on s.tenant_id = p.tenant_id and s.application_id = p.id
    where t.tenant_id = k.tenant_id and t.id = k.tenant_id and (
      ${through('s', 'k')}
      or exists (
        select 1 from organizations o
        join organization_account_store_mappings i on i.tenant_id = o.tenant_id and i.organization_id = o.id
        where o.tenant_id = k.tenant_id and o.id = s.account_store_organization_id and o.status = 'ENABLED'
          and ${through('i', 'k')}
      )
    )
  ) then 1 else 0 end as administrator
from api_keys k
join accounts a on a.tenant_id = k.tenant_id and a.id = k.account_id
join directories d on d.tenant_id = k.tenant_id and d.id = a.directory_id
where k.id = ?`

export async function readStanding(connection: Connection, keyId: string): Promise<ApiKeyStanding | undefined> {
  const row = await connection.get(STANDING, [keyId])
  return row && toStanding(row)
}

function toStanding(row: Row): ApiKeyStanding {
  return { key: keys.toEntity(row) as Entity<'apiKey'>, administrator: row.administrator === 1 }
}

const MOST_KEPT = 1000

/**
 * Standings of the keys used last, kept while nothing at all was written to the database, by this process or another.
 * A database that cannot tell is asked every time. Either is asked once for all requests of one turn of the event loop.
 */
export function createStandings(database: Database): (keyId: string) => Promise<ApiKeyStanding | undefined> {
  const kept = new Map<string, ApiKeyStanding>()
  let version: number | undefined
  return shareReads(async (keyId) => {
    const now = database.version()
    if (now === undefined || now !== version) kept.clear()
    version = now
    const known = kept.get(keyId)
    if (known) return known
    const standing = share(await readStanding(database.reader, keyId))
    // What was read after a write that came in between belongs to no version we know.
    if (standing && now !== undefined && database.version() === now && version === now) {
      kept.set(keyId, standing)
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
    }
    return standing
  })
}

/** For many readers, so that none changes it under another. */
function share<S extends ApiKeyStanding | undefined>(standing: S): S {
  if (standing) Object.freeze(standing.key)
  return Object.freeze(standing)
}
