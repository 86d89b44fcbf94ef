/** A source of time: milliseconds since the Unix epoch. */
export interface Clock {
  now(): number
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

export interface ManualClock extends Clock {
  /** Moves forward by `ms` milliseconds; negative goes back. */
  advance(ms: number): void
  /** Jumps to `ms` milliseconds since the epoch. */
  set(ms: number): void
}

/**
 * A clock that only moves when told, for tests and simulations.
 *
 * @example
 * const clock = createManualClock(0)
 * clock.advance(60_000)
 * clock.now() // 60000
 */
export function createManualClock(start: number): ManualClock {
  let time = start
  return {
    now: () => time,
    advance(ms) {
      time += ms
    },
    set(ms) {
      time = ms
    },
  }
}
