import { findBadText } from '../std/text.ts'
import { type Attribute, isHeld, isWritable, type WriteMode } from './attribute.ts'
import { isSettable, isShownLink, type ToOne } from './link.ts'
import { isObject, parseAttribute } from './parse-attribute.ts'
import { type LinkHelpers, parseToOne } from './parse-link.ts'
import { Problem, refuse } from './problems.ts'
import type { Resource } from './resource.ts'

export interface ParseHelpers extends LinkHelpers {
  /** The declaration of a resource that a link names. */
  declarationOf(name: string): Resource
  /** Links that the address of the request has decided: whatever the body says about them is ignored. */
  settled?: readonly string[]
}

/** What a body asks for, checked. */
export interface ParsedBody {
  /** Attributes, and to-one links as ids (as references where a link has several kinds of target). */
  values: Record<string, unknown>
  /** Members for the custom data of the resource; absent when there is none to set. */
  customData?: Readonly<Record<string, unknown>>
  /** Parts that came nested, by the name of their resource; absent when there are none. */
  parts?: Readonly<Record<string, ParsedBody>>
}

/** Names every representation carries. */
const SHOWN_ALWAYS: readonly string[] = ['href', 'createdAt', 'modifiedAt']
const CUSTOM_DATA = 'customData'

/**
 * Reads the JSON body of a creation or update as its declaration says (contract/rest.md 1.6, 1.7). What a client may not
 * set is ignored when a representation shows it, in whatever form it comes back, and refused when nothing by that name
 * exists. The first problem in the order of the declaration is reported.
 *
 * @param body parsed JSON; undefined, null and `{}` ask for nothing
 * @throws Problem required | unknownProperty | wrongType | unsupportedValue | badFormat | badEncoding | tooShort |
 *   tooLong | belowMinimum | aboveMaximum | outOfRange | invalid | invalidReference | nothingToUpdate | bodyMalformed
 */
export function parseBody(resource: Resource, body: unknown, mode: WriteMode, helpers: ParseHelpers): ParsedBody {
  const members = body ?? {}
  if (!isObject(members)) return refuse('bodyMalformed', { reason: 'a JSON object is expected' })
  const names = Object.keys(members)
  if (mode === 'update' && names.length === 0) refuse('nothingToUpdate', { resource: resource.name })
  refuseUnknown(resource, names)

  const values: Record<string, unknown> = {}
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (!isWritable(attribute, mode)) continue
    const value = parseAttribute(resource.name, name, attribute, memberOf(members, name, attribute), mode)
    if (value !== undefined) values[name] = value
  }
  let customData: ParsedBody['customData']
  const parts: Record<string, ParsedBody> = {}
  for (const [name, link] of Object.entries(resource.links)) {
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    if (link.kind === 'part') {
      if (link.target === CUSTOM_DATA) customData = parseCustomData(value)
      else if (mode === 'create') {
        const part = parsePart(helpers.declarationOf(link.target), value, helpers)
        if (part) parts[link.target] = part
      }
    } else if (link.kind === 'one' && isSettable(link, mode) && !helpers.settled?.includes(name)) {
      const target =
        mode === 'update' && value === undefined ? undefined : parseLink(resource, name, link, value, helpers)
      if (target !== undefined) values[name] = target
      else if (mode === 'update' && value === null) values[name] = null
    }
  }
  return { values, ...(customData && { customData }), ...(Object.keys(parts).length > 0 && { parts }) }
}

/**
 * The members of a custom-data body or of a `customData` member; undefined when nothing is left to set, which is what
 * an unexpanded link sent back is.
 *
 * @throws Problem wrongType | badEncoding
 */
export function parseCustomData(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) return refuse('wrongType', { property: CUSTOM_DATA, expected: 'an object' })
  const bad = findBadText(value)
  if (bad !== undefined) refuse('badEncoding', { property: bad === '' ? CUSTOM_DATA : `${CUSTOM_DATA}.${bad}` })
  return Object.keys(value).every((name) => SHOWN_ALWAYS.includes(name)) ? undefined : value
}

function parseLink(resource: Resource, name: string, link: ToOne, value: unknown, helpers: ParseHelpers) {
  try {
    return parseToOne(resource.name, name, link, value, helpers)
  } catch (error) {
    throw resource.malformed && Problem.is(error) ? new Problem(resource.malformed, { property: name }) : error
  }
}

/** A part that comes nested in its owner's creation is held to its declaration; what it asks for beyond that is refused. */
function parsePart(part: Resource, value: unknown, helpers: ParseHelpers): ParsedBody | undefined {
  if (value === undefined || value === null || !part.comesNested) return undefined
  return parseBody(part, value, 'create', helpers)
}

function memberOf(members: Record<string, unknown>, name: string, attribute: Attribute): unknown {
  if (Object.hasOwn(members, name)) return members[name]
  if (attribute.kind !== 'strings') return undefined
  const alias = attribute.aliases?.find((spelling) => Object.hasOwn(members, spelling))
  return alias === undefined ? undefined : members[alias]
}

function refuseUnknown(resource: Resource, names: readonly string[]): void {
  const known = knownNames(resource)
  for (const name of names) {
    if (known.has(name)) continue
    const shown = name.slice(0, 100).replaceAll('\0', '\ufffd').toWellFormed()
    if (findBadText(name) !== undefined) refuse('badEncoding', { property: shown })
    refuse('unknownProperty', { property: shown, resource: resource.name })
  }
}

const known = new WeakMap<Resource, ReadonlySet<string>>()

/** Every name a body may hold: those of representations, further spellings, and those old clients send. */
function knownNames(resource: Resource): ReadonlySet<string> {
  const ready = known.get(resource)
  if (ready) return ready
  const names = new Set([...SHOWN_ALWAYS, ...(resource.ignored ?? []), ...(resource.showsId ? ['id'] : [])])
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (isHeld(attribute) && attribute.hidden) continue
    names.add(name)
    if (attribute.kind === 'strings') for (const alias of attribute.aliases ?? []) names.add(alias)
  }
  for (const [name, link] of Object.entries(resource.links)) if (isShownLink(link)) names.add(name)
  known.set(resource, names)
  return names
}
