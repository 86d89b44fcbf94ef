import type { Providers } from '../core/ports.ts'
import type { Clock } from '../std/clock.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { facebook } from './facebook.ts'
import { ProviderFault } from './fault.ts'
import { github } from './github.ts'
import { google } from './google.ts'
import { createIdTokens } from './id-token.ts'
import type { Kind } from './kind.ts'
import { linkedin } from './linkedin.ts'
import { generic } from './oauth2.ts'
import { oidc } from './oidc.ts'
import { twitter } from './twitter.ts'

export interface ProvidersOptions {
  clock: Clock
  /** Whether tenants may name endpoints on private networks. */
  allowPrivateServers: boolean
  /** In place of the hosts of the well-known providers: theirs below `<base>/<type>`. The operator's own choice. */
  base?: string | undefined
  /** Milliseconds that one answer may take. */
  timeout?: number
}

/** Speaks with identity providers: one file each, joined to this list. */
export function createProviders({ clock, allowPrivateServers, base, timeout }: ProvidersOptions): Providers {
  const idTokens = createIdTokens()
  const kinds = {
    facebook,
    github,
    google: google(idTokens),
    linkedin,
    twitter,
    oauth2: generic,
    oidc: oidc(idTokens),
  } satisfies Record<string, Kind>
  const limit = timeout === undefined ? {} : { timeout }
  const named: Exchange = createExchange({ allowInside: base !== undefined || allowPrivateServers, ...limit })
  const own: Exchange = createExchange({ allowInside: allowPrivateServers, ...limit })

  return {
    async identify(settings, credentials) {
      const { type } = settings
      const isNamed = type !== 'oauth2' && type !== 'oidc'
      try {
        return await kinds[type]({
          settings,
          credentials,
          exchange: isNamed ? named : own,
          at: (url) => (base === undefined ? url : `${base}/${type}${new URL(url).pathname}`),
          now: () => clock.now(),
        })
      } catch (error) {
        if (error instanceof ProviderFault) return { refused: error.message }
        throw error
      }
    },
  }
}
