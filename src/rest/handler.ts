import type { Caller } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import { signalOf } from '../core/signals.ts'
import { Problem, refuse } from '../schema/problems.ts'
import {
  type About,
  BodyAborted,
  BodyTooLarge,
  type Handler,
  type LightRequest,
  type LightResponse,
} from '../std/exchange.ts'
import { requestIdOf } from '../std/request-id.ts'
import { parseRequestBody } from './body.ts'
import { type ErrorContext, toErrorResponse, toFailureResponse } from './errors.ts'
import { jsonHeaders } from './headers.ts'
import { toOpenApi } from './openapi.ts'
import { perform } from './operations.ts'
import { createRepresentations } from './representation.ts'
import { createRouter, type Match, type Method } from './router.ts'
import { bodyLimits, type Route, routes } from './routes.ts'
import { parseQuery } from './search-params.ts'
import { parseSource } from './source.ts'

export interface RestOptions {
  engine: Engine
  /** Tells who makes a request; where the body is signed, it is read for that up to a limit. @throws Problem unauthenticated */
  authenticate: (request: LightRequest, bodyLimit: number) => Promise<Caller>
  /** Hears of every fault of ours, whole. */
  log: (error: unknown, requestId: string) => void
  /** Where error codes are explained; `#error-<code>` is appended. The OpenAPI document when absent. */
  errorDocs?: string
}

/** The REST API of contract/rest.md as one handler. Every answer is JSON and carries a request id. */
export function createRest({ engine, authenticate, log, errorDocs }: RestOptions): Handler {
  const { hrefs } = engine.services
  const representations = createRepresentations(hrefs)
  const prefix = new URL(hrefs.base).pathname
  const match = createRouter(routes, prefix)
  const docs = errorDocs ?? `${hrefs.base}/openapi.json`
  let description: string | undefined

  return async (request) => {
    const requestId = requestIdOf(request)
    const about: About = { requestId }
    const response = await answer(request, requestId, about).catch((error: unknown) => {
      // What stood in the place of an id may be anything.
      if (Problem.is(error, 'notFound')) delete about.application
      const signal = signalOf(error, requestId)
      if (signal) engine.services.signal(signal)
      return toRefusal(error, { requestId, errorDocs: docs })
    })
    response.about = about
    return response
  }

  async function answer(request: LightRequest, id: string, about: About): Promise<LightResponse> {
    const matched = match(request.path)
    about.route = matched ? templateOf(matched) : `${prefix}/*`
    // HEAD is a GET whose body is not sent.
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const direct = matched?.routes.get(method as Method)
    if (direct?.open) return describe(id)
    // Who asks is known before anything else is told, and before anything is read from somebody unknown.
    const bodyLimit = direct?.bodyLimit ?? bodyLimits.usual
    const caller = await authenticate(request, bodyLimit)
    about.tenant = caller.tenant
    const bytes = await request.body(bodyLimit)
    if (!matched) return refuse('notFound', {})
    const params = request.query === '' ? [] : parseQuery(request.query)
    const route = routeOf(matched, method, params)
    if ('owner' in route && route.owner === 'application') about.application = matched.params[0] as string
    const source = route.method === 'POST' ? parseSource(request) : undefined
    return perform(
      {
        engine,
        hrefs,
        representations,
        caller,
        context: { tenant: caller.tenant, actor: caller.actor, requestId: id, ...(source && { source }) },
        path: matched.params,
        params,
        query: request.query,
        request,
        bytes,
        body: route.method === 'POST' ? parseRequestBody(bytes, request.header('content-type')) : undefined,
      },
      route,
    )
  }

  function templateOf({ routes }: Match<Route>): string {
    for (const { path } of routes.values()) return prefix + path
    return prefix
  }

  function describe(id: string): LightResponse {
    description ??= JSON.stringify(toOpenApi(hrefs.base))
    return { status: 200, headers: jsonHeaders(id), body: description }
  }

  function toRefusal(error: unknown, context: ErrorContext): LightResponse {
    if (Problem.is(error)) {
      // A refusal that a fault caused, such as a database that is down: the client hears the one, the operator the other.
      if (error.cause !== undefined) log(error, context.requestId)
      return toErrorResponse(error, context)
    }
    if (error instanceof BodyTooLarge)
      return toErrorResponse(new Problem('bodyTooLarge', { limit: error.limit }), context)
    // Nobody is left to hear an answer.
    if (error instanceof BodyAborted) throw error
    log(error, context.requestId)
    return toFailureResponse(context)
  }
}

/**
 * The route of a method at a path. POST may stand for DELETE, when `_method` says so, and for nothing else
 * (contract/rest.md 1.3).
 *
 * @throws Problem methodNotSupported
 */
function routeOf({ routes }: Match<Route>, sent: string, params: readonly (readonly [string, string])[]): CalledRoute {
  const override = sent === 'POST' ? params.find(([name]) => name === '_method')?.[1].toUpperCase() : undefined
  const method = override ?? sent
  const route = override === undefined || override === 'DELETE' ? routes.get(method as Method) : undefined
  if (route && route.does !== 'describe') return route
  return refuse('methodNotSupported', { method, allowed: [...routes.keys()] })
}

type CalledRoute = Exclude<Route, { does: 'describe' }>
