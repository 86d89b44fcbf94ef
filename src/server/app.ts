import type { Engine } from '../core/engine.ts'
import type { Inbox } from '../mail/inbox.ts'
import type { Handler } from '../std/exchange.ts'
import { requireNode } from '../std/node-version.ts'
import { localUrl, requireBaseUrl, resolveSettings } from './config.ts'
import { type Logger, toLog } from './log.ts'
import { Mistake } from './mistake.ts'
import type { Internals } from './open-engine.ts'
import type { Options } from './options.ts'
import { type Environment, fromEnvironment, fromObject } from './sources.ts'

export interface App {
  /** Answers everything: REST under `/v1`, health, the owner's page. */
  handle: Handler
  /** The same for the runtime's own `Request` and `Response`. */
  fetch(request: Request): Promise<Response>
  engine: Engine
  /** Scheme, host and port; hrefs begin with it and `/v1`. */
  baseUrl: string
  /** Where everything is kept, in words for people: a folder, PostgreSQL, or memory. */
  keptIn: string
  /**
   * The first API key, for a client in this process: as given, as this start made it, or as it lies in the data folder.
   * Undefined where none of them knows it.
   */
  apiKey: { id: string; secret: string } | undefined
  /** The mails of this process where they are captured and not sent: in development, and in tests. */
  inbox: Inbox | undefined
  /** Sends the mails that are due now, and resolves when none is on its way. It happens by itself; tests wait for it. */
  deliverMail(): Promise<void>
  /** Posts what waits for webhooks now, and resolves when none is on its way. It happens by itself; tests wait for it. */
  deliverWebhooks(): Promise<void>
  /** Present when this start made the tenant. */
  firstStart: FirstStartNews | undefined
  /** From now on `/readyz` says no, so that balancers look elsewhere. */
  drain(): void
  /** Ends the work under way and closes the database. */
  close(): Promise<void>
}

export interface FirstStartNews {
  apiKey: { id: string; secret: string }
  /** Where the key was written. */
  apiKeyFile: string | undefined
  /** The owner chooses a password there, once, within 24 hours. */
  ownerLink: string
}

export interface AppOptions extends Options, Internals {
  /** Read instead of `process.env`; it comes before these options. */
  environment?: Environment
  /** Where log lines go instead of standard error: `console`, pino, or the like. Warnings and errors unless `logLevel` says more. */
  logger?: Logger
}

/**
 * The whole service as a function, on a database of its own: nothing needs to be set, and everything can be.
 *
 * @example
 * const app = await createApp({ data: './.latchkey' })
 * const client = createClient({ engine: app })
 * @throws Mistake when a setting is wrong or the database cannot be used; its `fix` says what puts it right
 */
export async function createApp(options: AppOptions = {}): Promise<App> {
  requireNode()
  const {
    clock,
    log,
    logger,
    meters,
    opened,
    passwordRule,
    inMemory,
    inside,
    insecureTestCost,
    sendMail,
    environment = process.env,
    ...plain
  } = options
  const sources = [fromEnvironment(environment), fromObject(plain, 'the options')]
  const production = environment.NODE_ENV === 'production'
  const resolved = resolveSettings(sources, { production })
  const settings = { ...resolved, logLevel: resolved.logLevel ?? ('warn' as const) }
  requireBaseUrl(settings, true)
  if (insecureTestCost && (production || process.env.NODE_ENV === 'production')) refuseTestCost()
  // Loaded when it is wanted: an application that imports us starts at once.
  const { openApp } = await import('./open-app.ts')
  return openApp(settings, settings.baseUrl ?? localUrl(settings.host, settings.port), {
    inside: true,
    ...options,
    ...(logger && !log && { log: toLog(logger) }),
  })
}

/**
 * The service of an app that has its users in its own process. Its settings may come out of a file: what only code can
 * give is taken as functions alone, and the switches for tests (`insecureTestCost`, `inMemory` and the like) are settings
 * that there are not.
 *
 * @throws Mistake as `createApp`
 */
export async function createAppInside({
  log,
  passwordRule,
  sendMail,
  ...settings
}: Record<string, unknown>): Promise<App> {
  fromObject(settings, 'the options of latchkey()')
  return createApp({ ...settings, ...functions({ log, passwordRule, sendMail }) })
}

function functions(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'function'))
}

function refuseTestCost(): never {
  throw new Mistake(
    'insecureTestCost is on, and NODE_ENV is production: whoever gets the database would have every password',
    'leave insecureTestCost out',
  )
}
