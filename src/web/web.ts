import { type Clock, systemClock } from '../std/clock.ts'
import { createCookies } from './cookies.ts'
import { createCsrfTokens } from './csrf.ts'
import type { Exchange } from './exchange.ts'
import { isAway } from './failures.ts'
import { createGuard, type Demand, type Guard } from './guards.ts'
import { createWebHandler, type WebHandler } from './handler.ts'
import type { Settings } from './options/settings.ts'
import { type Brand, createBrand } from './pages/brand.ts'
import type { Links } from './pages/model.ts'
import { createPages } from './pages/pages.ts'
import type { Parts } from './parts.ts'
import type { WebRequest } from './request.ts'
import { routesOf } from './routes.ts'
import type { Facts, Service } from './service/service.ts'
import { expiryOf } from './sessions/access-token.ts'
import { createFeed } from './sessions/feed.ts'
import { createKeys } from './sessions/keys.ts'
import { createRefresher } from './sessions/refresher.ts'
import { createRevocations } from './sessions/revocations.ts'
import { createSessions } from './sessions/sessions.ts'
import { createSnapshots } from './sessions/snapshots.ts'
import { createUsers } from './sessions/users.ts'
import { createVerifiedTokens } from './sessions/verified.ts'

/** The web integration of one application, whatever the framework. */
export interface Web {
  readonly settings: Settings
  readonly handle: WebHandler
  /** Whether there is a route for it. */
  isOurs(request: Pick<WebRequest, 'path'>): boolean
  guard(demand: Demand): Guard
  readonly parts: Parts
  /** Lets links in mails lead to our pages at this origin, once. */
  pointLinks(origin: string, mount?: string): Promise<void>
  /** Asks the service nothing more, and resolves when what was asked in the background is answered. */
  close(): Promise<void>
}

/** For how long the application's policies are taken as they were read. */
const factsFor = 30_000

export interface WebOptions {
  settings: Settings
  service: Service
  /** Known to every node of the application and nobody else. */
  secret: string
  clock?: Clock | undefined
}

export function createWeb({ settings, service, secret, clock = systemClock }: WebOptions): Web {
  const snapshots = createSnapshots(clock)
  const revocations = createRevocations(clock)
  const verified = createVerifiedTokens()
  const feed = createFeed(service, {
    delay: settings.revocationDelay,
    now: () => clock.now(),
    log: settings.log,
    onNews({ accounts, ended, everybody, everything }) {
      revocations.add(ended)
      if (everything) sessions.forget()
      if (everybody) snapshots.forget('everybody')
      else if (accounts.length > 0) snapshots.forget(accounts)
    },
  })
  const users = createUsers({ service, snapshots, feed, expand: settings.expand, clock })
  const cookies = createCookies(settings)
  const { facts, latest, settled } = createFacts(service, clock)
  const sessions = createSessions({
    service,
    cookies,
    keys: createKeys(() => service.keys(), clock),
    feed,
    users,
    verified,
    revocations,
    refresher: createRefresher(service, clock),
    clock,
    issuer: () => latest()?.application ?? facts().then(({ application }) => application),
    remote: settings.validation === 'remote',
  })
  const { brand: brandOptions, views, texts } = settings.pages
  const pages = createPages({ views, texts, formTargets: settings.trustedOrigins, clock })
  const brands = new Map<string, Brand>()
  let isProxyTold = false
  const parts: Parts = {
    settings,
    service,
    sessions,
    users,
    feed,
    cookies,
    csrf: createCsrfTokens(secret),
    pages,
    brand({ applicationName: name }) {
      const known = brands.get(name) ?? createBrand({ ...brandOptions, name: brandOptions?.name ?? name })
      if (brands.size < 10) brands.set(name, known)
      return known
    },
    links: (exchange) => linksOf(exchange, settings),
    tellOfProxy(line) {
      if (isProxyTold) return
      isProxyTold = true
      const msg =
        'requests come through a proxy whose X-Forwarded-For this app was not told to believe: its users cannot be told ' +
        `apart, so limits count them together; ${line} mends that where there is one proxy (docs/production.md)`
      settings.log({ level: 'warn', event: 'web.proxy_unheard', msg })
    },
    now: () => clock.now(),
    facts,
    knownFacts: () =>
      facts().catch((error: unknown) => (isAway(error) ? (latest() ?? noFacts) : Promise.reject(error))),
    lifetimeOf: (accessToken) => Math.max(0, Math.round(((expiryOf(accessToken) ?? 0) - clock.now()) / 1000)),
  }
  const paths = routesOf(settings)
  let pointing: Promise<void> | undefined
  // Said at the start, not by the first user who logs in.
  if (brandOptions) createBrand(brandOptions)
  for (const warning of settings.warnings) settings.log({ level: 'warn', event: 'web.weakness', msg: warning })
  return {
    settings,
    parts,
    handle: createWebHandler(parts),
    isOurs: ({ path }) => paths.has(path),
    guard: (demand) => createGuard(parts, demand),
    pointLinks(origin, mount = '') {
      pointing ??= service
        .pointLinks({
          reset: `${origin}${mount}${settings.changePassword.uri}`,
          verification: `${origin}${mount}${settings.verifyEmail.uri}`,
        })
        .catch((error: unknown) => {
          // a failure is not kept: the next request tries again
          pointing = undefined
          throw error
        })
      return pointing
    },
    async close() {
      await Promise.all([feed.close(), settled()])
    },
  }
}

const noFacts: Facts = {
  application: '',
  applicationName: 'Latchkey',
  passwordReset: false,
  emailVerification: false,
  passwordLength: undefined,
  hasStores: true,
}

/** What the application says of itself: read when it is first needed, then in the background. */
function createFacts(service: Pick<Service, 'facts'>, clock: Clock) {
  let known: Facts | undefined
  let readAt = 0
  let reading: Promise<Facts> | undefined

  function read(): Promise<Facts> {
    reading ??= service
      .facts()
      .then((facts) => {
        known = facts
        readAt = clock.now()
        return facts
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  return {
    latest: () => known,
    /** Resolves when nothing is being read. */
    settled: async () => void (await reading?.catch(() => {})),
    async facts(): Promise<Facts> {
      if (!known) return read()
      if (clock.now() - readAt > factsFor) read().catch(() => {})
      return known
    },
  }
}

function linksOf(exchange: Exchange, settings: Settings): Links {
  const { facts, request } = exchange
  const on = (route: { enabled: boolean | undefined; uri: string }, otherwise = true) =>
    (route.enabled ?? otherwise) ? exchange.own(route.uri) : undefined
  return {
    home: `${request.mount}/`,
    login: on(settings.login),
    register: on(settings.register),
    forgot: on(settings.forgotPassword, facts.passwordReset),
    verify: on(settings.verifyEmail, facts.emailVerification),
    profile: on(settings.profile),
    password: on(settings.password),
    logout: on(settings.logout),
  }
}
