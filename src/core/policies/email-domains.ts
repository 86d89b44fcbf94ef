import { domainToUnicode } from 'node:url'
import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import { fold } from '../../std/fold.ts'

type Lists = Pick<Entity<'accountCreationPolicy'>, 'emailDomainWhitelist' | 'emailDomainBlacklist'>

/** What a host name is written with; anything else is compared as it stands. */
const HOST_NAME = /^[\p{L}\p{M}\p{Nd}._*-]+$/u

/**
 * Holds an address against the lists of a directory: `*` stands for any text, the blacklist wins, an empty whitelist lets
 * in all (contract/rest.md 6.8). Kept out are also the twins of a domain that an identity key cannot tell from it; let in
 * is the domain itself alone (decisions/0013).
 *
 * @throws Problem emailDomainBlacklisted | emailDomainNotWhitelisted
 */
export function checkEmailDomain(email: string, { emailDomainWhitelist, emailDomainBlacklist }: Lists): void {
  if (emailDomainWhitelist.length === 0 && emailDomainBlacklist.length === 0) return
  const typed = email.slice(email.lastIndexOf('@') + 1)
  const domain = canonicalDomain(typed)
  const key = fold(domain)
  if (emailDomainBlacklist.some((rule) => matchesRule(key, fold(canonicalDomain(rule))))) {
    refuse('emailDomainBlacklisted', { domain: typed })
  }
  if (
    emailDomainWhitelist.length > 0 &&
    !emailDomainWhitelist.some((rule) => matchesRule(domain, canonicalDomain(rule)))
  ) {
    refuse('emailDomainNotWhitelisted', { domain: typed })
  }
}

/** One spelling for all that name the same domain: without case, width, punycode and the dot of the root (UTS 46). */
function canonicalDomain(text: string): string {
  const domain = text.replace(/\.+$/, '')
  const mapped = HOST_NAME.test(domain) ? domainToUnicode(domain) : ''
  return mapped === '' ? domain.normalize('NFKC').toLowerCase() : mapped
}

/** Takes time in proportion to the text for each `*`, whatever they say. */
function matchesRule(text: string, rule: string): boolean {
  const [first = '', ...others] = rule.split('*')
  const last = others.pop()
  if (last === undefined) return text === rule
  if (!text.startsWith(first)) return false
  let from = first.length
  for (const piece of others) {
    const at = text.indexOf(piece, from)
    if (at < 0) return false
    from = at + piece.length
  }
  return text.length - last.length >= from && text.endsWith(last)
}
