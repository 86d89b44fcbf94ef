import { parseIso, toIso } from '../std/iso.ts'
import { parseInterval, type Range, toRange } from './range.ts'

/** A stretch of time named by one text, in milliseconds: a year, a month, a day … a millisecond. */
interface Unit {
  start: number
  /** Where the next one starts. */
  end: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const shape = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/

/**
 * A range of moments as contract/rest.md §1.9 c writes it: brackets whose ends are dates of any precision, each standing
 * for the start of its unit, or no brackets for everything inside one unit. Undefined for anything else.
 *
 * @throws {Problem} rangeInverted
 */
export function parseDatetimeRange(text: string, parameter: string): Range<number> | undefined {
  return inside(parseUnit(text)) ?? between(text, parameter)
}

/**
 * The same for dates that were stored as text and are compared as text (contract/rest.md §1.9 d). Here a unit needs
 * brackets, as in `[2015]`: without them a value is plain text. Each bound is written so that the usual spellings of its
 * moment fall on the right side: the shortest where the moment belongs to what follows, the longest where it belongs to
 * what came before.
 *
 * @throws {Problem} rangeInverted
 */
export function parseDateTextRange(text: string, parameter: string): Range<string> | undefined {
  const unit = /^\[([^,]*)\]$/.exec(text)?.[1]
  const range = unit === undefined ? between(text, parameter) : inside(parseUnit(unit))
  if (!range) return undefined
  const { from, to } = range
  return {
    ...(from && { from: { ...from, value: (from.inclusive ? shortest : toIso)(from.value) } }),
    ...(to && { to: { ...to, value: (to.inclusive ? toIso : shortest)(to.value) } }),
  }
}

function inside(unit: Unit | undefined): Range<number> | undefined {
  return unit && { from: { value: unit.start, inclusive: true }, to: { value: unit.end, inclusive: false } }
}

function between(text: string, parameter: string): Range<number> | undefined {
  const interval = parseInterval(text)
  return interval && toRange(interval, (end) => parseUnit(end)?.start, parameter)
}

function parseUnit(text: string): Unit | undefined {
  const parts = shape.exec(text)
  if (!parts) return undefined
  const [, year, month = '01', date = '01', hours = '00', minutes = '00', seconds = '00', fraction = '0', zone = 'Z'] =
    parts
  const start = parseIso(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}.${fraction}${zone}`)
  return start === undefined ? undefined : { start, end: endOf(start, parts.slice(1, 8)) }
}

function endOf(start: number, parts: readonly (string | undefined)[]): number {
  const precision = parts.findLastIndex((part) => part !== undefined)
  const next = new Date(start)
  if (precision === 0) return next.setUTCFullYear(next.getUTCFullYear() + 1)
  if (precision === 1) return next.setUTCMonth(next.getUTCMonth() + 1)
  return start + ([day, hour, minute, second, 1][precision - 2] as number)
}

/** Without the units that are at their start: `2015-03` for the first of March. */
function shortest(ms: number): string {
  return toIso(ms).replace(/(?:(?:(?:(?:(?:-01)?-01)?T00)?:00)?:00)?\.000Z$/, '')
}
