import type { Place } from '../client-api/place.ts'
import { isOAuthPath } from '../oauth/path.ts'
import { Problem } from '../schema/problems.ts'
import { BodyAborted, BodyTooLarge, type Handler, type LightRequest, type LightResponse } from '../std/exchange.ts'
import { requestIdOf } from '../std/request-id.ts'
import { errorAnswer } from './answers.ts'
import type { Budgets } from './budgets.ts'
import { guardDevelopment } from './development-guard.ts'
import type { Health } from './health.ts'
import { inboxPath } from './inbox-path.ts'
import { failedRequest, type Log } from './log.ts'
import { ownerPath } from './owner-link.ts'

export interface RouterOptions {
  rest: Handler
  oauth: Handler
  /** Of requests that are for the Client API of an application. */
  clientApi: {
    placeOf(request: LightRequest): Place | undefined
    answer(request: LightRequest, place: Place): Promise<LightResponse>
  }
  owner: Handler
  health: Pick<Health, 'live' | 'ready'>
  /** Where the links of mails lead, by path. */
  links: Readonly<Record<string, Handler>>
  /** Captured mails; undefined where mails are sent. */
  inbox: Handler | undefined
  /** Answer requests of this machine only. */
  development: boolean
  /** How many requests may come in; undefined for any number. */
  budgets?: Budgets | undefined
  log: Log
}

/** Which part answers what. */
export function createRouter(options: RouterOptions): Handler {
  const { rest, oauth, clientApi, owner, health, links, inbox, development, log, budgets } = options
  const others: Readonly<Record<string, Handler>> = {
    '/v1': rest,
    '/healthz': health.live,
    '/readyz': health.ready,
    [ownerPath]: owner,
    ...links,
  }
  const inboxFor = (path: string) =>
    inbox && (path.startsWith(`${inboxPath}/`) || path === inboxPath || path === `${inboxPath}.json`) ? inbox : notFound
  // Not async all the way: every promise between the socket and the REST API is paid by each of its requests.
  const route: Handler = (request) => {
    const refused = development ? guardDevelopment(request) : undefined
    if (refused) return Promise.resolve(refused)
    const place = clientApi.placeOf(request)
    if (place) return clientApi.answer(request, place).catch((error) => toAnswer(request, error, log))
    const { path } = request
    if (path.startsWith('/v1/')) {
      const part = isOAuthPath(path) ? oauth : rest
      return part(request).catch((error) => toAnswer(request, error, log))
    }
    const part = Object.hasOwn(others, path) ? (others[path] as Handler) : inboxFor(path)
    return part(request).then(
      (response) => about(response, request, Object.hasOwn(others, path) ? path : inboxPath),
      (error) => toAnswer(request, error, log),
    )
  }
  if (!budgets) return route
  return async (request) => {
    // Those who ask for its health ask often, and get little.
    if (request.path === '/healthz' || request.path === '/readyz') return route(request)
    return budgets.told(request, (await budgets.admit(request)) ?? (await route(request)))
  }
}

/** What observers may say of an exchange that says nothing of itself. */
function about(response: LightResponse, request: LightRequest, route: string): LightResponse {
  response.about ??= { route, requestId: requestIdOf(request) }
  return response
}

async function notFound(request: LightRequest): Promise<LightResponse> {
  const requestId = requestIdOf(request)
  const answer = errorAnswer({ status: 404, message: 'The requested resource does not exist.', requestId })
  return { ...answer, about: { route: 'other', requestId } }
}

/** What a part did not expect is our fault: logged whole, told plainly. */
function toAnswer(request: LightRequest, error: unknown, log: Log): LightResponse {
  if (error instanceof BodyTooLarge) return errorAnswer({ status: 413, message: 'The request body is too large.' })
  if (error instanceof BodyAborted) throw error
  if (Problem.is(error, 'overloaded')) {
    const headers = { 'retry-after': String(error.detail.retryAfterSeconds) }
    return errorAnswer({ status: 503, message: 'The service is very busy. Please try again in a moment.', headers })
  }
  const requestId = requestIdOf(request)
  log(failedRequest(error, requestId))
  return errorAnswer({ status: 500, message: 'Something went wrong on our side.', requestId })
}
