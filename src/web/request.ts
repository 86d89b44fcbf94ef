import type { LightRequest } from '../std/exchange.ts'

/** A request as the web integration sees it, whatever the framework. `path` is below the mount. */
export interface WebRequest extends LightRequest {
  /** Where the application mounted us: `''` at its root, otherwise a path that ends without slash. */
  readonly mount: string
  /** Path and query as the browser asked for them, the mount included. */
  readonly originalUrl: string
  /** Reached over HTTPS, as far as the framework trusts what it is told. */
  readonly secure: boolean
  /** Host and port as the browser named them, as far as the framework trusts it. */
  readonly host: string | undefined
  /** IP address of the user, as far as the framework trusts it; undefined where it would be a proxy's. */
  readonly ip: string | undefined
  /** A proxy says for whom it asks, and the framework was not told to believe it: the line that tells it. */
  readonly unheardProxy: string | undefined
  /** What an earlier middleware made of the body; undefined when nobody has read it. */
  readonly parsed: unknown
  /** The framework's own objects, handed on to hooks. */
  readonly native: unknown
}

/** Scheme, host and port under which the browser reached us: as configured, otherwise as it says. */
export function originOf(request: WebRequest, baseUrl: string | undefined): string | undefined {
  if (baseUrl !== undefined) return baseUrl
  const url = request.host === undefined ? null : URL.parse(`${request.secure ? 'https' : 'http'}://${request.host}`)
  return url?.origin
}

/** Whether the browser reached us over HTTPS: as configured, otherwise as the framework says. */
export function isSecure(request: WebRequest, baseUrl: string | undefined): boolean {
  return request.secure || baseUrl?.startsWith('https:') === true
}

/** One parameter of the query; undefined when it is missing, repeated, or no text. */
export function queryOf(request: WebRequest, name: string): string | undefined {
  if (request.query === '') return undefined
  const values = new URLSearchParams(request.query).getAll(name)
  return values.length === 1 ? values[0] : undefined
}
