const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** What is looked at of a request. */
interface Arrived {
  header(name: string): string | undefined
  /** `1.1`; undefined where there was no connection. */
  readonly httpVersion?: string | undefined
}

/** Whether a host name or address is one that this machine alone can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Whether a request says that it passed a proxy. */
export const isForwarded = (request: Arrived): boolean => forwarding.some((name) => request.header(name) !== undefined)

/** The status such a request is refused with, and words that follow "because". */
export interface Foreign {
  status: 400 | 421
  because: string
}

/**
 * What says that a request may not come from this machine: it passed a proxy, or it names another host, as a page does
 * that uses DNS rebinding. A proxy need not say so: nginx, told no more than `proxy_pass`, names this machine as the host
 * and adds no header, but it speaks HTTP/1.0, which no browser has done for decades. Undefined when nothing says so.
 * (design.md, decision 16)
 */
export function whyForeign(request: Arrived): Foreign | undefined {
  const forwarded = forwarding.find((name) => request.header(name) !== undefined)
  if (forwarded) return { status: 400, because: `it carries a ${forwarded} header, so it came through a proxy` }
  if (request.httpVersion === '1.0') return { status: 400, because: 'it speaks HTTP/1.0, so it came through a proxy' }
  const host = request.header('host')
  if (host === undefined || isOurs(host)) return undefined
  return { status: 421, because: `it was sent to ${JSON.stringify(host)}` }
}

/** Almost every request names the same host. */
let lastOurs: string | undefined

function isOurs(host: string): boolean {
  if (host === lastOurs) return true
  const name = URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$/g, '')
  const ours = name !== undefined && (isLoopback(name) || name.endsWith('.localhost'))
  if (ours) lastOurs = host
  return ours
}
