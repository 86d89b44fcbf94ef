import type { Cookies } from './cookies.ts'
import type { CsrfTokens } from './csrf.ts'
import type { Exchange } from './exchange.ts'
import type { Settings } from './options/settings.ts'
import type { Brand } from './pages/brand.ts'
import type { Links } from './pages/model.ts'
import type { Pages } from './pages/pages.ts'
import type { Facts, Service } from './service/service.ts'
import type { Feed } from './sessions/feed.ts'
import type { Sessions } from './sessions/sessions.ts'
import type { Users } from './sessions/users.ts'

/** Everything that flows and guards are made with. */
export interface Parts {
  readonly settings: Settings
  readonly service: Service
  readonly sessions: Sessions
  readonly users: Users
  readonly feed: Feed
  readonly cookies: Cookies
  readonly csrf: CsrfTokens
  readonly pages: Pages
  brand(facts: Facts): Brand
  /** Addresses of the routes that are switched on. */
  links(exchange: Exchange): Links
  /** What the application says of itself, as it was read lately. */
  facts(): Promise<Facts>
  /** The same, or nothing where the service is away: for answers that need no more than a name. */
  knownFacts(): Promise<Facts>
  /** Says in the log, once, that a proxy is not believed, and which line mends that. */
  tellOfProxy(line: string): void
  /** Milliseconds since the epoch. */
  now(): number
  /** Seconds that an access token still lives. */
  lifetimeOf(accessToken: string): number
}
