import { type ResourceName, registry } from '../resources/registry.ts'
import { type Attribute, isHeld } from '../schema/attribute.ts'
import type { Resource, UniqueKey } from '../schema/resource.ts'
import { keyColumn, linkColumn, tableOf } from './columns.ts'
import { keyName, snake, tableName } from './names.ts'
import { joinsOf, type Relation, relations, scopesOf } from './relations.ts'
import type { ForeignKey, Index } from './shape.ts'

/** Found by id alone, before the tenant is known: credentials, and the owners of public keys. */
const FOUND_BY_ID: readonly ResourceName[] = ['apiKey', 'application']

/** What is looked for in ways that no declaration tells. */
const FURTHER: Partial<Record<ResourceName, readonly Index[]>> = {
  event: [
    // Given by the sealer alone.
    { name: 'events_position_unique', columns: ['tenant_id', 'position'], unique: true },
    // Whether something was deleted.
    { name: 'events_target', columns: ['tenant_id', 'target_id', 'type'], unique: false },
    // What the sealer has yet to number (events.ts).
    {
      name: 'events_unpositioned',
      columns: ['tenant_id', 'position', 'id'],
      unique: false,
      where: 'position is null',
      rare: true,
    },
  ],
  // Whose events are to be looked at, in all tenants (webhook-cursors.ts).
  webhook: [{ name: 'webhooks_status', columns: ['status', 'tenant_id', 'id'], unique: false }],
}

/** The indexes a resource needs so that its look-ups, collections, searches and cascades stay flat. */
export function indexesOf(resource: ResourceName): Index[] {
  const { unique }: Resource = registry[resource]
  const wanted = [
    ...unique.map((key) => uniqueIndex(resource, key)),
    ...scopesOf(resource).flatMap((scope) => scopeIndexes(resource, scope)),
    ...joinsOf(resource).map(({ from, to }) =>
      index(resource, [from, to], ['tenant_id', linkColumn(from), linkColumn(to)]),
    ),
    ...relationsFrom(resource)
      .filter(({ link }) => link !== undefined)
      .map(({ column }) => index(resource, [column.replace(/_id$/, '')], ['tenant_id', column, 'id'])),
  ]
  const { expires }: Resource = registry[resource]
  if (expires !== undefined) wanted.push(index(resource, [expires], ['tenant_id', snake(expires), 'id']))
  if (FOUND_BY_ID.includes(resource)) {
    wanted.push({ name: keyName(tableName(resource), 'id', 'unique'), columns: ['id'], unique: true })
  }
  const further = FURTHER[resource] ?? []
  const needless = (one: Index, at: number) =>
    [...further, ...wanted.slice(0, at)].some((other) => !other.where && serves(other, one))
  return [...wanted.filter((one, at) => !needless(one, at)), ...further]
}

/** The name and columns of a declared unique key. */
export function uniqueIndex(resource: ResourceName, { of, within, everywhere }: UniqueKey): Index {
  return {
    name: keyName(tableName(resource), ...of.map(snake), 'unique'),
    columns: [
      ...(everywhere ? [] : ['tenant_id']),
      ...(within ? [linkColumn(within)] : []),
      ...of.map((name) => comparedColumn(resource, name)),
    ],
    unique: true,
  }
}

export function foreignKeysOf(resource: ResourceName): ForeignKey[] {
  return relationsFrom(resource).map((relation) => ({
    name: foreignKeyName(relation),
    columns: ['tenant_id', relation.column],
    references: tableName(relation.to),
    onDelete: relation.onDelete === 'delete' ? 'cascade' : 'restrict',
  }))
}

export function foreignKeyName({ from, column, link }: Relation): string {
  return keyName(tableName(from), link === undefined ? 'owner' : column.replace(/_id$/, ''), 'fk')
}

/** The column by which a member is compared: its folded key, its link's id, or itself. */
export function comparedColumn(resource: ResourceName, name: string): string {
  const { attributes, links }: Resource = registry[resource]
  if (links[name]) return linkColumn(name)
  const attribute = attributes[name]
  return attribute?.kind === 'string' && attribute.folded ? keyColumn(name) : snake(name)
}

/** Members a collection may be searched or sorted by; the times come with any others. */
export function searchedMembers(resource: ResourceName): string[] {
  const { attributes, appended }: Resource = registry[resource]
  const named = Object.keys(attributes).filter((name) => isSearched(attributes[name]))
  return named.length === 0 ? [] : [...named, 'createdAt', ...(appended ? [] : ['modifiedAt'])]
}

function isSearched(attribute: Attribute | undefined): boolean {
  return attribute !== undefined && isHeld(attribute) && (attribute.search === true || attribute.sort === true)
}

function scopeIndexes(resource: ResourceName, scope: string): Index[] {
  const columns = scope === 'tenant' ? ['tenant_id'] : ['tenant_id', linkColumn(scope)]
  const own = scope === 'tenant' ? [] : [index(resource, [scope], [...columns, 'id'])]
  const members = searchedMembers(resource).map((name) =>
    index(resource, [scope, name], [...columns, comparedColumn(resource, name), 'id']),
  )
  return [...own, ...members]
}

function index(resource: ResourceName, words: readonly string[], columns: readonly string[]): Index {
  return { name: keyName(tableName(resource), ...words.map(snake)), columns: [...new Set(columns)], unique: false }
}

const relationsFrom = (resource: ResourceName) => relations.filter(({ from }) => from === resource)

/** The earlier index makes the later one needless: it is the same, or unique on all but its last column `id`. */
function serves(earlier: Index, later: Index): boolean {
  const same = (columns: readonly string[]) => earlier.columns.join() === columns.join()
  return same(later.columns) || (earlier.unique && !later.unique && same(withoutId(later.columns)))
}

function withoutId(columns: readonly string[]): readonly string[] {
  return columns.at(-1) === 'id' ? columns.slice(0, -1) : columns
}

/** The shape of a resource's table is worked out by its declaration alone. */
export const shortRows = (resource: ResourceName): boolean =>
  tableOf(resource).fields.every(({ columns, name }) =>
    columns.every(({ type }) => type === 'integer' || isIdOf(resource, name)),
  )

function isIdOf(resource: ResourceName, member: string): boolean {
  const { links }: Resource = registry[resource]
  return member === 'id' || member === 'tenant' || links[member] !== undefined
}
