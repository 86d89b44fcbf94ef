import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { answerToRejection, BodyAborted, type Handler, isBodiless, type LightResponse } from './exchange.ts'
import { NodeRequest } from './node-request.ts'

export interface NodeListenerOptions {
  /** Hears of every bug: a handler that rejected, an answer that cannot be sent. The client has got a plain 500. */
  onError(error: unknown): void
}

const allowed = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
const lingerMs = 500

/**
 * Serves a handler over `node:http`, as the listener of a server's `request` event or inside a framework.
 *
 * The body is read when the handler asks for it, Content-Length is set, 204, 304 and HEAD have no body. After a
 * `BodyTooLarge` the connection is closed behind the answer. Refused before the handler is called, because Node's parser
 * lets them through (security/goals.md §2): two Host headers, an absolute-form target with another authority than Host,
 * chunked coding on HTTP/1.0 (400, connection closed), TRACE and CONNECT (405).
 *
 * @example createServer(createNodeListener(handler, { onError: console.error })).on('connect', refuseConnect)
 */
export function createNodeListener(
  handler: Handler,
  { onError }: NodeListenerOptions,
): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const target = acceptedTarget(req)
    if (typeof target === 'number') {
      refuse(res, target)
      return
    }
    const request = new NodeRequest(req, target)
    const answer = (response: LightResponse): void => {
      try {
        send(req, res, response, request.isOversized)
      } catch (error) {
        fail(error)
      }
    }
    const fail = (error: unknown): void => {
      const expected = answerToRejection(error)
      // An abort is nobody's bug, and there is nobody to answer.
      if (!expected && !(error instanceof BodyAborted)) onError(error)
      if (res.headersSent) res.destroy()
      else answer(expected ?? { status: 500, headers: {}, body: undefined })
    }
    try {
      handler(request).then(answer, fail)
    } catch (error) {
      fail(error)
    }
  }
}

/** Answers CONNECT with 405. Node hands it to the server's `connect` event only, and hangs up when that has no listener. */
export function refuseConnect(_req: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 405 Method Not Allowed\r\nAllow: ${allowed}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}

/** The target in origin form, or the status to refuse the request with. */
function acceptedTarget(req: IncomingMessage): string | 400 | 405 {
  if (req.method === 'TRACE' || req.method === 'CONNECT') return 405
  let host: string | undefined
  const raw = req.rawHeaders
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue
    if (host !== undefined) return 400
    host = raw[i + 1]
  }
  // RFC 9112 §6.1: chunked coding on HTTP/1.0 is how a request is smuggled past an old proxy.
  if (req.httpVersionMinor === 0 && req.httpVersionMajor === 1 && req.headers['transfer-encoding'] !== undefined)
    return 400
  const target = req.url ?? '/'
  return target.charCodeAt(0) === 0x2f ? target : originForm(target, host)
}

/** RFC 9112 §3.2: what does not begin with a slash is absolute or `*`. */
function originForm(target: string, host: string | undefined): string | 400 {
  if (target === '*') return target
  const match = /^https?:\/\/([^/?#]+)(.*)$/is.exec(target)
  if (match?.[1]?.toLowerCase() !== host?.toLowerCase()) return 400
  const rest = match?.[2] ?? ''
  return rest.startsWith('/') ? rest : `/${rest}`
}

function refuse(res: ServerResponse, status: 400 | 405): void {
  const headers =
    status === 405 ? { allow: allowed, 'content-length': '0' } : { 'content-length': '0', connection: 'close' }
  res.writeHead(status, headers).end()
}

function send(req: IncomingMessage, res: ServerResponse, response: LightResponse, closing: boolean): void {
  const { status } = response
  const bodiless = isBodiless(req.method ?? 'GET', status)
  const body = bodiless ? undefined : response.body
  const headers: OutgoingHttpHeaders = { ...response.headers }
  const length = byteLength(body)
  if (!bodiless) headers['content-length'] = length
  else if (req.method === 'HEAD' && response.body !== undefined) headers['content-length'] = byteLength(response.body)
  if (closing) headers.connection = 'close'
  res.writeHead(status, headers)
  if (closing) linger(req, res, body)
  // As many bytes as characters: all are ASCII, and Latin-1 goes to the socket without being encoded once more.
  else if (typeof body === 'string' && length === body.length) res.end(body, 'latin1')
  else res.end(body)
}

function byteLength(body: string | Uint8Array | undefined): number {
  if (body === undefined) return 0
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length
}

/**
 * Ends an answer whose request is still arriving. To close on a client that is still sending resets the connection and
 * may destroy the answer on its way: so it goes out whole, then what arrives is thrown away for a moment.
 */
function linger(req: IncomingMessage, res: ServerResponse, body: string | Uint8Array | undefined): void {
  if (body === undefined) res.flushHeaders()
  else res.write(body)
  const timer = setTimeout(finish, lingerMs)
  req.once('end', finish).resume()
  function finish(): void {
    clearTimeout(timer)
    res.end()
  }
}
