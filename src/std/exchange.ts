import { textToBytes } from './base64url.ts'

/**
 * What a handler needs of a request, without the price of the runtime's own objects: they cost twice to three times a
 * bare request, these next to nothing. (performance.md §1)
 */
export interface LightRequest {
  /** As sent; methods are case-sensitive. */
  readonly method: string
  /** The path of the target, still percent-encoded. */
  readonly path: string
  /** The query of the target without its `?`, still percent-encoded; `''` when there is none. */
  readonly query: string
  /** IP address of the other end of the connection, where one is known. */
  readonly peer: string | undefined
  /** `1.1`; undefined where there was no connection. */
  readonly httpVersion?: string | undefined
  /** A header by its lower-case name; values of a repeated one are joined by `, ` (`; ` for `cookie`). */
  header(name: string): string | undefined
  /** The values of a repeated header one by one, as far as the runtime still tells them apart. */
  headerValues(name: string): string[]
  /**
   * The whole body, at most `limit` bytes long. May be asked for again.
   *
   * @throws {BodyTooLarge} when it is longer; nothing more of it is kept
   * @throws {BodyAborted} when the other side went away before its end
   */
  body(limit: number): Promise<Uint8Array>
}

/** An answer. Header names in any case; an array repeats the header. Content-Length is set by whoever sends it. */
export interface LightResponse {
  status: number
  headers: Record<string, string | string[]>
  body: string | Uint8Array | undefined
  /** What logs and metrics may say about the exchange; never sent. */
  about?: About
}

/** An exchange without anything that came with it: no path, no query, no names. */
export interface About {
  requestId?: string
  /** The template of the path: `/v1/accounts/:id`. */
  route?: string
  tenant?: string
  application?: string
}

/** Answers a request. A rejection is a bug of the handler, `BodyTooLarge` excepted, which becomes a bare 413. */
export type Handler = (request: LightRequest) => Promise<LightResponse>

/** The body is longer than `limit` bytes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
  readonly limit: number

  constructor(limit: number) {
    super(`The request body is longer than ${limit} bytes.`)
    this.limit = limit
  }
}

/** The other side went away while its body was being read: nobody is left to hear an answer. */
export class BodyAborted extends Error {
  override readonly name = 'BodyAborted'

  constructor(cause?: unknown) {
    super('The request ended before its body was complete.', { cause })
  }
}

/** What to answer when a handler rejected, if that is no bug. */
export function answerToRejection(error: unknown): LightResponse | undefined {
  return error instanceof BodyTooLarge ? { status: 413, headers: {}, body: undefined } : undefined
}

/** Whether an answer carries no body, whatever the handler says. (RFC 9110 §6.4.1) */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 205 || status === 304 || status < 200
}

/** Splits a request target in origin form at its first `?`. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?')
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/**
 * The handler as a function of the runtime's own `Request` and `Response`, for callers who have those.
 *
 * @example export default { fetch: toFetch(handler) }
 */
export function toFetch(handler: Handler): (request: Request) => Promise<Response> {
  return async (request) => {
    const light = await handler(toLightRequest(request)).catch((error: unknown) => {
      const answer = answerToRejection(error)
      if (answer) return answer
      throw error
    })
    return toResponse(light, request.method)
  }
}

function toLightRequest(request: Request): LightRequest {
  const { url, headers } = request
  const target = url.slice(url.indexOf('/', url.indexOf('//') + 2))
  const fragment = target.indexOf('#')
  let reading: Promise<Uint8Array> | undefined
  return {
    ...splitTarget(fragment === -1 ? target : target.slice(0, fragment)),
    method: request.method,
    peer: undefined,
    header: (name) => headers.get(name) ?? undefined,
    headerValues(name) {
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
    async body(limit) {
      reading ??= readStream(request, limit)
      const bytes = await reading
      if (bytes.length > limit) throw new BodyTooLarge(limit)
      return bytes
    },
  }
}

async function readStream(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > limit) throw new BodyTooLarge(limit)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    // Leaving the loop early cancels the stream.
    for await (const chunk of request.body ?? []) {
      length += chunk.length
      if (length > limit) throw new BodyTooLarge(limit)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof BodyTooLarge ? error : new BodyAborted(error)
  }
  return joinChunks(chunks, length)
}

/** The bytes of all chunks in one piece; `length` is their sum. */
export function joinChunks(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function toResponse({ status, headers, body }: LightResponse, method: string): Response {
  const list = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const each of Array.isArray(value) ? value : [value]) list.append(name, each)
  }
  // Bytes, because a Response made of a string invents a Content-Type.
  const bytes = typeof body === 'string' ? textToBytes(body) : body
  const content = isBodiless(method, status) ? null : ((bytes as Uint8Array<ArrayBuffer> | undefined) ?? null)
  return new Response(content, { status, headers: list })
}
