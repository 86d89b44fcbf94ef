import type { Admission } from '../core/ports.ts'
import type { Connection } from './database.ts'
import { through } from './standing.ts'

/** Past nothing disabled on the way from the application to the account; statuses of both are told apart. */
export const ADMISSION = `
select p.status as application, a.status as account,
  case when d.status = 'ENABLED' and exists (
    select 1 from account_store_mappings s
    where s.tenant_id = p.tenant_id and s.application_id = p.id and (
      ${through('s', 'a')}
      or exists (
        select 1 from organizations o
        join organization_account_store_mappings i on i.tenant_id = o.tenant_id and i.organization_id = o.id
        where o.tenant_id = a.tenant_id and o.id = s.account_store_organization_id and o.status = 'ENABLED'
          and ${through('i', 'a')}
      )
    )
  ) then 1 else 0 end as admitted
from applications p
join accounts a on a.tenant_id = p.tenant_id
join directories d on d.tenant_id = a.tenant_id and d.id = a.directory_id
where p.tenant_id = ? and p.id = ? and a.id = ?`

export async function readAdmission(
  connection: Connection,
  tenant: string,
  application: string,
  account: string,
): Promise<Admission | undefined> {
  const row = await connection.get(ADMISSION, [tenant, application, account])
  return (
    row && {
      application: row.application as Admission['application'],
      account: row.account as Admission['account'],
      admitted: row.admitted === 1,
    }
  )
}

/** Anybody may ask for an application's public keys, and nobody but the row knows its tenant. */
export const TENANT_OF_APPLICATION = 'select tenant_id from applications where id = ?'

/** The same of a name that stands in addresses. */
export const APPLICATION_OF_LABEL = 'select tenant_id, id from application_web_configs where dns_label = ?'

export async function readApplicationOfLabel(
  connection: Connection,
  label: string,
): Promise<{ tenant: string; application: string } | undefined> {
  const row = await connection.get(APPLICATION_OF_LABEL, [label])
  return row && { tenant: row.tenant_id as string, application: row.id as string }
}

export async function readTenantOfApplication(connection: Connection, id: string): Promise<string | undefined> {
  const row = await connection.get(TENANT_OF_APPLICATION, [id])
  return row?.tenant_id as string | undefined
}
