import type { Ref } from '../../core/ports.ts'
import type { View } from '../../schema/link.ts'
import type { Access } from '../reader.ts'
import { anyOf, type Fragment, join, name, sql } from './sql.ts'

/** What a row `t` must satisfy to be in a virtual collection; undefined when nothing can. */
export async function viewCondition(
  access: Access,
  tenant: string,
  view: View,
  of: Ref,
): Promise<Fragment | undefined> {
  switch (view) {
    case 'accountsOfStores':
      return isMember(tenant, of, 't.directory_id', 't.id')
    case 'groupsOfStores':
      return anyOf([
        sql`t.directory_id in (${mapped(tenant, of, 'directory')})`,
        sql`t.id in (${mapped(tenant, of, 'group')})`,
      ])
    case 'apiKeysOfApplication':
      return sql`exists (select 1 from accounts as a where a.tenant_id = ${tenant} and a.id = t.account_id
        and ${isMember(tenant, of, 'a.directory_id', 'a.id')})`
    case 'applicationsOfAccount': {
      const account = await access.fast.get('select directory_id from accounts where tenant_id = ? and id = ?', [
        tenant,
        of.id,
      ])
      if (!account) return undefined
      const groups = sql`select m.group_id from group_memberships as m where m.tenant_id = ${tenant} and m.account_id = ${of.id}`
      return inApplications(tenant, account.directory_id as string, groups)
    }
    case 'linksOfAccount':
      return sql`t.id in (${linksOf(tenant, of.id, 'id', 'id')})`
    case 'linkedAccounts':
      return sql`t.id in (${linksOf(tenant, of.id, 'right_account_id', 'left_account_id')})`
    case 'applicationsOfStore':
    case 'organizationsOfStore': {
      const place = await placeOf(access, tenant, of)
      if (!place) return undefined
      const groups = of.resource === 'group' ? sql`${of.id}` : undefined
      return view === 'applicationsOfStore'
        ? inApplications(tenant, place, groups)
        : sql`t.id in (${organizations(tenant, place, groups)})`
    }
  }
}

/** The directory of a store: itself, or that of a group. */
async function placeOf(access: Access, tenant: string, { resource, id }: Ref): Promise<string | undefined> {
  if (resource === 'directory') return id
  const group = await access.fast.get('select directory_id from groups where tenant_id = ? and id = ?', [tenant, id])
  return group?.directory_id as string | undefined
}

/** The account in these columns is in a directory or a group that the owner maps. */
function isMember(tenant: string, owner: Ref, directory: string, account: string): Fragment {
  return anyOf([
    sql`${name(directory)} in (${mapped(tenant, owner, 'directory')})`,
    sql`exists (select 1 from group_memberships as m where m.tenant_id = ${tenant} and m.account_id = ${name(account)}
      and m.group_id in (${mapped(tenant, owner, 'group')}))`,
  ])
}

/** Ids of the stores of one kind that an application or organization maps, organizations expanded. */
function mapped(tenant: string, owner: Ref, kind: 'directory' | 'group'): Fragment {
  const column = name(`account_store_${kind}_id`)
  if (owner.resource === 'organization') {
    return sql`select i.${column} from organization_account_store_mappings as i
      where i.tenant_id = ${tenant} and i.organization_id = ${owner.id} and i.${column} is not null`
  }
  return sql`select s.${column} from account_store_mappings as s
      where s.tenant_id = ${tenant} and s.application_id = ${owner.id} and s.${column} is not null
    union all
    select i.${column} from account_store_mappings as s
      join organization_account_store_mappings as i
        on i.tenant_id = s.tenant_id and i.organization_id = s.account_store_organization_id
      where s.tenant_id = ${tenant} and s.application_id = ${owner.id} and i.${column} is not null`
}

/** A column of each link that has the account on its left, and one of each that has it on its right. */
function linksOf(tenant: string, account: string, ofLeft: string, ofRight: string): Fragment {
  return sql`select l.${name(ofLeft)} from account_links as l where l.tenant_id = ${tenant} and l.left_account_id = ${account}
    union all
    select l.${name(ofRight)} from account_links as l where l.tenant_id = ${tenant} and l.right_account_id = ${account}`
}

/** Applications that map the directory, one of the groups, or an organization that does. */
function inApplications(tenant: string, directory: string, groups: Fragment | undefined): Fragment {
  const by = (column: string, ids: Fragment) => sql`select s.application_id from account_store_mappings as s
    where s.tenant_id = ${tenant} and s.${name(column)} in (${ids})`
  const ways = [
    by('account_store_directory_id', sql`${directory}`),
    ...(groups ? [by('account_store_group_id', groups)] : []),
    by('account_store_organization_id', organizations(tenant, directory, groups)),
  ]
  return sql`t.id in (${join(ways, ' union all ')})`
}

/** Organizations that map the directory or one of the groups. */
function organizations(tenant: string, directory: string, groups: Fragment | undefined): Fragment {
  const by = (column: string, ids: Fragment) => sql`select i.organization_id
    from organization_account_store_mappings as i where i.tenant_id = ${tenant} and i.${name(column)} in (${ids})`
  const ways = [
    by('account_store_directory_id', sql`${directory}`),
    ...(groups ? [by('account_store_group_id', groups)] : []),
  ]
  return join(ways, ' union all ')
}
