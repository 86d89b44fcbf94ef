import type { Handler, LightRequest, LightResponse } from '../std/exchange.ts'
import { clientAddress, networkOf, type TrustedProxies } from '../std/network.ts'
import type { Log } from './log.ts'
import type { Meters } from './metrics/meters.ts'

export interface Observers {
  /** Takes one line per request. */
  log?: Log | undefined
  meters?: Meters | undefined
  /** Whether anybody wants to read such lines now. */
  wanted?: () => boolean
  trustedProxies?: () => TrustedProxies | undefined
}

/** Asked every few seconds by machines: nobody wants to read that. */
const quiet = new Set(['/healthz', '/readyz'])
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * The same handler, each exchange told to a log and counted. What is told is what the answer says about itself: the
 * template of the path, never the path or the query, which may hold secrets, and nothing of headers or bodies.
 */
export function observe(handler: Handler, { log, meters, wanted, trustedProxies }: Observers): Handler {
  if (!log && !meters) return handler
  return async (request) => {
    const started = performance.now()
    let response: LightResponse | undefined
    try {
      response = await handler(request)
      return response
    } finally {
      const ms = performance.now() - started
      const method = methods.has(request.method) ? request.method : 'OTHER'
      const route = response?.about?.route ?? 'other'
      // Without an answer the other side has gone away; nginx counts such requests under this number.
      const status = response?.status ?? 499
      meters?.request({ route, method, status, seconds: ms / 1000 })
      if (log && wanted?.() !== false) {
        const { requestId, tenant, application } = response?.about ?? {}
        log({
          level: quiet.has(route) ? 'debug' : status >= 500 ? 'warn' : 'info',
          event: 'http.request',
          msg: `${method} ${route} ${status}`,
          req_id: requestId,
          method,
          route,
          status,
          dur_ms: Math.round(ms * 100) / 100,
          bytes: sizeOf(response),
          tenant,
          app: application,
          src_net: networkOfClient(request, trustedProxies?.()),
        })
      }
    }
  }
}

function sizeOf(response: LightResponse | undefined): number {
  const body = response?.body
  return typeof body === 'string' ? Buffer.byteLength(body) : (body?.length ?? 0)
}

// A connection carries many requests, and most come from few places.
const networks = new Map<string, string | undefined>()

function networkOfClient(request: LightRequest, trusted: TrustedProxies | undefined): string | undefined {
  const { peer } = request
  if (peer === undefined) return undefined
  const address = trusted ? clientAddress(peer, request.header('x-forwarded-for'), trusted) : peer
  if (address === undefined) return undefined
  if (networks.has(address)) return networks.get(address)
  if (networks.size >= 10_000) networks.clear()
  const network = networkOf(address)
  networks.set(address, network)
  return network
}
