import type { Client } from '../../client/client.ts'
import type { Application } from './application.ts'
import { defaultDirectory } from './facts.ts'

/** Addresses of the pages that links in mails lead to. */
export interface Links {
  readonly reset: string
  readonly verification: string
}

/**
 * Lets the mails of the default directory lead to our pages. A link that somebody else chose, elsewhere, stays as it is;
 * one to a page of the service's own, or to this machine, is one that nobody chose.
 */
export async function pointLinks(client: Client, { href }: Application, links: Links): Promise<void> {
  const directory = await defaultDirectory(client, href)
  if (!directory) return
  const policy = await directory.passwordPolicy.get()
  const creation = await directory.accountCreationPolicy.get()
  const wanted = [
    [policy.resetEmailTemplates, links.reset],
    [creation.verificationEmailTemplates, links.verification],
  ] as const
  for (const [templates, linkBaseUrl] of wanted) {
    for (const template of await templates.list().toArray()) {
      const now = template.defaultModel?.linkBaseUrl
      if (typeof now === 'string' && now !== linkBaseUrl && isNobodysChoice(now)) {
        await template.update({ defaultModel: { linkBaseUrl } })
      }
    }
  }
}

/** The two pages that the service has for whoever has none. (contract/rest.md §13.3, §13.4) */
const ownPages = ['/emailVerificationTokens', '/passwordReset']

function isNobodysChoice(address: string): boolean {
  const url = URL.parse(address, 'http://localhost')
  return !!url && (ownPages.includes(url.pathname) || /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname))
}
