import type { LightResponse } from '../std/exchange.ts'
import type { WebRequest } from './request.ts'

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/**
 * While nothing is set, the service in this process serves this machine alone: a request that came through a proxy, or
 * by another name, says that others can reach it. It is refused with the setting that allows it. (design.md, decision 16)
 */
export function guardDevelopment(request: WebRequest): LightResponse | undefined {
  const forwarded = forwarding.find((name) => request.header(name) !== undefined)
  if (forwarded) return refuse(400, `it carries a ${forwarded} header, so it came through a proxy`)
  const host = request.header('host')
  return host === undefined || isOurs(host) ? undefined : refuse(421, `it was sent to ${JSON.stringify(host)}`)
}

let lastOurs: string | undefined

function isOurs(host: string): boolean {
  if (host === lastOurs) return true
  const name = URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$/g, '')
  const ours = name !== undefined && /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/.test(name)
  if (ours) lastOurs = host
  return ours
}

function refuse(status: number, because: string): LightResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body:
      `This request is refused because ${because}, and the users of this app live in development mode.\n` +
      "To let others reach it, say where: latchkey({ baseUrl: 'https://shop.example.com' }), or " +
      'LATCHKEY_BASE_URL=https://shop.example.com\n',
  }
}
