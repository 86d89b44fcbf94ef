import type { Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import type { Offer } from '../core/web-configs/client-api.ts'
import { toOAuthError } from '../schema/oauth-errors.ts'
import { Problem, refuse } from '../schema/problems.ts'
import { type About, BodyAborted, BodyTooLarge, type LightRequest, type LightResponse } from '../std/exchange.ts'
import { requestIdOf } from '../std/request-id.ts'
import { type ClientCall, noStore } from './call.ts'
import { corsHeaders, isAllowed, preflightHeaders } from './cors.ts'
import { change, checkChange, forgot, isOn, resend, verify } from './endpoints/mails.ts'
import { me } from './endpoints/me.ts'
import { register } from './endpoints/register.ts'
import { revoke, token } from './endpoints/tokens.ts'
import { loginView, registerView } from './endpoints/view-models.ts'
import type { Place } from './place.ts'

export interface ClientApiOptions {
  engine: Engine
  /** How a refusal reads over REST: status, headers, and the message for users. */
  toRefusal(problem: Problem, requestId: string): { status: number; headers: Record<string, string>; message: string }
  /** Whose request it is, as limits count it. */
  addressOf(request: LightRequest): string | undefined
  /** Hears of every fault of ours, whole. */
  log(error: unknown, requestId: string): void
}

type Act = (call: ClientCall) => Promise<LightResponse>

interface Endpoint {
  offer: Offer
  GET?: Act
  POST?: Act
  /** Errors are in the words of RFC 6749. */
  oauth?: true
}

/** contract/rest.md 21.3 */
const endpoints: Readonly<Record<string, Endpoint>> = {
  login: { offer: 'login', GET: loginView },
  register: { offer: 'register', GET: registerView, POST: register },
  'oauth/token': { offer: 'oauth2', POST: token, oauth: true },
  'oauth/revoke': { offer: 'oauth2', POST: revoke, oauth: true },
  me: { offer: 'me', GET: me },
  forgot: { offer: 'forgotPassword', GET: isOn, POST: forgot },
  change: { offer: 'changePassword', GET: checkChange, POST: change },
  verify: { offer: 'verifyEmail', GET: verify, POST: resend },
}

/** Bytes of a body (defaults.md, Bounds: authentication endpoints). */
const BODY_LIMIT = 32 * 1024

/**
 * The Client APIs of all applications (contract/rest.md 21), for front ends without a server of their own: no API key, no
 * cookie. What is not offered is not there.
 */
export function createClientApi({ engine, toRefusal, addressOf, log }: ClientApiOptions) {
  return async (request: LightRequest, place: Place): Promise<LightResponse> => {
    const requestId = requestIdOf(request)
    const endpoint = Object.hasOwn(endpoints, place.path) ? endpoints[place.path] : undefined
    const about: About = { requestId, route: endpoint ? `/client/:label/${place.path}` : '/client/*' }
    let cors: Record<string, string> = { Vary: 'Origin' }
    const allow = () => {
      cors = corsHeaders(request)
    }
    const response = await answer(request, place, endpoint, { requestId, about, allow }).catch((error: unknown) => {
      if (error instanceof BodyAborted) throw error
      return refusalOf(error, requestId, endpoint)
    })
    Object.assign(response.headers, cors)
    response.about = about
    return response
  }

  async function answer(
    request: LightRequest,
    { dnsLabel, address }: Place,
    endpoint: Endpoint | undefined,
    { requestId, about, allow }: { requestId: string; about: About; allow: () => void },
  ): Promise<LightResponse> {
    const api = (await engine.clientApi(dnsLabel)) ?? refuse('notFound', {})
    about.tenant = api.tenant
    about.application = api.application.id
    const own = [engine.services.origin, new URL(address).origin]
    if (!isAllowed(request.header('origin'), api.application, own)) {
      refuse('forbidden', { reason: 'Pages of this origin may not use this API.' })
    }
    allow()
    if (!endpoint || !api.offers[endpoint.offer]) return refuse('notFound', {})
    if (request.method === 'OPTIONS') {
      return { status: 204, headers: { ...noStore(requestId), ...preflightHeaders }, body: undefined }
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const act = method === 'GET' || method === 'POST' ? endpoint[method] : undefined
    if (!act) {
      return refuse('methodNotSupported', {
        method,
        allowed: (['GET', 'POST'] as const).filter((each) => endpoint[each]),
      })
    }
    const from = addressOf(request)
    const userAgent = request.header('user-agent')?.slice(0, 1024)
    const context: Context = {
      tenant: api.tenant,
      actor: { kind: 'system', id: 'clientApi' },
      requestId,
      source: { ...(from !== undefined && { address: from }), ...(userAgent !== undefined && { userAgent }) },
    }
    const body = method === 'POST' ? await request.body(BODY_LIMIT) : new Uint8Array(0)
    return act({ engine, api, context, request, body, grant: { application: api.application.id, key: api.key } })
  }

  /** `{ status, message }`, or `{ error, message }` in the words of OAuth (contract/rest.md 21.2, trap T28). */
  function refusalOf(error: unknown, requestId: string, endpoint: Endpoint | undefined): LightResponse {
    const problem = error instanceof BodyTooLarge ? new Problem('bodyTooLarge', { limit: error.limit }) : error
    if (!Problem.is(problem) || problem.cause !== undefined) log(error, requestId)
    const { status, headers, message } = Problem.is(problem)
      ? toRefusal(problem, requestId)
      : { status: 500, headers: {}, message: 'An unexpected error occurred.' }
    const word = Problem.is(problem) ? toOAuthError(problem) : 'server_error'
    const body = endpoint?.oauth ? { error: word, message } : { status, message }
    return {
      status,
      headers: { ...headers, 'Content-Type': 'application/json;charset=UTF-8', ...noStore(requestId) },
      body: JSON.stringify(body),
    }
  }
}
