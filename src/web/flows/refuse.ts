import type { LightResponse } from '../../std/exchange.ts'
import type { Exchange } from '../exchange.ts'
import { message } from '../pages/messages/message.ts'
import type { ErrorPage, UnauthorizedPage } from '../pages/model.ts'
import { ServiceRejection } from '../problems.ts'
import { withDestination } from '../redirects.ts'
import type { Rejection } from '../rejection.ts'

/** Names the scheme, never Basic: browsers would ask for a password of their own. (contract/web.md §30) */
export const bearerChallenge = { 'www-authenticate': 'Bearer realm="latchkey"' }

/** What somebody gets who is not logged in: the log-in page and back, or a 401. (contract/web.md §15) */
export function challenge(exchange: Exchange): LightResponse {
  const { login } = exchange.parts.settings
  const { request } = exchange
  if (exchange.type === 'text/html' && login.enabled) {
    const back = request.method === 'GET' || request.method === 'HEAD' ? request.originalUrl : undefined
    return exchange.redirect(withDestination(`${request.mount}${login.uri}`, back))
  }
  return unauthenticated(exchange)
}

export function unauthenticated(exchange: Exchange): LightResponse {
  return exchange.json(401, { status: 401, message: 'Authentication is required.' }, bearerChallenge)
}

/** What somebody gets who is logged in and lacks the right: never the log-in page. (§29, 24) */
export async function forbid(exchange: Exchange): Promise<LightResponse> {
  if (exchange.type === 'text/html') return exchange.page<UnauthorizedPage>({ page: 'unauthorized', status: 403 })
  return exchange.json(403, { status: 403, message: 'You are not allowed to see this.' })
}

/** A request turned down, where no form can come again. JSON: `status` and `message`, no more. (contract/web.md §12) */
export async function turnDown(exchange: Exchange, rejection: Rejection): Promise<LightResponse> {
  const { status, text, retryAfter } = rejection
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
  if (exchange.type === 'text/html') {
    const page = await exchange.page<ErrorPage>({ page: 'error', status })
    return { ...page, headers: { ...page.headers, ...headers } }
  }
  const { pages } = exchange.parts
  const sentence = rejection instanceof ServiceRejection ? rejection.sentence : pages.text(text, exchange.locale)
  return exchange.json(status, { status, message: sentence }, headers)
}

export const busy = message('problem.busy')
export const tooMany = message('tooMany.intro')
