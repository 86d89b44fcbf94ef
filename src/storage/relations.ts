import { type ResourceName, registry } from '../resources/registry.ts'
import type { ToMany, ToOne } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import { linkColumn, storedResources, targetColumn } from './columns.ts'

/** One stored pointer from a resource to another. */
export interface Relation {
  from: ResourceName
  /** Absent when `from` is a part: it shares its owner's id. */
  link?: string
  to: ResourceName
  column: string
  onDelete: 'delete' | 'clear'
}

/** Every stored pointer between resources; the tenant is none, it is the first column of every key. */
export const relations: readonly Relation[] = storedResources.flatMap((from) => {
  const declaration: Resource = registry[from]
  const links = Object.entries(declaration.links).filter(
    (entry): entry is [string, ToOne] => entry[1].kind === 'one' && entry[0] !== 'tenant',
  )
  const found: Relation[] = links.flatMap(([link, { targets, onDelete }]) =>
    targets.map((target) => ({
      from,
      link,
      to: target as ResourceName,
      column: targets.length > 1 ? targetColumn(link, target) : linkColumn(link),
      onDelete,
    })),
  )
  const owner = ownerOf(from)
  return owner ? [...found, { from, to: owner, column: 'id', onDelete: 'delete' }] : found
})

/**
 * The stored resource that a part belongs to, past parts that have no row; undefined for what is no part. One that
 * several kinds of resource have says itself, by links, to whom it belongs.
 */
export function ownerOf(part: ResourceName): ResourceName | undefined {
  const owners = (Object.keys(registry) as ResourceName[]).filter((name) =>
    Object.values((registry[name] as Resource).links).some((link) => link.kind === 'part' && link.target === part),
  )
  const [owner] = owners
  if (owner === undefined || owners.length > 1) return undefined
  return storedResources.includes(owner) ? owner : ownerOf(owner)
}

/** Resources that carry custom data. */
export const customDataOwners = storedResources.filter((name) => 'customData' in registry[name].links)

/** Links through which members of a resource are listed: `tenant`, `directory` … */
export const scopesOf = (resource: ResourceName): string[] => scopes(collectionsOf(resource))

/** Those of them whose sizes are kept. */
export const countedScopesOf = (resource: ResourceName): string[] =>
  scopes(collectionsOf(resource).filter(({ counted }) => counted))

/** Those of them through which members are searched by their custom data. */
export const customDataScopesOf = (resource: ResourceName): string[] =>
  scopes(collectionsOf(resource).filter(({ customData }) => customData))

function scopes(collections: readonly ToMany[]): string[] {
  return [...new Set(collections.flatMap(({ source }) => ('by' in source ? [source.by] : [])))]
}

/** Pairs of links by which a joining resource leads from one to the other. */
export function joinsOf(resource: ResourceName): { from: string; to: string }[] {
  return storedResources.flatMap(manyLinksOf).flatMap(({ source }) => {
    return 'through' in source && source.through === resource ? [{ from: source.from, to: source.to }] : []
  })
}

function collectionsOf(resource: ResourceName) {
  return storedResources.flatMap(manyLinksOf).filter((link) => link.target === resource)
}

function manyLinksOf(resource: ResourceName) {
  const { links }: Resource = registry[resource]
  return Object.values(links).filter((link) => link.kind === 'many')
}
