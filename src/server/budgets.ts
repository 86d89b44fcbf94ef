import type { Caller } from '../core/context.ts'
import type { Taken } from '../core/limits/counters.ts'
import { type Limits, toSeconds } from '../core/limits/limits.ts'
import type { Rule } from '../core/limits/rule.ts'
import { addressBudget } from '../core/limits/table.ts'
import type { Listen } from '../core/signals.ts'
import { Problem } from '../schema/problems.ts'
import type { Clock } from '../std/clock.ts'
import type { LightRequest, LightResponse } from '../std/exchange.ts'
import { clientAddress, networkOf } from '../std/network.ts'
import { isForwarded, isLoopback } from '../std/own-machine.ts'
import { requestIdOf } from '../std/request-id.ts'
import type { Live } from './live.ts'

export interface BudgetOptions {
  limits: Limits
  clock: Clock
  signal: Listen
  /** Hears of what was refused before anybody knew whose it was. */
  onRefused?: ((limit: string) => void) | undefined
  /** How a refusal reads. */
  toErrorResponse(problem: Problem, requestId: string): LightResponse
  /** Looked at with each request. */
  live: Pick<Live, 'trustedProxies' | 'perKey' | 'perAddress'>
}

type Authenticate = (request: LightRequest, bodyLimit: number) => Promise<Caller>

/** How many requests may come from one address and with one API key (decisions/0038). */
export interface Budgets {
  /** The answer to a request that may not come in; undefined when it may. */
  admit(request: LightRequest): undefined | Promise<LightResponse | undefined>
  /** The same authentication, each caller counted. @throws Problem tooManyRequests */
  counted(authenticate: Authenticate): Authenticate
  /** The answer with what is left of the caller's budget. */
  told(request: LightRequest, response: LightResponse): LightResponse
}

/** The last rule that a request was counted under. */
interface Standing extends Taken {
  name: 'key' | 'address'
  rule: Rule
}

export function createBudgets(options: BudgetOptions): Budgets {
  const { limits, clock, signal, onRefused, live } = options
  const standings = new WeakMap<LightRequest, Standing>()

  /** Whether it is of this process, or of this machine and of nobody else through it. */
  const isOwn = (request: LightRequest) =>
    request.peer === undefined || (isLoopbackPeer(request.peer) && !isForwarded(request))

  async function take(request: LightRequest, name: Standing['name'], rule: Rule, key: string): Promise<boolean> {
    const taken = await limits.counters.take(rule, `request.${name} ${key}`, clock.now())
    standings.set(request, { ...taken, name, rule })
    return taken.wait === 0
  }

  const refusal = (request: LightRequest) =>
    new Problem('tooManyRequests', { retryAfterSeconds: toSeconds(standings.get(request)?.wait ?? 0) })

  return {
    admit(request) {
      const ofAddress = ruleOf(live.perAddress, addressBudget)
      if (!ofAddress || isOwn(request)) return undefined
      const address = clientAddress(request.peer, request.header('x-forwarded-for'), live.trustedProxies)
      // Behind a proxy that nobody said to trust all have one address.
      if (address === undefined || isLoopback(address)) return undefined
      return take(request, 'address', ofAddress, placeOf(address)).then((isIn) => {
        if (isIn) return undefined
        onRefused?.('request.address')
        const requestId = requestIdOf(request)
        return { ...options.toErrorResponse(refusal(request), requestId), about: { route: 'limited', requestId } }
      })
    },

    counted: (authenticate) => async (request, bodyLimit) => {
      const caller = await authenticate(request, bodyLimit)
      if (isOwn(request)) return caller
      const [usual] = (await limits.of(caller.tenant)).request.key ?? []
      const rule = ruleOf(live.perKey, usual)
      if (!rule || (await take(request, 'key', rule, caller.key.id))) return caller
      const { tenant, key } = caller
      signal({ type: 'limited', limit: 'request.key', tenant, key: key.id, requestId: requestIdOf(request) })
      throw refusal(request)
    },

    told(request, response) {
      const standing = standings.get(request)
      if (standing) Object.assign(response.headers, headersOf(standing))
      return response
    },
  }
}

/** One site has a /64 of its own (RFC 6177). */
const placeOf = (address: string): string => (address.includes(':') ? (networkOf(address) ?? address) : address)

const isLoopbackPeer = (peer: string): boolean => isLoopback(peer.replace(/^::ffff:/, ''))

function ruleOf(perMinute: number | undefined, usual: Rule | undefined): Rule | undefined {
  if (perMinute === undefined) return usual
  return perMinute === 0 ? undefined : { burst: perMinute, per: 60_000, inMemory: true }
}

/** draft-ietf-httpapi-ratelimit-headers-10: what is allowed, what is left, and in how many seconds all has come back. */
function headersOf({ name, rule, left, wait }: Standing): Record<string, string> {
  const used = rule.burst - left
  const back = Math.ceil((used * rule.per) / rule.burst / 1000) + Math.ceil(wait / 1000)
  return {
    'RateLimit-Policy': `"${name}";q=${rule.burst};w=${rule.per / 1000}`,
    RateLimit: `"${name}";r=${left};t=${back}`,
  }
}
