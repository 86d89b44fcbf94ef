import type { Hrefs } from '../core/href.ts'
import type { Criterion, Operand } from '../core/ports.ts'
import type { Attribute } from '../schema/attribute.ts'
import { refuse } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import { isCustomDataPath, parseCustomDataPath } from './custom-data-path.ts'
import { parseDateTextRange, parseDatetimeRange } from './datetime-range.ts'
import { parseInterval, type Range, toRange } from './range.ts'

/**
 * The condition that `name=value` puts on the members of a collection (contract/rest.md §1.9 b–d).
 *
 * @throws {Problem} queryNotSupported for what cannot be searched by, queryValueInvalid, queryMalformed, rangeInverted
 */
export function parseCriterion(
  resource: Resource,
  name: string,
  value: string,
  { customData }: { customData: boolean },
  parseHref?: Hrefs['parseHref'],
): Criterion {
  if (customData && isCustomDataPath(name)) return onCustomData(name, value)
  const link = searchableLinks(resource).find((link) => name === `${link}.href`)
  if (link && parseHref) {
    const bad = () => refuse('queryValueInvalid', { parameter: name, reason: 'must be the address of a resource here' })
    return { on: { attribute: link }, match: 'is', value: (parseHref(value) ?? bad()).id }
  }
  const kind = searchableKind(resource, name)
  return kind
    ? onAttribute(kind, name, value)
    : refuse('queryNotSupported', { parameter: name, resource: resource.name })
}

/** Links by whose target a collection of this resource can be searched: `application.href=…`. */
export function searchableLinks({ links }: Resource): string[] {
  return Object.keys(links).filter((name) => links[name]?.kind === 'one' && links[name].search)
}

/** Names of the attributes that a collection of this resource can be searched by. */
export function searchableAttributes(resource: Resource): string[] {
  return [...Object.keys(resource.attributes), ...times].filter((name) => searchableKind(resource, name))
}

type Searchable = Attribute | { kind: 'datetime' }

/** Every resource has them without declaring them. */
export const times: readonly string[] = ['createdAt', 'modifiedAt']

function searchableKind(resource: Resource, name: string): Searchable | undefined {
  if (times.includes(name)) return { kind: 'datetime' }
  const attribute = Object.hasOwn(resource.attributes, name) ? resource.attributes[name] : undefined
  return attribute && 'search' in attribute && attribute.search ? attribute : undefined
}

function onAttribute(attribute: Searchable, name: string, value: string): Criterion {
  const on = { attribute: name }
  const bad = (reason: string) => refuse('queryValueInvalid', { parameter: name, reason })
  switch (attribute.kind) {
    case 'string':
      return pattern(on, value)
    case 'enum': {
      // Fragments "are not acceptable": refused rather than matched by nothing, so that a slip shows.
      const wanted = value.toUpperCase()
      const known = attribute.values.find((one) => one.toUpperCase() === wanted)
      return { on, match: 'is', value: known ?? bad(`must be one of ${attribute.values.join(', ')}`) }
    }
    case 'boolean': {
      const wanted = value.toLowerCase()
      if (wanted !== 'true' && wanted !== 'false') bad('must be true or false')
      return { on, match: 'is', value: wanted === 'true' }
    }
    case 'integer': {
      const number = /^-?\d{1,15}$/.test(value) ? Number(value) : bad('must be a whole number')
      return { on, match: 'is', value: number }
    }
    case 'datetime': {
      const range = parseDatetimeRange(value, name) ?? bad('must be a date or a range of dates')
      return { on, match: 'range', ...range }
    }
    default:
      return refuse('queryValueInvalid', { parameter: name })
  }
}

function onCustomData(name: string, value: string): Criterion {
  const path = parseCustomDataPath(name) ?? refuse('queryMalformed', { parameter: name })
  const on = { customData: path }
  const range = parseNumberRange(value, name) ?? parseDateTextRange(value, name)
  if (range) return { on, match: 'range', ...range }
  if (parseInterval(value))
    refuse('queryValueInvalid', { parameter: name, reason: 'is a range of neither numbers nor dates' })
  return pattern(on, value)
}

/** Two numbers in brackets are numbers, also where they look like years. */
function parseNumberRange(text: string, parameter: string): Range | undefined {
  const interval = parseInterval(text)
  return interval && toRange(interval, parseNumber, parameter)
}

function parseNumber(text: string): number | undefined {
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** `*` means anything at either end, itself elsewhere; alone it asks only that there is a value. */
function pattern(on: Operand, value: string): Criterion {
  const suffix = value.startsWith('*')
  const prefix = value.length > 1 && value.endsWith('*')
  const text = value.slice(suffix ? 1 : 0, prefix ? -1 : undefined)
  if (text === '') return { on, match: 'contains', text }
  return { on, match: suffix ? (prefix ? 'contains' : 'suffix') : prefix ? 'prefix' : 'equals', text }
}
