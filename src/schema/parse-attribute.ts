import { parseIso } from '../std/iso.ts'
import { jsonNumberText } from '../std/json.ts'
import { isWellFormedText } from '../std/text.ts'
import {
  type Attribute,
  type EnumOptions,
  type IntegerOptions,
  isFilled,
  isRequired,
  type ListOptions,
  type ObjectOptions,
  type StringsOptions,
  type WriteMode,
} from './attribute.ts'
import { parseText } from './parse-text.ts'
import { refuse } from './problems.ts'
import { isGroup, type Switches } from './switches.ts'

type ByKind = { [K in Attribute['kind']]: (property: string, attribute: AttributeOf<K>, value: unknown) => unknown }
type AttributeOf<K extends Attribute['kind']> = Extract<Attribute, { kind: K }>

const parsers: ByKind = {
  string: parseText,
  integer: parseInteger,
  boolean: parseBoolean,
  enum: parseEnum,
  datetime: parseDatetime,
  strings: parseStrings,
  object: parseObject,
  switches: (property, { default: known }, value) => parseSwitches(property, known, value),
  list: parseList,
  joined: () => undefined,
  derived: () => undefined,
}

/**
 * One attribute of a body. Undefined leaves it as it is, or to its default. `null` clears what may be cleared: back to
 * the default where there is one. A state is never cleared: nobody means to enable what was disabled by saying nothing.
 */
export function parseAttribute(
  resource: string,
  property: string,
  attribute: Attribute,
  value: unknown,
  mode: WriteMode,
): unknown {
  if (isRequired(attribute) && isNothing(value, mode)) refuse('required', { resource, property })
  if (value === undefined) return undefined
  if (value === null && mode === 'create') return undefined
  if (value === null) {
    return attribute.kind === 'enum' && isFilled(attribute)
      ? refuse('required', { resource, property })
      : cleared(attribute)
  }
  return (parsers[attribute.kind] as (property: string, attribute: Attribute, value: unknown) => unknown)(
    property,
    attribute,
    value,
  )
}

/** A JSON object, and no number written in a way JavaScript cannot hold. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && jsonNumberText(value) === undefined
}

function isNothing(value: unknown, mode: WriteMode): boolean {
  if (value === undefined) return mode === 'create'
  return value === null || (typeof value === 'string' && value.trim() === '')
}

function cleared(attribute: Attribute): unknown {
  if ('default' in attribute) return attribute.default
  if (attribute.kind === 'strings' || attribute.kind === 'list') return []
  return attribute.kind === 'boolean' ? false : null
}

function parseInteger(property: string, { min, max }: IntegerOptions, value: unknown): number {
  const number = toNumber(value)
  if (number === undefined || !(Number.isSafeInteger(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER)) {
    return refuse('wrongType', { property, expected: 'a whole number' })
  }
  const low = min ?? Number.MIN_SAFE_INTEGER
  const high = max ?? Number.MAX_SAFE_INTEGER
  if (number >= low && number <= high) return number
  if (min !== undefined && max !== undefined) return refuse('outOfRange', { property, min, max })
  return number < low ? refuse('belowMinimum', { property, min: low }) : refuse('aboveMaximum', { property, max: high })
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'string') return /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : undefined
  const text = jsonNumberText(value)
  return text === undefined ? undefined : Number(text)
}

function parseBoolean(property: string, _: object, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (word === 'true' || word === 'false') return word === 'true'
  return refuse('wrongType', { property, expected: 'true or false' })
}

function parseEnum(
  property: string,
  { values, aliases = {} }: EnumOptions & { values: readonly string[] },
  value: unknown,
): string {
  if (typeof value !== 'string') return refuse('wrongType', { property, expected: 'a string' })
  const word = value.trim().toLowerCase()
  const known = values.find((each) => each.toLowerCase() === word)
  if (known !== undefined) return known
  const meant = Object.hasOwn(aliases, word) ? aliases[word] : undefined
  return meant ?? refuse('unsupportedValue', { property, supported: values })
}

function parseDatetime(property: string, _: object, value: unknown): number {
  if (typeof value !== 'string') return refuse('wrongType', { property, expected: 'a string' })
  return parseIso(value) ?? refuse('badFormat', { property, expected: 'an ISO-8601 date and time' })
}

function parseStrings(property: string, { maxCount, maxTotal, entries }: StringsOptions, value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    return refuse('wrongType', { property, expected: 'an array of strings' })
  }
  if (maxCount !== undefined && value.length > maxCount) refuse('tooMany', { property, max: maxCount })
  if (!value.every(isWellFormedText)) refuse('badEncoding', { property })
  const total = value.reduce((sum, entry) => sum + entry.length, 0)
  if (maxTotal !== undefined && total > maxTotal) refuse('tooLong', { property, max: maxTotal })
  if (entries) for (const [at, entry] of value.entries()) parseText(`${property}[${at}]`, entries, entry)
  return value
}

function parseObject(property: string, { members }: ObjectOptions, value: unknown): Record<string, string> {
  if (!isObject(value)) return refuse('wrongType', { property, expected: 'an object' })
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(members, name)) refuse('unknownProperty', { property: printable(name), resource: property })
  }
  const texts: Record<string, string> = {}
  for (const [name, options] of Object.entries(members)) {
    const text = Object.hasOwn(value, name) ? value[name] : undefined
    if (isNothing(text, 'create') || text === null) refuse('required', { resource: property, property: name })
    texts[name] = parseText(`${property}.${name}`, options, text)
  }
  return texts
}

/** The switches that a body sets; null sets one back to what it is without being set. */
function parseSwitches(property: string, known: Switches, value: unknown): Switches {
  if (!isObject(value)) return refuse('wrongType', { property, expected: 'an object' })
  const parsed: Record<string, Switches[string]> = {}
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(known, name)) refuse('unknownProperty', { property: printable(name), resource: property })
    const usual = known[name] as Switches[string]
    const place = `${property}.${name}`
    if (given === null) parsed[name] = usual
    else parsed[name] = isGroup(usual) ? parseSwitches(place, usual, given) : parseBoolean(place, {}, given)
  }
  return parsed
}

function parseList(property: string, { maxCount, members }: ListOptions, value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return refuse('wrongType', { property, expected: 'an array of objects' })
  if (value.length > maxCount) refuse('tooMany', { property, max: maxCount })
  return value.map((entry, at) => parseEntry(`${property}[${at}]`, members, entry))
}

function parseEntry(property: string, members: ListOptions['members'], value: unknown): Record<string, unknown> {
  if (!isObject(value)) return refuse('wrongType', { property, expected: 'an object' })
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(members, name)) refuse('unknownProperty', { property: printable(name), resource: property })
  }
  const entry: Record<string, unknown> = {}
  for (const [name, options] of Object.entries(members)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined
    if (isNothing(member, 'create') || member === null) refuse('required', { resource: property, property: name })
    const place = `${property}.${name}`
    entry[name] = options.kind === 'strings' ? parseStrings(place, options, member) : parseText(place, options, member)
  }
  return entry
}

const printable = (name: string): string => name.slice(0, 100).replaceAll('\0', '\ufffd').toWellFormed()
