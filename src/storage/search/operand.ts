import { type ResourceName, registry } from '../../resources/registry.ts'
import { isHeld } from '../../schema/attribute.ts'
import type { Resource } from '../../schema/resource.ts'
import { isLong, linkColumn, tableOf, wholeColumn } from '../columns.ts'
import { comparedColumn, searchedMembers } from '../indexes.ts'
import { snake } from '../names.ts'

/** A column of the listed table that a condition or an order looks at. */
export interface ComparedColumn {
  member: string
  column: string
  /** Folded text, compared by key; else the value itself. */
  folded: boolean
  /** The column with the whole folded text, where that may be longer than the key. */
  whole?: string
  nullable: boolean
  /** There is an index that begins with the scope and goes on with this column. */
  indexed: boolean
}

/** Attributes by name, and the members every resource has. Anything else is a mistake of ours, never a client's. */
export function columnOf(resource: ResourceName, named: string): ComparedColumn {
  const declaration: Resource = registry[resource]
  const member = declaration.appended && named === 'modifiedAt' ? 'createdAt' : named
  const indexed = searchedMembers(resource).includes(member)
  if (member === 'id' || member === 'createdAt' || member === 'modifiedAt') {
    return { member, column: snake(member), folded: false, nullable: false, indexed: indexed || member === 'id' }
  }
  if (declaration.links[member]?.kind === 'one') {
    return { member, column: linkColumn(member), folded: false, nullable: true, indexed: true }
  }
  const attribute = declaration.attributes[member]
  if (!attribute || !isHeld(attribute)) throw new Error(`${resource} has no attribute ${member}`)
  const folded = attribute.kind === 'string' && attribute.folded === true
  const column = comparedColumn(resource, member)
  return {
    member,
    column,
    folded,
    nullable: tableOf(resource).columns.some(({ name, nullable }) => name === column && nullable),
    ...(isLong(attribute) && { whole: wholeColumn(member) }),
    indexed,
  }
}
