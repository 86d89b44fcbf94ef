import { hash } from 'node:crypto'
import type { Brand } from './brand.ts'
import { script } from './script.ts'
import { styleOf } from './style.ts'

const digest = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`

const scriptDigest = digest(script)
const made = new WeakMap<Brand, string>()

/**
 * The Content-Security-Policy of our own pages: nothing runs or shows but what we wrote, known by its digest; no frame
 * holds them. (security/goals.md L2, CSP Level 3)
 *
 * @param formTargets origins besides our own that a form may end at, redirects included
 */
export function policyOf(brand: Brand, formTargets: readonly string[]): string {
  let policy = made.get(brand)
  if (policy === undefined) {
    policy = compose(brand)
    made.set(brand, policy)
  }
  return `${policy}; form-action ${["'self'", ...formTargets].join(' ')}`
}

function compose(brand: Brand): string {
  const images = ["'self'", ...(brand.logo === undefined ? [] : [sourceOf(brand.logo)])]
  const styles = [digest(styleOf(brand)), ...(brand.stylesheet === undefined ? [] : [sourceOf(brand.stylesheet)])]
  return [
    "default-src 'none'",
    `script-src ${scriptDigest}`,
    `style-src ${styles.join(' ')}`,
    `img-src ${[...new Set(images)].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function sourceOf(address: string): string {
  if (address.startsWith('data:')) return 'data:'
  return address.startsWith('/') ? "'self'" : new URL(address).origin
}

/** For a developer's own page: it may load and run what it likes, but it is not framed, and its addresses stay its own. */
export const policyOfOwnView = "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
