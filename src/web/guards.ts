import type { LightResponse } from '../std/exchange.ts'
import type { Auth, Resolution } from './auth.ts'
import { Exchange } from './exchange.ts'
import { busy, challenge, forbid, turnDown, unauthenticated } from './flows/refuse.ts'
import type { Parts } from './parts.ts'
import { Rejection } from './rejection.ts'
import type { WebRequest } from './request.ts'
import type { User } from './user.ts'

/** What a guard wants of a request. */
export interface Demand {
  /** Nobody is refused for not being logged in. */
  readonly optional?: true
  /** Only an Authorization header counts; cookies are not looked at, nobody is sent to a page. */
  readonly api?: true
  /** Whether the service is asked about the token; as the application says where it is undefined. */
  readonly remote?: boolean | undefined
  /** Whether this user may pass. */
  allows?(user: User, auth: Auth): boolean | Promise<boolean>
}

/** Who may pass, or what everybody else is told. Cookies go out with either. */
export type Verdict =
  | { readonly auth: Auth | undefined; readonly cookies: readonly string[] }
  | { readonly refused: 'unauthenticated' | 'forbidden' | 'unavailable'; readonly answer: LightResponse }

/** Judges a request; at once when everything about it is known. */
export type Guard = (request: WebRequest) => Verdict | Promise<Verdict>

export function createGuard(parts: Parts, demand: Demand): Guard {
  const { api, remote } = demand
  const options = { ...(api ? { only: 'header' as const } : {}), ...(remote === undefined ? {} : { remote }) }
  return (request) => {
    const resolution = parts.sessions.resolve(request, options)
    return resolution instanceof Promise
      ? resolution.then((resolution) => judge(parts, demand, request, resolution))
      : judge(parts, demand, request, resolution)
  }
}

function judge(parts: Parts, demand: Demand, request: WebRequest, resolution: Resolution): Verdict | Promise<Verdict> {
  const { auth } = resolution
  if (!auth) {
    return demand.optional && !resolution.unavailable ? resolution : refuseStranger(parts, demand, request, resolution)
  }
  const allowed = demand.allows?.(auth.user, auth) ?? true
  if (allowed === true) return resolution
  return Promise.resolve(allowed).then((allowed) =>
    allowed === true ? resolution : refuseUser(parts, demand, request, resolution),
  )
}

async function refuseStranger(
  parts: Parts,
  demand: Demand,
  request: WebRequest,
  resolution: Resolution,
): Promise<Verdict> {
  const exchange = await openExchange(parts, request, resolution)
  if (resolution.unavailable) {
    const answer = await turnDown(exchange, new Rejection(busy, { status: 503, retryAfter: 5 }))
    return { refused: 'unavailable', answer }
  }
  return { refused: 'unauthenticated', answer: demand.api ? unauthenticated(exchange) : challenge(exchange) }
}

async function refuseUser(parts: Parts, demand: Demand, request: WebRequest, resolution: Resolution): Promise<Verdict> {
  const exchange = await openExchange(parts, request, resolution)
  const answer = demand.api
    ? exchange.json(403, { status: 403, message: 'You are not allowed to see this.' })
    : await forbid(exchange)
  return { refused: 'forbidden', answer }
}

async function openExchange(parts: Parts, request: WebRequest, { cookies }: Resolution): Promise<Exchange> {
  const exchange = new Exchange({ ...copyOf(request), mount: '' }, parts, await parts.knownFacts())
  exchange.cookies.push(...cookies)
  return exchange
}

/** A guard stands on a route of the application's, whose mount is not ours. */
function copyOf(request: WebRequest): WebRequest {
  return {
    method: request.method,
    path: request.path,
    query: request.query,
    peer: request.peer,
    mount: request.mount,
    originalUrl: request.originalUrl,
    secure: request.secure,
    host: request.host,
    ip: request.ip,
    unheardProxy: request.unheardProxy,
    parsed: request.parsed,
    native: request.native,
    header: (name) => request.header(name),
    headerValues: (name) => request.headerValues(name),
    body: (limit) => request.body(limit),
  }
}
