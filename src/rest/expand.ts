import { isExpandable, type Link } from '../schema/link.ts'
import { refuse } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'

/** A link to be replaced by what it points at. */
export interface Expansion {
  name: string
  link: Exclude<Link, { kind: 'action' | 'endpoint' | 'secret' }>
  /** Of collections. */
  offset: number
  limit: number
}

const PARAMETER = 'expand'
/** More than any resource has links to expand. */
const MAX_EXPANSIONS = 20
const DEFAULT_LIMIT = 25
const MAX_LIMIT = 100
/** Most members that the expanded collections of one answer may hold together. */
const MAX_MEMBERS = 10_000

// A name, or a name and options in parentheses; nothing nested.
const STATEMENT = /^\s*([^\s(),]+)\s*(?:\(([^()]*)\))?\s*$/
const OPTION = /^\s*(offset|limit)\s*:\s*(\d{1,9})\s*$/

/**
 * Reads `expand=a,b(offset:0,limit:10)` (contract/rest.md 1.11). Options are for collections, in any order.
 *
 * @throws Problem queryValueInvalid for bad syntax, notExpandable for anything but an expandable link
 */
export function parseExpand(resource: Resource, text: string | undefined): readonly Expansion[] {
  if (text === undefined) return []
  const expansions = new Map<string, Expansion>()
  // A comma inside parentheses separates options, not links.
  for (const statement of text.split(/,(?![^()]*\))/)) {
    const [, name, options] = STATEMENT.exec(statement) ?? bad(`has a malformed part '${statement.slice(0, 50)}'`)
    const link = name !== undefined && Object.hasOwn(resource.links, name) ? resource.links[name] : undefined
    if (!link || !isExpandable(link)) return refuse('notExpandable', { link: name ?? '', resource: resource.name })
    if (options !== undefined && link.kind !== 'many') bad(`has options for '${name}', which is no collection`)
    expansions.set(name as string, { name: name as string, link, ...parseOptions(options) })
  }
  if (expansions.size > MAX_EXPANSIONS) bad(`names more than ${MAX_EXPANSIONS} links`)
  return [...expansions.values()]
}

/**
 * Keeps the answer to one request of bounded size: every item of a page carries its expanded collections.
 *
 * @throws Problem queryValueInvalid
 */
export function boundExpansion(expansions: readonly Expansion[], items: number): void {
  const each = expansions.reduce((sum, { link, limit }) => sum + (link.kind === 'many' ? limit : 0), 0)
  if (each * items > MAX_MEMBERS) {
    bad(`asks for up to ${each * items} members of expanded collections; ${MAX_MEMBERS} is the most`)
  }
}

function parseOptions(options: string | undefined): { offset: number; limit: number } {
  const page = { offset: 0, limit: DEFAULT_LIMIT }
  if (options === undefined) return page
  const seen = new Set<string>()
  for (const option of options.split(',')) {
    const [, name = '', value] = OPTION.exec(option) ?? bad("takes 'offset:' and 'limit:' with a number in parentheses")
    if (seen.has(name)) bad(`repeats '${name}'`)
    seen.add(name)
    page[name as keyof typeof page] = Number(value)
  }
  if (page.limit < 1) bad('has a limit below 1')
  page.limit = Math.min(page.limit, MAX_LIMIT)
  return page
}

function bad(reason: string): never {
  return refuse('queryValueInvalid', { parameter: PARAMETER, reason })
}
