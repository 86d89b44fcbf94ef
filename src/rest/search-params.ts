import type { Hrefs } from '../core/href.ts'
import type { Criterion } from '../core/ports.ts'
import { refuse } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import { decodeForm } from '../std/form-encoding.ts'
import { isWellFormedText } from '../std/text.ts'
import { parseCriterion } from './criteria.ts'
import { type OrderBy, parseOrderBy } from './order-by.ts'

/** What the query string of a collection asks for. */
export interface ListParams {
  q?: string
  criteria: Criterion[]
  orderBy: OrderBy
  offset: number
  limit: number
  /** As given; which links it may name is checked where they are followed. */
  expand?: string
}

const defaultLimit = 25
const maxLimit = 100
const maxCriteria = 50
const maxValueBytes = 2048

const controls = new Set([
  'q',
  'offset',
  'limit',
  'orderBy',
  'expand',
  'encryptSecret',
  'encryptionKeySalt',
  'encryptionKeySize',
  'encryptionKeyIterations',
  '_method',
])

/**
 * The decoded pairs of a query string, in their order. Empty pairs, as in `a=1&&b=2`, are no pairs.
 *
 * @param raw without the question mark
 * @throws {Problem} queryMalformed for a pair without name or `=`, or whose encoding is broken; queryValueInvalid for text
 *   that cannot be stored
 */
export function parseQuery(raw: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const pair of raw.split('&')) {
    if (pair === '') continue
    const cut = pair.indexOf('=')
    const name = decodeForm(pair.slice(0, Math.max(cut, 0)))
    const value = decodeForm(pair.slice(cut + 1))
    if (!name || value === undefined) refuse('queryMalformed', { parameter: pair })
    if (!isWellFormedText(name + value)) refuse('queryValueInvalid', { parameter: name })
    pairs.push([name, value])
  }
  return pairs
}

/**
 * Reads the parameters of a request for a collection of `resource` (contract/rest.md §1.8–1.10). `requires` names one
 * that must be there, and is matched exactly.
 *
 * @throws {Problem} one of the query problems
 */
export function parseListQuery(
  resource: Resource,
  { customData, requires }: { customData: boolean; requires?: string },
  params: readonly (readonly [string, string])[],
  parseHref?: Hrefs['parseHref'],
): ListParams {
  const given = once(params)
  if (requires !== undefined && !given.has(requires)) refuse('queryValueMissing', { parameter: requires })
  const criteria: Criterion[] = []
  for (const [name, value] of given) {
    if (controls.has(name)) continue
    if (criteria.length === maxCriteria) {
      refuse('queryValueInvalid', { parameter: name, reason: `is one criterion more than ${maxCriteria}` })
    }
    const required = name === requires
    criteria.push(
      required
        ? { on: { attribute: name }, match: 'is', value }
        : parseCriterion(resource, name, value, { customData }, parseHref),
    )
  }
  const q = given.get('q')
  const expand = given.get('expand')
  const orderBy = given.get('orderBy')
  return {
    ...(q !== undefined && { q }),
    criteria,
    orderBy: orderBy === undefined ? [] : parseOrderBy(resource, orderBy, { customData }),
    offset: parseCount('offset', given.get('offset') ?? '0', 0),
    limit: Math.min(parseCount('limit', given.get('limit') ?? String(defaultLimit), 1), maxLimit),
    ...(expand !== undefined && { expand }),
  }
}

/** Every parameter has one value; some clients repeat a whole pair when they follow a redirect (trap T2). */
function once(params: readonly (readonly [string, string])[]): Map<string, string> {
  const values = new Map<string, string>()
  for (const [parameter, value] of params) {
    if (value === '') refuse('queryValueMissing', { parameter })
    if (Buffer.byteLength(value) > maxValueBytes) {
      refuse('queryValueInvalid', { parameter, reason: `is longer than ${maxValueBytes} bytes` })
    }
    if ((values.get(parameter) ?? value) !== value) refuse('queryRepeated', { parameter })
    values.set(parameter, value)
  }
  return values
}

function parseCount(parameter: string, text: string, min: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(count) && count >= min) return count
  return refuse('queryValueInvalid', { parameter, reason: `must be a whole number of at least ${min}` })
}
