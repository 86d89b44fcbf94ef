import type { ClientOptions, Engine } from '../client/client.ts'
import type { Clock } from '../std/clock.ts'
import type { Handler } from '../std/exchange.ts'
import { Mistake } from '../std/mistake.ts'
import { requireNode } from '../std/node-version.ts'
import { errorFields, logToStandardError } from './log.ts'
import type { WebOptions } from './options/options.ts'
import type { Environment } from './options/read.ts'
import { resolveSettings, type Settings } from './options/settings.ts'
import { createService } from './service/over-client.ts'
import { createWeb, type Web } from './web.ts'

/** Where the service in this process shows the mails that it did not send. */
export const inboxPath = '/__dev/mail'

/** The service in this process, as an entry file opens it. */
export interface OpenedService extends Engine {
  /** Present where mails are captured and shown at `/__dev/mail`. */
  readonly inbox?: unknown
  /** Where users are kept, in words for people; told in development. */
  readonly keptIn?: string
  close(): Promise<void>
}

/** Opens the service in this process, from settings that only it understands. */
export type OpenService = (settings: Record<string, unknown>) => Promise<OpenedService>

/** What runs behind `latchkey()`: there at once when the service is elsewhere, after a moment when it runs here. */
export interface Started {
  readonly settings: Settings
  /** The users live in this process, and nothing says that others may reach it. */
  readonly development: boolean
  /** Undefined while the service in this process opens. */
  readonly web: Web | undefined
  /** Answers what the service in this process shows to developers: the mails that were not sent. */
  readonly inbox: Handler | undefined
  /** @throws Mistake when the service in this process cannot open */
  ready(): Promise<Web>
  close(): Promise<void>
}

export interface StartOptions {
  environment?: Environment | undefined
  clock?: Clock | undefined
}

/**
 * Starts the web integration: on the engine it is given, over the network when `url` is set, otherwise with a service of
 * its own in this process.
 * @throws Mistake when a setting is wrong
 */
export function start(
  options: WebOptions & Record<string, unknown>,
  open: OpenService,
  { environment = process.env, clock }: StartOptions = {},
): Started {
  requireNode()
  const settings = resolveSettings(options, environment)
  const { url, engine, apiKey, application } = settings
  const assemble = (client: ClientOptions, apiKey: { id: string; secret: string }) =>
    createWeb({
      settings,
      service: createService({ client, apiKey, application }),
      secret: apiKey.secret,
      clock: clock ?? engine?.clock,
    })

  const place = engine ? { engine } : url === undefined ? undefined : { url }
  if (place) {
    const key = apiKey ?? refuseWithoutKey()
    const web = assemble({ ...place, apiKey: key }, key)
    const development = engine !== undefined && isDevelopment(settings)
    const pointed = engine && settings.baseUrl !== undefined ? web.pointLinks(settings.baseUrl) : undefined
    pointed?.catch(() => {}) // told to whoever awaits `ready`
    if (url !== undefined && settings.baseUrl !== undefined) pointLinks(web, settings.baseUrl, settings)
    const ready = async () => {
      await pointed
      return web
    }
    const inbox = engine?.inbox ? engine.handle : undefined
    return { settings, development, web, inbox, ready, close: () => web.close() }
  }

  let opened: OpenedService | undefined
  let web: Web | undefined
  const opening = (async () => {
    opened = await open({ ...settings.service, log: settings.log })
    if (isDevelopment(settings)) greet(opened, settings)
    const key = apiKey ?? opened.apiKey ?? refuseWithoutKey()
    const made = assemble({ engine: opened, apiKey: key }, key)
    // In development it is the first request that tells where we are.
    if (settings.baseUrl !== undefined) await made.pointLinks(settings.baseUrl)
    web = made
    return web
  })()
  let isAwaited = false
  // Nobody can use an app without its users: unless the app handles it, a start that fails ends the process.
  opening.catch((error: unknown) => {
    if (isAwaited) return
    queueMicrotask(() => {
      throw error
    })
  })
  return {
    settings,
    development: isDevelopment(settings),
    get web() {
      return web
    },
    get inbox() {
      return opened?.inbox ? opened.handle : undefined
    },
    ready() {
      isAwaited = true
      return opening
    },
    async close() {
      isAwaited = true
      await opening.catch(() => {})
      await web?.close()
      await opened?.close()
    },
  }
}

/** One line for whoever develops; who wants log lines elsewhere gets none. */
function greet({ keptIn, inbox }: OpenedService, { production, log }: Settings): void {
  if (keptIn === undefined || production || log !== logToStandardError) return
  const mail = inbox ? `; mails are not sent, but shown at ${inboxPath}` : ''
  process.stderr.write(`Latchkey runs in development mode: users are kept in ${keptIn}${mail}\n`)
}

/** The application works meanwhile; links that were pointed once stay pointed. */
function pointLinks(web: Web, baseUrl: string, { log }: Settings): void {
  web.pointLinks(baseUrl).catch((error: unknown) => {
    const msg = 'links in mails could not be led to the pages of this application; its next start tries again'
    log({ level: 'warn', event: 'web.links_not_pointed', msg, err: errorFields(error) })
  })
}

const isDevelopment = ({ service }: Settings): boolean => service.baseUrl === undefined

function refuseWithoutKey(): never {
  throw new Mistake('the service knows no API key to be called with', 'export LATCHKEY_API_KEY_FILE=…')
}
