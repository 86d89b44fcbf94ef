import { type Clock, createManualClock } from '../std/clock.ts'
import { parseDuration } from '../std/duration.ts'

/** A clock that moves when it is told to, and by which both the service and the application go. */
export interface TestClock extends Clock {
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Moves forward: by milliseconds, or an ISO 8601 duration such as `PT15M`.
   * @throws RangeError for anything else, and for a step back
   */
  advance(by: number | string): void
  /** Jumps to a moment: a date, milliseconds since 1970, or a text such as `2026-03-10T09:30:00Z`. @throws RangeError */
  set(to: Date | number | string): void
}

export function createTestClock(start: Date | number | string | undefined): TestClock {
  const clock = createManualClock(start === undefined ? Date.now() : toTime(start))
  return {
    now: () => clock.now(),
    advance(by) {
      const ms = typeof by === 'number' ? by : parseDuration(by)
      if (ms === undefined || !Number.isFinite(ms) || ms < 0) {
        throw new RangeError(
          `${JSON.stringify(by)} is no step forward: milliseconds, or an ISO 8601 duration like 'PT15M'`,
        )
      }
      clock.advance(ms)
    },
    set: (to) => clock.set(toTime(to)),
  }
}

function toTime(moment: Date | number | string): number {
  const time = new Date(moment).getTime()
  if (Number.isNaN(time))
    throw new RangeError(`${JSON.stringify(moment)} is no moment: a Date, milliseconds, or ISO 8601`)
  return time
}
