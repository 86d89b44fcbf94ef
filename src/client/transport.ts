import { type Expected, readAnswer } from './answer.ts'
import { NetworkError } from './errors.ts'
import type { Answer, Exchange } from './exchange.ts'
import { maxTries, pauseBeforeRetry, type Repeat } from './retry.ts'
import { sleep, TimedOut, within } from './time.ts'

/** Accepted by every call. */
export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. What the service began it may still finish. */
  signal?: AbortSignal | undefined
  /** Longest time for one try, in milliseconds; the client's own unless given. */
  timeout?: number | undefined
  /** The end user on whose behalf this is asked. */
  source?: Source | undefined
  /**
   * Makes a creation safe to repeat: within a day, the same draft under the same key creates nothing more and gives what
   * was created first. The client then tries again by itself where otherwise it could not.
   */
  idempotencyKey?: string | undefined
}

/** Where an end user is, as far as the application knows: limits count by it, and sessions show it. */
export interface Source {
  /** IP address. */
  address?: string | undefined
  userAgent?: string | undefined
  /** 16 to 128 letters, digits or any of `-_.~+/=` that only this browser or app has and shows again. */
  device?: string | undefined
}

export interface Call extends CallOptions {
  method: 'GET' | 'POST' | 'DELETE'
  href: string
  /** Encoded, without question mark. */
  query?: string
  /** JSON text, or a form. */
  body?: string | URLSearchParams
  /** Whether it may be sent again by itself. */
  repeat: Repeat
  expects?: Expected
}

export interface Transport {
  /** Address of the API, ending in `/v1`. */
  readonly base: string
  /**
   * Resolves to the parsed answer: an object with the expected member.
   *
   * @throws {ApiError | NetworkError | ResponseError} | the reason of the caller's signal
   * @throws {TypeError} for addresses that are not the service's
   */
  send(call: Call): Promise<unknown>
}

function toHeaders(source: Source = {}): Record<string, string> {
  const given = Object.entries(source).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [headerNames[name as keyof Source], value]))
}

const headerNames = {
  address: 'x-latchkey-user-address',
  userAgent: 'x-latchkey-user-agent',
  device: 'x-latchkey-user-device',
}

/** An address as errors show it, and logs behind them: the token of a mailed link is a secret. */
function withoutToken(url: string): string {
  return url.replace(/(\/(?:passwordResetTokens|emailVerificationTokens)\/)[^/?]+/, '$1…')
}

/** The one way requests leave this client: with credentials, to one address only, repeated only where that is safe. */
export function createTransport(options: {
  base: string
  exchange: Exchange
  /** Value of the `Authorization` header. */
  authorization: string
  /** Milliseconds. */
  timeout: number
}): Transport {
  const { base, exchange } = options
  const headers = { authorization: options.authorization, accept: 'application/json' }
  async function ask(call: Call, url: string, signal: AbortSignal): Promise<Answer> {
    const { method, body: content, source, idempotencyKey } = call
    const body = content && String(content)
    const type = typeof content === 'string' ? 'application/json' : 'application/x-www-form-urlencoded'
    const once = idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }
    const sent = { ...headers, ...(content && { 'content-type': type }), ...once, ...toHeaders(source) }
    const answer = await exchange({ method, url, headers: sent, body, signal })
    // The platform's fetch follows redirects by itself; a handler in this process answers with them.
    const target = answer.status === 302 && method === 'GET' ? answer.header('location') : undefined
    return target && isOwn(target) ? exchange({ method, url: target, headers, body, signal }) : answer
  }

  async function once(call: Call, url: string): Promise<unknown> {
    const { method, expects, signal, timeout = options.timeout } = call
    const shown = { method, url: withoutToken(url) }
    const answer = await within(timeout, signal, (signal) => ask(call, url, signal)).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw new NetworkError(shown, error instanceof TimedOut, error)
    })
    const json = readAnswer(shown, answer, expects)
    // An answer that names another place would be followed there.
    if (expects === 'href') requireOwn((json as { href: string }).href)
    return json
  }

  const isOwn = (href: unknown): boolean => String(href).startsWith(`${base}/`)

  /** The credentials go nowhere but to the service, whatever an answer may say. */
  function requireOwn(href: string): void {
    // The platform's fetch would go up the path by itself, and ask for something else.
    if (/\/\.{1,2}(?:[/?]|$)/.test(href)) throw new TypeError(`${href} holds . or .. for an id or a token.`)
    if (isOwn(href)) return
    throw new TypeError(`${href} is not under ${base}: give the client the base URL that the service itself uses.`)
  }

  return {
    base,
    async send(call) {
      requireOwn(call.href)
      const url = call.query ? `${call.href}?${call.query}` : call.href
      for (let tries = 1; ; tries++) {
        call.signal?.throwIfAborted()
        try {
          return await once(call, url)
        } catch (error) {
          const pause = tries < maxTries ? pauseBeforeRetry(error, call.repeat, tries) : undefined
          if (pause === undefined) throw error
          await sleep(pause, call.signal)
        }
      }
    },
  }
}
