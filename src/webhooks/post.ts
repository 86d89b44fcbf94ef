import type { ClientRequest } from 'node:http'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { PostResult, WebhookPost } from '../core/webhooks/attempts.ts'
import type { Clock } from '../std/clock.ts'
import { addressOf, NoAddress } from '../std/reachable.ts'
import { signatureOf } from './sign.ts'

export interface PosterOptions {
  clock: Clock
  /** Whether addresses of this machine and of private networks may be posted to, and without encryption. */
  allowInside: boolean
  /** Milliseconds for the whole of it. */
  timeout?: number
}

/** Nobody reads what is answered; so much is taken before the connection is cut. */
const MOST_BYTES = 64 * 1024

/**
 * Posts to an address that a tenant named. The name is looked up once, and the connection goes to the address that was
 * looked at; redirects are answers like others; nothing of an answer is kept but its status.
 */
export function createPoster({ clock, allowInside, timeout = 15_000 }: PosterOptions) {
  return async ({ url, id, body, secrets }: WebhookPost): Promise<PostResult> => {
    const target = new URL(url)
    if (target.protocol !== 'https:' && !allowInside) return { fault: 'insecure' }
    const deadline = AbortSignal.timeout(timeout)
    let address: string
    try {
      address = await before(deadline, addressOf(target.hostname, { allowInside }))
    } catch (error) {
      if (error instanceof NoAddress) return { fault: 'addressNotAllowed' }
      return { fault: deadline.aborted ? 'timeout' : 'unreachable' }
    }
    const timestamp = Math.floor(clock.now() / 1000)
    try {
      return {
        status: await exchange(target, address, body, deadline, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'Latchkey',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf(id, timestamp, body, secrets),
        }),
      }
    } catch (error) {
      return { fault: deadline.aborted ? 'timeout' : isInsecure(error) ? 'insecure' : 'unreachable' }
    }
  }
}

/** The status of the answer. */
function exchange(
  target: URL,
  address: string,
  body: string,
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<number> {
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const request: ClientRequest = send(target, {
      method: 'POST',
      headers,
      signal,
      agent: false,
      lookup: always(address),
    })
    request.on('error', reject)
    request.on('response', (response) => {
      let size = 0
      const end = () => resolve(response.statusCode as number)
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= MOST_BYTES) return
        end()
        request.destroy()
      })
      response.on('end', end)
      response.on('error', reject)
    })
    request.end(body)
  })
}

/** Whatever the name server says now. */
function always(address: string): LookupFunction {
  const family = isIP(address)
  return (_host, options, done) => {
    if (options.all) done(null, [{ address, family }])
    else done(null, address, family)
  }
}

function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

function isInsecure(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)|_CERT|EPROTO/.test(code)
}
