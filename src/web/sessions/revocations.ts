import type { Clock } from '../../std/clock.ts'
import type { AccessToken } from './access-token.ts'

/** Access tokens that ended before their time, as far as the feed told. */
export interface Revocations {
  /** @param ids - of access tokens, refresh tokens and sessions */
  add(ids: readonly string[]): void
  includes(token: AccessToken): boolean
}

/** No access token lives on after an entry has been kept for this long; longer ones are verified again by the service. */
const kept = 24 * 60 * 60_000
const maxEntries = 200_000

export function createRevocations(clock: Clock): Revocations {
  const ended = new Map<string, number>()
  return {
    add(ids) {
      const now = clock.now()
      for (const id of ids) ended.set(id, now)
      for (const [id, at] of ended) {
        if (now - at < kept && ended.size <= maxEntries) break
        ended.delete(id)
      }
    },
    includes: ({ id, session, refreshToken }) =>
      ended.size > 0 &&
      (ended.has(id) ||
        (session !== undefined && ended.has(session)) ||
        (refreshToken !== undefined && ended.has(refreshToken))),
  }
}
