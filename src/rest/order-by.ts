import type { ListQuery } from '../core/ports.ts'
import { refuse } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import { times } from './criteria.ts'
import { isCustomDataPath, parseCustomDataPath } from './custom-data-path.ts'

/** What a list is sorted by, first first. */
export type OrderBy = NonNullable<ListQuery['orderBy']>

const maxTerms = 20
const shape = /^(.*\S)\s+(asc|desc)$/is

/**
 * `surname,createdAt desc` (contract/rest.md §1.10). A direction may be written in any case, blanks around commas do not
 * count, and an attribute named again is ignored: it cannot change the order any more.
 *
 * @throws {Problem} orderByMalformed, orderByNotSupported
 */
export function parseOrderBy(resource: Resource, text: string, { customData }: { customData: boolean }): OrderBy {
  const terms = text.split(',')
  if (terms.length > maxTerms) refuse('orderByMalformed', { statement: text })
  const order = new Map<string, OrderBy[number]>()
  for (const term of terms) {
    const [, name = term.trim(), direction = 'asc'] = shape.exec(term.trim()) ?? []
    const on = customData && isCustomDataPath(name) ? onCustomData(name, text) : onAttribute(resource, name, text)
    if (!order.has(name)) order.set(name, { on, descending: direction.toLowerCase() === 'desc' })
  }
  return [...order.values()]
}

/** Names of the attributes that a collection of this resource can be sorted by. */
export function sortableAttributes(resource: Resource): string[] {
  return [...Object.keys(resource.attributes), ...times].filter((name) => isSortable(resource, name))
}

function isSortable(resource: Resource, name: string): boolean {
  if (times.includes(name)) return true
  const attribute = Object.hasOwn(resource.attributes, name) ? resource.attributes[name] : undefined
  return attribute !== undefined && 'sort' in attribute && attribute.sort === true
}

function onAttribute(resource: Resource, name: string, statement: string): { attribute: string } {
  if (name === '' || /\s/.test(name)) refuse('orderByMalformed', { statement })
  if (!isSortable(resource, name)) refuse('orderByNotSupported', { attribute: name, resource: resource.name })
  return { attribute: name }
}

function onCustomData(name: string, statement: string): { customData: string[] } {
  return { customData: parseCustomDataPath(name) ?? refuse('orderByMalformed', { statement }) }
}
