import { isOAuthPath } from '../oauth/path.ts'
import { Problem } from '../schema/problems.ts'
import { BodyAborted, BodyTooLarge, type Handler, type LightRequest, type LightResponse } from '../std/exchange.ts'
import { requestId as newRequestId } from '../std/id.ts'
import { errorAnswer } from './answers.ts'
import { guardDevelopment } from './development-guard.ts'
import type { Health } from './health.ts'
import { failedRequest, type Log } from './log.ts'
import { ownerPath } from './owner-link.ts'

export interface RouterOptions {
  rest: Handler
  oauth: Handler
  owner: Handler
  health: Health
  /** Answer requests of this machine only. */
  development: boolean
  log: Log
}

/** Which part answers what. */
export function createRouter({ rest, oauth, owner, health, development, log }: RouterOptions): Handler {
  const others: Readonly<Record<string, Handler>> = {
    '/v1': rest,
    '/healthz': health.live,
    '/readyz': health.ready,
    [ownerPath]: owner,
  }
  // Not async all the way: every promise between the socket and the REST API is paid by each of its requests.
  return (request) => {
    const refused = development ? guardDevelopment(request) : undefined
    if (refused) return Promise.resolve(refused)
    const { path } = request
    const part = path.startsWith('/v1/')
      ? isOAuthPath(path)
        ? oauth
        : rest
      : Object.hasOwn(others, path)
        ? others[path]
        : notFound
    return (part as Handler)(request).catch((error) => toAnswer(error, log))
  }
}

async function notFound(_request: LightRequest): Promise<LightResponse> {
  return errorAnswer({ status: 404, message: 'The requested resource does not exist.' })
}

/** What a part did not expect is our fault: logged whole, told plainly. */
function toAnswer(error: unknown, log: Log): LightResponse {
  if (error instanceof BodyTooLarge) return errorAnswer({ status: 413, message: 'The request body is too large.' })
  if (error instanceof BodyAborted) throw error
  if (Problem.is(error, 'overloaded')) {
    const headers = { 'retry-after': String(error.detail.retryAfterSeconds) }
    return errorAnswer({ status: 503, message: 'The service is very busy. Please try again in a moment.', headers })
  }
  const requestId = newRequestId()
  log(failedRequest(error, requestId))
  return errorAnswer({ status: 500, message: 'Something went wrong on our side.', requestId })
}
