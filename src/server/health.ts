import type { Store } from '../core/ports.ts'
import type { Passwords } from '../crypto/passwords/passwords.ts'
import type { Handler, LightRequest, LightResponse } from '../std/exchange.ts'
import { jsonAnswer, methodNotAllowed } from './answers.ts'

export interface Health {
  live: Handler
  ready: Handler
  /** What readiness is made of, for operators alone. */
  checks(): Promise<Record<string, Check>>
  /** Whether it was ready when last asked. */
  wasReady(): boolean
  /** From now on not ready. */
  drain(): void
}

export interface Check {
  ok: boolean
  /** Milliseconds it took to find out. */
  ms?: number
  detail?: string
}

/** `/healthz` says that the process answers at all, `/readyz` that it should be sent requests. Neither says more. */
export function createHealth(store: Pick<Store, 'ping' | 'time'>, passwords: Pick<Passwords, 'load'>): Health {
  let draining = false
  let last = true
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
      last = await isReady().catch(() => false)
      return last ? ok() : unavailable()
    },
    async checks() {
      const started = performance.now()
      const failure: unknown = await store.ping().then(
        () => undefined,
        (error) => error,
      )
      const ms = Math.round((performance.now() - started) * 100) / 100
      const offset = failure === undefined ? await offsetOf(store) : 0
      const isLate = offset > MOST_OFFSET
      const { full } = passwords.load()
      const found = {
        store: {
          ok: failure === undefined,
          ms,
          ...(failure !== undefined && { detail: 'the database does not answer' }),
        },
        clock: {
          ok: !isLate,
          ...(isLate && { detail: `it is ${Math.round(offset / 1000)} s off that of the database` }),
        },
        passwords: { ok: !full, ...(full && { detail: 'so many passwords wait to be hashed that more are refused' }) },
        serving: { ok: !draining, ...(draining && { detail: 'it is about to stop' }) },
      }
      last = found.store.ok && found.serving.ok
      return found
    },
    wasReady: () => last && !draining,
    drain() {
      draining = true
    },
  }
}

/** Further off, tokens of this node would be taken for old or for not yet good elsewhere. */
const MOST_OFFSET = 30_000

/** Milliseconds between the clocks of this machine and of the database, half the way of the question left out. */
export async function offsetOf(store: Pick<Store, 'time'>): Promise<number> {
  const asked = Date.now()
  const at = await store.time()
  const answered = Date.now()
  return at === undefined ? 0 : Math.abs(at - (asked + answered) / 2)
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
