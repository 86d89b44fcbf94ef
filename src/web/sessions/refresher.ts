import type { Clock } from '../../std/clock.ts'
import type { Service, Tokens } from '../service/service.ts'

/** How long the answer serves requests that were under way with the old cookie. */
const grace = 15_000
const maxKept = 10_000

export interface Refresher {
  /** New tokens for a refresh token: one question to the service, however many requests bring it at once. */
  refresh(refreshToken: string): Promise<Tokens>
  /** From now on nothing is known of it. */
  forget(refreshToken: string): void
}

/** Fifty requests with the same stale cookie are one refresh and no log-out. (contract/web.md §13) */
export function createRefresher(service: Pick<Service, 'refresh'>, clock: Clock): Refresher {
  const kept = new Map<string, { tokens: Promise<Tokens>; until: number }>()

  /** In the order in which they were added, and so in that of their ends. */
  function sweep(): void {
    for (const [token, { until }] of kept) {
      if (until > clock.now() && kept.size <= maxKept) return
      kept.delete(token)
    }
  }

  return {
    refresh(refreshToken) {
      sweep()
      const known = kept.get(refreshToken)
      if (known) return known.tokens
      const tokens = service.refresh(refreshToken)
      kept.set(refreshToken, { tokens, until: clock.now() + grace })
      // A failure is not kept: the next request asks again.
      tokens.catch(() => kept.delete(refreshToken))
      return tokens
    },
    forget(refreshToken) {
      kept.delete(refreshToken)
    },
  }
}
