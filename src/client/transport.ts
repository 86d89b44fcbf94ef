import { parseJson } from '../std/json.ts'
import { ApiError, type ApiErrorBody, NetworkError, ResponseError } from './errors.ts'
import { maxTries, pauseBeforeRetry, type Repeat, readRetryAfter } from './retry.ts'

/** What is used of the platform's `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

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

interface Answer {
  status: number
  headers: Headers
  text: string
}

/** Deepest nesting of an answer: custom data may have 100 levels and lie a few levels deep in a page. */
const maxDepth = 200

/** The one way requests leave this client: with credentials, for one address only, repeated only where that is safe. */
export function createTransport(options: {
  base: string
  fetch: Fetch
  /** Value of the `Authorization` header. */
  authorization: string
  timeout: number
}): Transport {
  const { base, fetch, authorization } = options

  async function exchange(call: Call, url: string, signal: AbortSignal): Promise<Answer> {
    const headers: Record<string, string> = { authorization, accept: 'application/json' }
    if (call.body !== undefined) headers['content-type'] = 'application/json'
    const init: RequestInit = { method: call.method, headers, signal }
    if (call.body !== undefined) init.body = call.body
    const response = await fetch(url, init)
    // The platform's fetch follows redirects by itself; a handler called in-process answers with them.
    const target = response.status === 302 && call.method === 'GET' ? response.headers.get('location') : null
    if (target?.startsWith(`${base}/`)) return exchange(call, target, signal)
    return { status: response.status, headers: response.headers, text: await response.text() }
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
      return read(call, url, await Promise.race([exchange(call, url, controller.signal), aborted]))
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

function read({ method, expects }: Call, url: string, { status, headers, text }: Answer): unknown {
  const ok = status >= 200 && status < 300
  if (ok && !expects) return undefined
  const json = parse(text)
  const retryAfter = readRetryAfter(headers.get('retry-after'), Date.now())
  if (ok && isObject(json) && expects && expects in json) return json
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
