import { isMembers, type Members } from './exchange.ts'
import { fail } from './fault.ts'
import { askMembers, type Call, text } from './kind.ts'

/** What is used of a discovery document. (OpenID Connect Discovery §3) */
export interface Discovered {
  issuer: string
  tokenEndpoint: string | undefined
  userInfoEndpoint: string | undefined
  jwksUri: string
  /** The client says who it is in the form and not in a header. */
  isPostOnly: boolean
}

/** Documents and keys of issuers, kept a while. */
export interface Discovery {
  of(call: Call, url: string): Promise<Discovered>
  /** The keys; `fresh` reads them again if they were not read just now. */
  keys(call: Call, url: string, fresh: boolean): Promise<readonly Members[]>
}

const KEPT_FOR = 10 * 60_000
/** An unknown key makes us ask again, but no flood of them more often than this. */
const FRESH_FOR = 30_000
const MOST_KEPT = 1000
const WELL_KNOWN = '/.well-known/openid-configuration'

export function createDiscovery(): Discovery {
  const documents = createCache<Discovered>()
  const keySets = createCache<readonly Members[]>()
  const of = (call: Call, url: string) => documents(url, call.now(), KEPT_FOR, () => discover(call, url))
  return {
    of,
    async keys(call, url, fresh) {
      const { jwksUri } = await of(call, url)
      return keySets(jwksUri, call.now(), fresh ? FRESH_FOR : KEPT_FOR, async () => {
        const { keys } = await askMembers(call, { url: jwksUri })
        return Array.isArray(keys) ? keys.filter(isMembers) : fail('its set of keys is none')
      })
    },
  }
}

/** The issuer must be the one whose document this is: nobody speaks for another. (OpenID Connect Discovery §4.3) */
async function discover(call: Call, url: string): Promise<Discovered> {
  const document = await askMembers(call, { url })
  const issuer = text(document.issuer)
  if (issuer === undefined || `${issuer.replace(/\/$/, '')}${WELL_KNOWN}` !== url) {
    fail('its discovery document is that of another issuer')
  }
  const methods = document.token_endpoint_auth_methods_supported
  return {
    issuer: issuer as string,
    tokenEndpoint: text(document.token_endpoint),
    userInfoEndpoint: text(document.userinfo_endpoint),
    jwksUri: text(document.jwks_uri) ?? fail('its discovery document names no keys'),
    isPostOnly: Array.isArray(methods) && !methods.includes('client_secret_basic'),
  }
}

/** Keeps what was made, and the making of it: those that ask at once wait for one answer. What failed is not kept. */
function createCache<T>() {
  const kept = new Map<string, { at: number; value: Promise<T> }>()
  return (key: string, now: number, maxAge: number, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key)
    if (known && now - known.at < maxAge && known.at <= now) return known.value
    const value = make()
    kept.delete(key)
    kept.set(key, { at: now, value })
    value.catch(() => kept.get(key)?.value === value && kept.delete(key))
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
    return value
  }
}
