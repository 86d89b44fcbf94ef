import { createHmac, randomBytes } from 'node:crypto'
import { sameSecret } from '../crypto/compare.ts'
import type { WebRequest } from './request.ts'

/** What a form shows that it was ours, given to this browser. */
export interface CsrfTokens {
  /** @param holder - what knows the browser again: its session, or its cookie */
  issue(holder: string): string
  isFor(holder: string, token: string | undefined): boolean
}

/** Names under which forms of old and new send it. (contract/web.md §3) */
export const csrfFields = ['_csrf', 'csrfToken', 'authenticity_token', 'st'] as const
export const csrfHeader = 'x-csrf-token'

/**
 * Tokens for forms: a random part, and a MAC of it and the browser's session. One holds as long as its session, for any
 * number of forms; a token and cookie that an attacker planted hold for no session but the attacker's own.
 *
 * @param secret - the same on every node of the application
 */
export function createCsrfTokens(secret: string): CsrfTokens {
  const key = createHmac('sha256', secret).update('latchkey csrf').digest()
  const mac = (nonce: string, holder: string) =>
    createHmac('sha256', key).update(`${nonce}\0${holder}`).digest('base64url')
  return {
    issue(holder) {
      const nonce = randomBytes(12).toString('base64url')
      return `${nonce}.${mac(nonce, holder)}`
    },
    isFor(holder, token) {
      const [nonce, tag, ...more] = token?.split('.') ?? []
      return !!nonce && !!tag && more.length === 0 && holder !== '' && sameSecret(mac(nonce, holder), tag)
    },
  }
}

/**
 * Whether a page of another site sent this: by what browsers say of each request and no page can change. A request that
 * says nothing came from no browser, or from one so old that the token must do.
 *
 * @param origin - ours
 * @param trusted - other origins that may send requests here
 */
export function isForeign(request: WebRequest, origin: string | undefined, trusted: readonly string[]): boolean {
  const from = request.header('origin')
  if (from !== undefined && from !== 'null' && trusted.includes(from)) return false
  const site = request.header('sec-fetch-site')
  if (from !== undefined) return from !== origin
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
