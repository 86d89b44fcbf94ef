import type { Handler, LightRequest, LightResponse } from '../std/exchange.ts'
import { errorAnswer, jsonAnswer, methodNotAllowed } from './answers.ts'
import type { Check, Health } from './health.ts'
import { contentType, type Registry } from './metrics/registry.ts'

export interface Management {
  handle: Handler
  /** What it can tell more of once the app is open. */
  opened(health: Health): void
}

/** What operators and their machines ask, on a listener of its own: metrics, and health in detail. */
export function createManagement(registry: Registry): Management {
  let health: Health | undefined
  const pages: Readonly<Record<string, (request: LightRequest) => Promise<LightResponse>>> = {
    '/metrics': async () => ({
      status: 200,
      headers: { 'content-type': contentType, 'cache-control': 'no-store' },
      body: registry.expose(),
    }),
    '/healthz': async () => jsonAnswer(200, { status: 'ok' }),
    '/startupz': async () =>
      health ? jsonAnswer(200, { status: 'ok' }) : jsonAnswer(503, { status: 'starting' }, { 'retry-after': '1' }),
    async '/readyz'() {
      const checks: Readonly<Record<string, Check>> = health
        ? await health.checks()
        : { started: { ok: false, detail: 'the database is being opened and migrated' } }
      const ready = Object.values(checks).every(({ ok }) => ok)
      return jsonAnswer(ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', checks })
    },
  }
  return {
    async handle(request) {
      const { path, method } = request
      const page = Object.hasOwn(pages, path) ? pages[path] : undefined
      if (!page) return errorAnswer({ status: 404, message: `There is only ${Object.keys(pages).join(', ')} here.` })
      return method === 'GET' || method === 'HEAD' ? page(request) : methodNotAllowed('GET, HEAD')
    },
    opened(opened) {
      health = opened
    },
  }
}
