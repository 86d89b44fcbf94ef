import type { Ref } from '../../core/ports.ts'
import type { Connection } from '../database.ts'
import { marks } from '../statements.ts'

/** Beyond this a collection over stores is no longer read store by store. */
const MOST_STORES = 100

export interface Stores {
  directories: string[]
  /** Those whose directory is not among `directories`, which would have their members already. */
  groups: string[]
  /** No two of the stores can have a member in common: members of a group are in its directory. */
  disjoint: boolean
}

const columns = (mapping: string) =>
  `${mapping}.account_store_directory_id as directory, ${mapping}.account_store_group_id as team`

const OF_APPLICATION = `
  select ${columns('s')} from account_store_mappings s
    where s.tenant_id = ? and s.application_id = ? and s.account_store_organization_id is null
  union all
  select ${columns('i')} from account_store_mappings s
    join organization_account_store_mappings i
      on i.tenant_id = s.tenant_id and i.organization_id = s.account_store_organization_id
    where s.tenant_id = ? and s.application_id = ?
  limit ${MOST_STORES * 2 + 1}`

const OF_ORGANIZATION = `
  select ${columns('i')} from organization_account_store_mappings i where i.tenant_id = ? and i.organization_id = ?
  limit ${MOST_STORES * 2 + 1}`

/** The directories and groups that an application (its organizations expanded) or an organization maps. */
export async function storesOf(connection: Connection, tenant: string, owner: Ref): Promise<Stores | 'many'> {
  const rows =
    owner.resource === 'application'
      ? await connection.all(OF_APPLICATION, [tenant, owner.id, tenant, owner.id])
      : await connection.all(OF_ORGANIZATION, [tenant, owner.id])
  const directories = distinct(rows.map(({ directory }) => directory as string | null))
  const groups = distinct(rows.map(({ team }) => team as string | null))
  if (rows.length > MOST_STORES * 2 || directories.length + groups.length > MOST_STORES) return 'many'
  if (groups.length === 0 || directories.length + groups.length === 1) return { directories, groups, disjoint: true }
  const places = await connection.all(
    `select id, directory_id from groups where tenant_id = ? and id in (${marks(groups.length)})`,
    [tenant, ...groups],
  )
  const outside = places.filter(({ directory_id: place }) => !directories.includes(place as string))
  const disjoint = new Set(outside.map(({ directory_id: place }) => place)).size === outside.length
  return { directories, groups: outside.map(({ id }) => id as string), disjoint }
}

const distinct = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.filter((value) => value !== null)),
]
