import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { parseJson } from '../std/json.ts'
import { addressOf, isInside } from '../std/reachable.ts'
import { fail, ProviderFault } from './fault.ts'

/** One request to a provider; without `body` a GET. */
export interface Ask {
  url: string
  headers?: Readonly<Record<string, string>>
  /** A form, or an object that is sent as JSON. */
  body?: URLSearchParams | object
}

/** The members of a JSON object; numbers that JavaScript cannot hold are raw JSON (std/json). */
export type Members = Readonly<Record<string, unknown>>

/** Asks, and gives the JSON of an answer that says yes. @throws ProviderFault for every other */
export type Exchange = (ask: Ask) => Promise<unknown>

export interface ExchangeOptions {
  /** Whether addresses of private networks may be asked. */
  allowInside: boolean
  /** Milliseconds for everything, from the name to the last byte. */
  timeout?: number
}

/** More than any user or set of keys takes. */
const MOST_BYTES = 256 * 1024
const MOST_DEPTH = 32

/**
 * Speaks with providers, which tenants name: over HTTPS, or to an inner address where those are allowed; the address is
 * looked up once and connected to, so that a second answer of the name server changes nothing; redirections are not
 * followed; answers have a size and a time.
 */
export function createExchange({ allowInside, timeout = 10_000 }: ExchangeOptions): Exchange {
  return async (ask) => {
    const url = URL.parse(ask.url)
    if (!url || !/^https?:$/.test(url.protocol)) return fail('an address of it is no http or https URL')
    const signal = AbortSignal.timeout(timeout)
    try {
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const address = await within(signal, addressOf(host, { allowInside }))
      if (url.protocol === 'http:' && !isInside(address)) fail('an address of it is not encrypted: use https')
      const response = await send(url, host, address, ask, signal)
      return toAnswer(response, await readBody(response))
    } catch (error) {
      if (error instanceof ProviderFault) throw error
      throw new ProviderFault('it could not be reached, or not in time', { cause: error })
    }
  }
}

function send(url: URL, host: string, address: string, ask: Ask, signal: AbortSignal): Promise<IncomingMessage> {
  const isForm = ask.body instanceof URLSearchParams
  const body = ask.body && (isForm ? String(ask.body) : JSON.stringify(ask.body))
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: address,
        ...(url.port !== '' && { port: url.port }),
        path: url.pathname + url.search,
        method: body === undefined ? 'GET' : 'POST',
        // Certificates are for names; an address that stands in a URL is its own.
        ...(isIP(host) === 0 && { servername: host }),
        headers: {
          host: url.host,
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'latchkey',
          ...(body !== undefined && {
            'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
          ...ask.headers,
        },
        agent: false,
        signal,
      },
      resolve,
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response) {
      size += (chunk as Buffer).length
      if (size > MOST_BYTES) fail('its answer is too long')
      chunks.push(chunk as Buffer)
    }
  } finally {
    response.destroy()
  }
  return Buffer.concat(chunks).toString('utf8')
}

function toAnswer({ statusCode = 0, headers }: IncomingMessage, text: string): unknown {
  const body = parse(text, headers['content-type'])
  if (statusCode < 200 || statusCode > 299) fail(`it answered ${statusCode}${nameOf(body)}`)
  // Some say no with a yes. (GitHub's token endpoint)
  if (isMembers(body) && typeof body.error === 'string') fail(`it answered${nameOf(body)}`)
  return body ?? fail('its answer is no JSON')
}

function parse(text: string, type = ''): unknown {
  if (/^application\/x-www-form-urlencoded/i.test(type)) return Object.fromEntries(new URLSearchParams(text))
  try {
    return parseJson(text, { maxDepth: MOST_DEPTH })
  } catch {
    return undefined
  }
}

/** The provider's own name for an error, and nothing else of what it says: an inner server might have answered. */
function nameOf(body: unknown): string {
  if (!isMembers(body)) return ''
  const { error } = body
  const name = isMembers(error) ? (error.code ?? error.type) : error
  return /^[\w.-]{1,64}$/.test(String(name)) && name !== undefined && name !== null ? ` (${name})` : ''
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The outcome, unless the time is up first. */
function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
}
