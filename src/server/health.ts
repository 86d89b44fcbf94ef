import type { Store } from '../core/ports.ts'
import type { Handler, LightRequest, LightResponse } from '../std/exchange.ts'
import { jsonAnswer, methodNotAllowed } from './answers.ts'

export interface Health {
  live: Handler
  ready: Handler
  /** From now on not ready. */
  drain(): void
}

/** `/healthz` says that the process answers at all, `/readyz` that it should be sent requests. Neither says more. */
export function createHealth(store: Pick<Store, 'ping'>): Health {
  let draining = false
  const isReady = async () => {
    if (draining) return false
    await store.ping()
    return !draining
  }
  return {
    live: async (request) => onlyRead(request) ?? ok(),
    async ready(request) {
      const refused = onlyRead(request)
      if (refused) return refused
      const ready = await isReady().catch(() => false)
      return ready ? ok() : unavailable()
    },
    drain() {
      draining = true
    },
  }
}

/** The same two while there is no store yet; undefined for everything else. */
export function answerWhileStarting(request: LightRequest): LightResponse | undefined {
  if (request.path === '/healthz') return onlyRead(request) ?? ok()
  if (request.path === '/readyz') return onlyRead(request) ?? unavailable()
  return undefined
}

const ok = () => jsonAnswer(200, { status: 'ok' })
const unavailable = () => jsonAnswer(503, { status: 'unavailable' }, { 'retry-after': '5' })

function onlyRead({ method }: LightRequest): LightResponse | undefined {
  return method === 'GET' || method === 'HEAD' ? undefined : methodNotAllowed('GET, HEAD')
}
