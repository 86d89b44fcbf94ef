import type { Caller, Source } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import { signalOf } from '../core/signals.ts'
import { parseForm } from '../schema/form.ts'
import { toOAuthError } from '../schema/oauth-errors.ts'
import { Problem, refuse } from '../schema/problems.ts'
import {
  type About,
  BodyAborted,
  BodyTooLarge,
  type Handler,
  type LightRequest,
  type LightResponse,
} from '../std/exchange.ts'
import { isIdLike } from '../std/id.ts'
import { requestIdOf } from '../std/request-id.ts'
import { authTokens } from './auth-tokens.ts'
import { noStore, type OAuthCall } from './call.ts'
import { feed } from './feed.ts'
import { introspect } from './introspect.ts'
import { jwks, withdraw } from './jwks.ts'
import { revoke } from './revoke.ts'
import { token } from './token.ts'

export interface OAuthOptions {
  engine: Engine
  /** Tells who makes a request; where the body is signed, it is read for that up to a limit. @throws Problem unauthenticated */
  authenticate(request: LightRequest, bodyLimit: number): Promise<Caller>
  /** What the caller says of its user's end of the line. @throws Problem */
  parseSource(request: LightRequest): Source | undefined
  /** How a refusal reads over REST; here it gets a member `error` besides. */
  toRefusal(problem: Problem, requestId: string): { status: number; headers: Record<string, string>; body: object }
  /** Hears of every fault of ours, whole. */
  log(error: unknown, requestId: string): void
}

interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE'
  answer(call: OAuthCall): Promise<LightResponse>
}

const endpoints: Readonly<Record<string, Endpoint>> = {
  'oauth/token': { method: 'POST', answer: token },
  'oauth/revoke': { method: 'POST', answer: revoke },
  'oauth/introspect': { method: 'POST', answer: introspect },
  'oauth/jwks': { method: 'DELETE', answer: withdraw },
  'oauth/feed': { method: 'GET', answer: feed },
  authTokens: { method: 'GET', answer: authTokens },
}
const JWKS = 'oauth/jwks'

/** Bytes of a body (defaults.md, Bounds: authentication endpoints). */
const BODY_LIMIT = 32 * 1024
const NOTHING = new Uint8Array(0)

/** The token endpoints of applications under `/v1/applications/:id`. Errors are those of REST with a member `error`. */
export function createOAuth({ engine, authenticate, parseSource, toRefusal, log }: OAuthOptions): Handler {
  return async (request) => {
    const requestId = requestIdOf(request)
    const about: About = { requestId }
    const response = await answer(request, requestId, about).catch((error: unknown) => {
      if (error instanceof BodyAborted) throw error
      const signal = signalOf(error, requestId)
      if (signal) engine.services.signal(signal)
      return refusalOf(error, requestId)
    })
    response.about = about
    return response
  }

  async function answer(request: LightRequest, requestId: string, about: About): Promise<LightResponse> {
    const [application = '', name = '', segment] = placeOf(request.path)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
    if (endpoint) about.route = `/v1/applications/:id/${name}`
    if (name === JWKS && method === 'GET') return jwks(engine, application, requestId)
    const caller = await authenticate(request, BODY_LIMIT)
    about.tenant = caller.tenant
    const bytes = await request.body(BODY_LIMIT)
    const source = parseSource(request)
    const context = { tenant: caller.tenant, actor: caller.actor, requestId, ...(source && { source }) }
    const exists = isIdLike(application) && (await engine.read(context, 'application', application))
    if (!exists || !endpoint) return refuse('notFound', {})
    about.application = application
    if (method !== endpoint.method) {
      refuse('methodNotSupported', { method, allowed: [...(name === JWKS ? ['GET'] : []), endpoint.method] })
    }
    return endpoint.answer({
      engine,
      context,
      caller,
      request: { application, key: caller.key },
      form: parseForm(method === 'POST' ? bytes : NOTHING, request.header('content-type'), request.query),
      segment,
      query: request.query,
    })
  }

  function refusalOf(error: unknown, requestId: string): LightResponse {
    const problem = toProblem(error)
    if (!problem || problem.cause !== undefined) log(error, requestId)
    if (!problem) {
      const body = { status: 500, code: 500, message: UNEXPECTED, developerMessage: UNEXPECTED, requestId }
      return respond(500, noStore(requestId), { ...body, error: 'server_error' })
    }
    const { status, headers, body } = toRefusal(problem, requestId)
    return respond(status, { ...headers, ...noStore(requestId) }, { ...body, error: toOAuthError(problem) })
  }
}

const UNEXPECTED = 'An unexpected error occurred. The request id finds it in the log of the service.'

function toProblem(error: unknown): Problem | undefined {
  if (error instanceof BodyTooLarge) return new Problem('bodyTooLarge', { limit: error.limit })
  return Problem.is(error) ? error : undefined
}

function respond(status: number, headers: Record<string, string>, body: object): LightResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(body),
  }
}

/** The id of the application, the endpoint below it, and what follows. */
function placeOf(path: string): string[] {
  const [, , application = '', first = '', second = '', ...more] = path.split('/').filter(Boolean)
  if (first === 'authTokens') return more.length > 0 ? [application] : [application, first, second]
  return more.length > 0 ? [application] : [application, `${first}/${second}`]
}
