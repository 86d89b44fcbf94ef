import type { ListQuery } from '../../core/ports.ts'
import type { ResourceName } from '../../resources/registry.ts'
import { linkColumn, targetColumn } from '../columns.ts'
import { type Counted, isCounted } from '../counts.ts'
import { tableName } from '../names.ts'
import type { Access } from '../reader.ts'
import { relations } from '../relations.ts'
import { type Fragment, listOf, name, sql } from './sql.ts'
import { storesOf } from './stores.ts'
import { viewCondition } from './views.ts'

/** One way to members of a collection. */
export type Way =
  /** Rows of the listed table whose `column` is `owner`; all of the tenant without one. */
  | { kind: 'direct'; column?: undefined; owner?: undefined }
  | { kind: 'direct'; column: string; owner: string }
  /**
   * Rows at the far end of a joining table. `walks`: so many of all rows are among them that looking at all rows in the
   * wanted order finds a page sooner than sorting these.
   */
  | { kind: 'joined'; through: ResourceName; from: string; to: string; owner: string; walks?: boolean }
  /** Rows of the listed table (`t`) for which something holds. */
  | { kind: 'chosen'; condition: Fragment }

/** Where the members of a collection come from. A member on several ways is one member. */
export interface Source {
  ways: readonly Way[]
  /** What makes up this one without overlap: collections of known size, and so many more members. */
  counted?: { collections: readonly Counted[]; more: number }
}

export async function resolveSource(access: Access, { resource, tenant, scope }: ListQuery): Promise<Source> {
  if ('view' in scope) {
    if (scope.view === 'accountsOfStores' || scope.view === 'groupsOfStores') {
      return sourceOfStores(access, resource, tenant, scope)
    }
    const condition = await viewCondition(access, tenant, scope.view, scope.of)
    return { ways: condition ? [{ kind: 'chosen', condition }] : [] }
  }
  if ('through' in scope) {
    const { through, from, to, id } = scope
    const way: Way = { kind: 'joined', through, from, to, owner: id }
    return { ways: [way], ...countedAs(tenant, through, from, id) }
  }
  if ('of' in scope) {
    const owners = sql`select id from ${name(tableName(scope.of))}
      where tenant_id = ${tenant} and ${name(linkColumn(scope.whose))} = ${scope.id}`
    const column = columnTowards(resource, scope.by, scope.of)
    return { ways: [{ kind: 'chosen', condition: sql`${name(`t.${column}`)} in (${owners})` }] }
  }
  const counted = countedAs(tenant, resource, scope.by, scope.id)
  if (scope.by === 'tenant') return { ways: [{ kind: 'direct' }], ...counted }
  return { ways: [{ kind: 'direct', column: linkColumn(scope.by), owner: scope.id }], ...counted }
}

/** Members of the stores an application or organization maps: each store is a way of its own. */
async function sourceOfStores(
  access: Access,
  resource: ResourceName,
  tenant: string,
  scope: Extract<ListQuery['scope'], { view: unknown }>,
): Promise<Source> {
  const stores = await storesOf(access.fast, tenant, scope.of)
  const accounts = scope.view === 'accountsOfStores'
  if (stores === 'many') {
    const condition = await viewCondition(access, tenant, scope.view, scope.of)
    return { ways: condition ? [{ kind: 'chosen', condition }] : [] }
  }
  const { directories, groups, disjoint } = stores
  const direct = directories.map((owner): Way => ({ kind: 'direct', column: 'directory_id', owner }))
  const joined = groups.map(
    (owner): Way => ({ kind: 'joined', through: 'groupMembership', from: 'group', to: 'account', owner }),
  )
  const themselves: Way[] = groups.length > 0 ? [{ kind: 'chosen', condition: sql`t.id in ${listOf(groups)}` }] : []
  const inDirectories = directories.map((owner): Counted => ({ tenant, resource, scope: 'directory', owner }))
  const inGroups = groups.map((owner): Counted => ({ tenant, resource: 'groupMembership', scope: 'group', owner }))
  if (!accounts) {
    return { ways: [...direct, ...themselves], counted: { collections: inDirectories, more: groups.length } }
  }
  const counted = { collections: [...inDirectories, ...inGroups], more: 0 }
  return { ways: [...direct, ...joined], ...(disjoint && { counted }) }
}

function countedAs(tenant: string, resource: ResourceName, scope: string, owner: string) {
  if (!isCounted(resource, scope)) return {}
  return { counted: { collections: [{ tenant, resource, scope, owner }], more: 0 } }
}

/** The column of a link that may point at several kinds of resource, for one of them. */
function columnTowards(resource: ResourceName, link: string, target: ResourceName): string {
  const several = relations.filter(({ from, link: own }) => from === resource && own === link).length > 1
  return several ? targetColumn(link, target) : linkColumn(link)
}
