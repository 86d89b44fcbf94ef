import { readFile } from 'node:fs/promises'
import { BodyAborted, type LightResponse } from '../std/exchange.ts'
import { Exchange } from './exchange.ts'
import { isAway, isTooOften } from './failures.ts'
import type { Verbs } from './flows/flow.ts'
import { busy, tooMany, turnDown } from './flows/refuse.ts'
import { Answered } from './hooks.ts'
import type { Parts } from './parts.ts'
import { Rejection } from './rejection.ts'
import type { WebRequest } from './request.ts'
import { type Route, routesOf } from './routes.ts'

/**
 * Answers what is ours and passes on everything else: `undefined` at once for paths we have no route for, a promise of
 * it for a verb or media type that we do not handle. (contract/web.md §1)
 */
export type WebHandler = (request: WebRequest) => Promise<LightResponse | undefined> | undefined

export function createWebHandler(parts: Parts): WebHandler {
  const routes = routesOf(parts.settings)
  return (request) => {
    const route = routes.get(request.path)
    return route && answer(route, request, parts)
  }
}

async function answer(route: Route, request: WebRequest, parts: Parts) {
  const { verbs, enabled, isOn } = route
  const { method } = request
  const verb = method === 'HEAD' ? 'GET' : method
  const flow = verb === 'GET' || verb === 'POST' ? verbs[verb] : undefined
  if (!flow) return undefined
  const facts = await parts.facts().catch((error: unknown) => error as Error)
  if (facts instanceof Error) return withoutService(facts, route, request, parts)
  if (enabled === undefined && !isOn(facts)) return undefined
  const exchange = new Exchange(request, parts, facts)
  if (!verbs.anyType) {
    if (exchange.type === undefined) return undefined
    if (verb === 'GET' && verbs.getOnly !== undefined && exchange.type !== verbs.getOnly) return undefined
    const shell = shellFor(exchange, verbs)
    if (shell !== undefined) return singlePage(shell)
  }
  try {
    return await flow(exchange)
  } catch (error) {
    if (error instanceof Answered) return error.answer
    if (error instanceof Rejection) return turnDown(exchange, error)
    if (isTooOften(error)) {
      return turnDown(exchange, new Rejection(tooMany, { status: 429, retryAfter: error.retryAfter }))
    }
    if (isAway(error)) return turnDown(exchange, new Rejection(busy, { status: 503, retryAfter: 5 }))
    if (error instanceof BodyAborted) return undefined
    throw new WebError(error)
  }
}

/** Nothing is known of the application yet: try again. The file of a single-page app does it by itself. */
async function withoutService(
  error: Error,
  { verbs, enabled }: Route,
  request: WebRequest,
  parts: Parts,
): Promise<LightResponse> {
  if (!isAway(error)) throw error
  const exchange = new Exchange(request, parts, await parts.knownFacts())
  const shell = enabled ? shellFor(exchange, verbs) : undefined
  if (shell !== undefined) return singlePage(shell)
  return turnDown(exchange, new Rejection(busy, { status: 503, retryAfter: 5 }))
}

/** What nobody expected, for the framework's own error handler: nothing of the cause is for users. */
export class WebError extends Error {
  override readonly name = 'WebError'
  /** Frameworks answer with it. */
  readonly status = 500
  readonly expose = false

  constructor(cause: unknown) {
    super('Something went wrong.', { cause })
  }
}

/** The file that stands in place of a page; undefined for what is no page, and where there is none. */
function shellFor({ request, type, parts }: Exchange, { anyType }: Verbs): string | undefined {
  return request.method !== 'POST' && type === 'text/html' && !anyType ? parts.settings.spa : undefined
}

/** The developer's file in place of our page; what it posts is still ours. (contract/web.md §24) */
async function singlePage(path: string): Promise<LightResponse> {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'Accept',
      'x-content-type-options': 'nosniff',
    },
    body: await readFile(path),
  }
}
