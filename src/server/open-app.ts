import { join, relative } from 'node:path'
import { createClientApi } from '../client-api/handler.ts'
import { createPlaces } from '../client-api/place.ts'
import { createOAuth } from '../oauth/handler.ts'
import { createAuthenticator } from '../rest/authenticate.ts'
import { toErrorResponse, toRefusal } from '../rest/errors.ts'
import { createRest } from '../rest/handler.ts'
import { parseSource } from '../rest/source.ts'
import { toFetch } from '../std/exchange.ts'
import { clientAddress } from '../std/network.ts'
import type { Dispatcher } from '../webhooks/dispatcher.ts'
import { readKeyFile } from './api-key-file.ts'
import type { App } from './app.ts'
import { createBudgets } from './budgets.ts'
import type { Settings } from './config.ts'
import { dataFiles } from './data-folder.ts'
import { firstStart } from './first-start.ts'
import { createHealth } from './health.ts'
import { startHousekeeping } from './housekeeping.ts'
import { createInboxPages } from './inbox.ts'
import { createLinkPages } from './link-pages.ts'
import { toLive } from './live.ts'
import { atLeast, failedRequest, isHeard } from './log.ts'
import { logToStandardError } from './log-lines.ts'
import { addMailMetrics } from './metrics/mail.ts'
import { addProcessMetrics } from './metrics/process.ts'
import { observe } from './observe.ts'
import { type Internals, openEngine } from './open-engine.ts'
import { type Post, requireMail, startPost } from './open-mail.ts'
import { startWebhooks } from './open-webhooks.ts'
import { issueOwnerLink } from './owner-link.ts'
import { createOwnerPassword } from './owner-password.ts'
import { createRouter } from './router.ts'

/** How long a stop waits for mails on their way, in milliseconds; what is left is in the database. */
const lastMails = 10_000

/** The app of resolved settings, reached at `baseUrl`. */
export async function openApp(settings: Settings, baseUrl: string, internals: Internals = {}): Promise<App> {
  const { inMemory = false, meters } = internals
  const live = internals.live ?? toLive(settings)
  const level = () => live.logLevel
  const log = atLeast(level, internals.log ?? logToStandardError)
  const opened = await openEngine(settings, baseUrl, { ...internals, log })
  const { engine, mail } = opened
  const { services } = engine
  let post: Post | undefined
  let dispatcher: Dispatcher | undefined
  let watching: { stop(): void } | undefined
  let stopHousekeeping: (() => Promise<void>) | undefined
  const close = async () => {
    watching?.stop()
    await dispatcher?.stop(lastMails)
    await post?.close(lastMails)
    await stopHousekeeping?.()
    await opened.close()
  }
  try {
    await requireMail(settings, services.store, internals.sendMail)
    const errorDocs = `${baseUrl}/v1/openapi.json`
    // In development only this machine is answered, and its requests are not counted.
    const budgets = settings.development
      ? undefined
      : createBudgets({
          limits: services.limits,
          clock: services.clock,
          signal: services.signal,
          onRefused: meters?.limited,
          toErrorResponse: (problem, requestId) => toErrorResponse(problem, { requestId, errorDocs }),
          live,
        })
    const known = createAuthenticator({ engine, clock: services.clock })
    const authenticate = budgets?.counted(known) ?? known
    const logFailure = (error: unknown, requestId: string) => log(failedRequest(error, requestId))
    const health = createHealth(services.store, services.passwords)
    watching =
      meters &&
      addProcessMetrics(meters.registry, {
        passwords: services.passwords,
        store: settings.database === undefined ? 'sqlite' : 'postgres',
        ready: health.wasReady,
      })
    if (meters) addMailMetrics(meters.registry, services.store.outbox, services.clock)
    const router = createRouter({
      rest: createRest({
        engine,
        authenticate,
        log: logFailure,
      }),
      oauth: createOAuth({
        engine,
        authenticate,
        log: logFailure,
        parseSource,
        toRefusal: (problem, requestId) => toRefusal(problem, { requestId, errorDocs }),
      }),
      clientApi: {
        placeOf: createPlaces(services),
        answer: createClientApi({
          engine,
          log: logFailure,
          toRefusal(problem, requestId) {
            const { status, headers, body } = toRefusal(problem, { requestId, errorDocs })
            return { status, headers, message: body.message }
          },
          addressOf: (request) => clientAddress(request.peer, request.header('x-forwarded-for'), live.trustedProxies),
        }),
      },
      health,
      owner: createOwnerPassword(engine),
      links: createLinkPages(engine),
      inbox: mail.inbox && createInboxPages(mail.inbox, baseUrl),
      development: settings.development,
      budgets,
      log,
    })
    const handle = observe(router, {
      meters,
      log: internals.live || isHeard('info', level()) ? log : undefined,
      wanted: () => isHeard('info', level()),
      trustedProxies: () => live.trustedProxies,
    })
    const apiKeyFile = inMemory || isKnown(settings) ? undefined : join(settings.data, dataFiles.apiKey)
    const first = await firstStart(engine, settings, apiKeyFile)
    const { allowPrivateServers } = settings.mail
    post = startPost(engine, mail, { allowPrivateServers, log, clock: services.clock })
    stopHousekeeping = startHousekeeping(engine, log, { auditRetention: settings.audit.retention })
    dispatcher = startWebhooks(opened, settings, log)
    internals.opened?.(health)
    return {
      handle,
      fetch: toFetch(handle),
      engine,
      baseUrl,
      keptIn: inMemory ? 'memory' : settings.database === undefined ? shortPath(settings.data) : 'PostgreSQL',
      inbox: mail.inbox,
      deliverMail: () => mail.settled(),
      deliverWebhooks: async () => dispatcher?.settled(),
      apiKey: settings.apiKey ?? first?.apiKey ?? (apiKeyFile === undefined ? undefined : readKeyFile(apiKeyFile)),
      firstStart: first && {
        apiKey: first.apiKey,
        apiKeyFile,
        ownerLink: await issueOwnerLink(engine, first.tenant),
      },
      drain: health.drain,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Relative to where we are, for what lies below. */
function shortPath(path: string): string {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : `./${near}`
}

/** A node on PostgreSQL keeps nothing on its disk, and whoever chose the first key has it. */
function isKnown({ database, apiKey }: Settings): boolean {
  return database !== undefined && apiKey !== undefined
}
