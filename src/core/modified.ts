/**
 * The moment of a change: always later than that of the change before, also within one millisecond or when the clock goes
 * back, so that no two states of one resource have the same.
 */
export function modifiedNow({ now }: { now: number }, before: { modifiedAt: number } | undefined): number {
  return before ? Math.max(now, before.modifiedAt + 1) : now
}
