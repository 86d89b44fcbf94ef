import { parseJson } from '../std/json.ts'
import { ApiError, type ApiErrorBody, NetworkError, ResponseError } from './errors.ts'
import type { Answer, Exchange } from './exchange.ts'
import { maxTries, pauseBeforeRetry, type Repeat, readRetryAfter } from './retry.ts'

/** Accepted by every call. */
export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. What the service began it may still finish. */
  signal?: AbortSignal | undefined
  /** Longest time for one try, in milliseconds; the client's own unless given. */
  timeout?: number | undefined
}

export interface Call extends CallOptions {
  method: 'GET' | 'POST' | 'DELETE'
  href: string
  /** Encoded, without question mark. */
  query?: string
  /** JSON text. */
  body?: string
  /** Whether it may be sent again by itself. */
  repeat: Repeat
  /** The member that tells an answer of this API from others; none where the answer is empty. */
  expects?: 'href' | 'items' | 'account'
}

export interface Transport {
  /** Address of the API, ending in `/v1`. */
  readonly base: string
  /**
   * Resolves to the parsed answer: an object with the expected member.
   *
   * @throws {ApiError | NetworkError | ResponseError}
   */
  send(call: Call): Promise<unknown>
}

/** Deepest nesting of an answer: custom data may have 100 levels and lie a few levels deep in a page. */
const maxDepth = 200

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
  const headersWithBody = { ...headers, 'content-type': 'application/json' }

  async function ask({ method, body }: Call, url: string, signal: AbortSignal): Promise<Answer> {
    const answer = await exchange({
      method,
      url,
      headers: body === undefined ? headers : headersWithBody,
      body,
      signal,
    })
    // The platform's fetch follows redirects by itself; a handler in this process answers with them.
    const target = answer.status === 302 && method === 'GET' ? answer.header('location') : undefined
    return target?.startsWith(`${base}/`) ? exchange({ method, url: target, headers, body, signal }) : answer
  }

  /** The credentials go nowhere but to the service, whatever an answer may say. */
  function own(href: string): string {
    if (href.startsWith(`${base}/`)) return href
    throw new TypeError(`${href} is not an address under ${base}: give the client the service's own base URL.`)
  }

  async function once(call: Call, url: string): Promise<unknown> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), call.timeout ?? options.timeout)
    const stop = () => controller.abort()
    call.signal?.addEventListener('abort', stop)
    try {
      const aborted = rejectionOn(controller.signal)
      return read(call, url, await Promise.race([ask(call, url, controller.signal), aborted]))
    } catch (error) {
      call.signal?.throwIfAborted()
      if (error instanceof ApiError || error instanceof ResponseError) throw error
      throw new NetworkError({ method: call.method, url }, controller.signal.aborted, error)
    } finally {
      clearTimeout(timer)
      call.signal?.removeEventListener('abort', stop)
    }
  }

  return {
    base,
    async send(call) {
      const url = own(call.href) + (call.query ? `?${call.query}` : '')
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

function read({ method, expects }: Call, url: string, { status, header, text }: Answer): unknown {
  const ok = status >= 200 && status < 300
  if (ok && !expects) return undefined
  const json = parse(text)
  if (ok && isObject(json) && expects && expects in json) return json
  const retryAfter = readRetryAfter(header('retry-after'), Date.now())
  if (!ok && isErrorBody(json)) throw new ApiError({ method, url }, json, retryAfter)
  throw new ResponseError({ method, url }, status, text, retryAfter)
}

function parse(text: string): unknown {
  try {
    return parseJson(text, { maxDepth })
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isErrorBody(json: unknown): json is ApiErrorBody {
  if (!isObject(json) || !('code' in json && 'message' in json)) return false
  return typeof json.code === 'number' && typeof json.message === 'string'
}

function rejectionOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
