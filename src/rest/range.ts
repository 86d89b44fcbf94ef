import { refuse } from '../schema/problems.ts'

/** Both ends of a range; one that is open has none. */
export interface Range<V extends number | string = number | string> {
  from?: { value: V; inclusive: boolean }
  to?: { value: V; inclusive: boolean }
}

/** `[a,b]`, `(a,b)` and their mixtures, before anyone has read a and b; an open end is empty. */
export interface Interval {
  from: string
  fromInclusive: boolean
  to: string
  toInclusive: boolean
}

const shape = /^([[(])([^,]*),([^,]*)([\])])$/

/** Reads the brackets of contract/rest.md §1.9 c; undefined when they are none, or open at both ends. */
export function parseInterval(text: string): Interval | undefined {
  const [, opening, from = '', to = '', closing] = shape.exec(text) ?? []
  const interval = { from: from.trim(), fromInclusive: opening === '[', to: to.trim(), toInclusive: closing === ']' }
  return interval.from || interval.to ? interval : undefined
}

/**
 * The range of an interval whose ends `read` understands; undefined when it understands one of them not.
 *
 * @throws {Problem} rangeInverted when the end lies before the start
 */
export function toRange(
  interval: Interval,
  read: (text: string) => number | undefined,
  parameter: string,
): Range<number> | undefined {
  const from = interval.from ? read(interval.from) : Number.NEGATIVE_INFINITY
  const to = interval.to ? read(interval.to) : Number.POSITIVE_INFINITY
  if (from === undefined || to === undefined) return undefined
  if (to < from) refuse('rangeInverted', { parameter })
  return {
    ...(interval.from && { from: { value: from, inclusive: interval.fromInclusive } }),
    ...(interval.to && { to: { value: to, inclusive: interval.toInclusive } }),
  }
}
