import { bytesToText, textToBytes } from '../std/base64url.ts'
import { BodyTooLarge, type Handler, splitTarget } from '../std/exchange.ts'

/** One request on its way out. */
export interface Outgoing {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>
  body: string | undefined
  signal: AbortSignal
}

/** One whole answer. */
export interface Answer {
  status: number
  /** By lower-case name. */
  header(name: string): string | undefined
  text: string
}

/** The way to the service and back. Rejects when no answer came. */
export type Exchange = (request: Outgoing) => Promise<Answer>

/** What is used of the platform's `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Over the network, or whatever a function of the same shape makes of it. */
export function overFetch(fetch: Fetch): Exchange {
  return async ({ url, body, ...init }) => {
    const response = await fetch(url, body === undefined ? init : { ...init, body })
    const { status, headers } = response
    return { status, header: (name) => headers.get(name) ?? undefined, text: await response.text() }
  }
}

/** To a handler in this process: no network, and none of the platform's objects, which would cost more than the answer. */
export function overHandler(handle: Handler, baseUrl: string): Exchange {
  const { origin } = new URL(baseUrl)
  return async ({ method, url, headers, body = '' }) => {
    const bytes = textToBytes(body)
    const response = await handle({
      ...splitTarget(url.slice(origin.length)),
      method,
      peer: undefined,
      header: (name) => headers[name],
      headerValues: (name) => (headers[name] === undefined ? [] : [headers[name]]),
      async body(limit) {
        if (bytes.length > limit) throw new BodyTooLarge(limit)
        return bytes
      },
    })
    return { status: response.status, header: (name) => headerOf(response.headers, name), text: textOf(response.body) }
  }
}

function headerOf(headers: Readonly<Record<string, string | string[]>>, wanted: string): string | undefined {
  for (const [name, value] of Object.entries(headers)) if (name.toLowerCase() === wanted) return String(value)
  return undefined
}

function textOf(body: string | Uint8Array | undefined): string {
  return typeof body === 'string' ? body : ((body && bytesToText(body)) ?? '')
}
