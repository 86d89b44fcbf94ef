import type { LightRequest } from '../std/exchange.ts'

/** Which application a request is for, and what of it. */
export interface Place {
  dnsLabel: string
  /** Below the API: `login`, `oauth/token`. */
  path: string
  /** Where the API is for whoever reached it this way; made of settings, never of what a request says of its host. */
  address: string
}

/** Where the Client APIs are where no host names lead to them: `/client/<dnsLabel>/login`. */
const PREFIX = '/client/'

export interface PlaceOptions {
  /** Scheme, host and port under which browsers reach the service. */
  origin: string
  /** Below it every application has a host name of its own. */
  appsDomain: string
}

/** Finds the place of a request; undefined for what is none of ours (contract/rest.md 21.2). */
export function createPlaces({ origin, appsDomain }: PlaceOptions): (request: LightRequest) => Place | undefined {
  const { protocol, port } = new URL(origin)
  const suffix = `.${appsDomain}`
  const ofApps = port === '' ? '' : `:${port}`

  return (request) => {
    const host = request.header('host')?.toLowerCase()
    if (host?.includes(suffix)) {
      const name = host.replace(/:\d*$/, '')
      const dnsLabel = name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined
      if (dnsLabel !== undefined) {
        return { dnsLabel, path: trim(request.path), address: `${protocol}//${dnsLabel}${suffix}${ofApps}` }
      }
    }
    if (!request.path.startsWith(PREFIX)) return undefined
    const rest = request.path.slice(PREFIX.length)
    const slash = rest.indexOf('/')
    const dnsLabel = slash === -1 ? rest : rest.slice(0, slash)
    return { dnsLabel, path: slash === -1 ? '' : trim(rest.slice(slash)), address: `${origin}${PREFIX}${dnsLabel}` }
  }
}

const trim = (path: string): string => path.replace(/^\/+|\/+$/g, '')
