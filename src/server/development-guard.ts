import type { LightRequest, LightResponse } from '../std/exchange.ts'
import { errorAnswer } from './answers.ts'
import { isLoopback } from './config.ts'

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/**
 * In development everything is open to this machine alone. A request that came through a proxy, or by another name, says
 * that others can reach us (or that a page is trying to, by DNS rebinding): it is refused with the setting that allows it.
 */
export function guardDevelopment(request: LightRequest): LightResponse | undefined {
  const forwarded = forwarding.find((name) => request.header(name) !== undefined)
  if (forwarded) return refuse(400, `it carries a ${forwarded} header, so it came through a proxy`)
  const host = request.header('host')
  return host === undefined || isOurs(host) ? undefined : refuse(421, `it was sent to ${JSON.stringify(host)}`)
}

let lastOurs: string | undefined

function isOurs(host: string): boolean {
  if (host === lastOurs) return true
  const name = URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$/g, '')
  const ours = name !== undefined && (isLoopback(name) || name.endsWith('.localhost'))
  if (ours) lastOurs = host
  return ours
}

function refuse(status: number, because: string): LightResponse {
  return errorAnswer({
    status,
    message: 'This service runs in development mode and answers requests of its own machine only.',
    developerMessage:
      `This request is refused because ${because}, and the service runs in development mode. To let others reach it, set ` +
      'baseUrl: latchkey serve --base-url https://id.example.com, or LATCHKEY_BASE_URL=https://id.example.com',
  })
}
