import { createHmac, randomBytes } from 'node:crypto'
import { encodeRfc3986 } from '../std/form-encoding.ts'

export interface OAuth1Signing {
  clientId: string
  clientSecret: string
  token: string
  tokenSecret: string
  /** Seconds. */
  timestamp: number
  /** Random when absent. */
  nonce?: string
}

/** The Authorization header of a signed GET. (RFC 5849 §3.4, HMAC-SHA1; parameters of the query are signed along) */
export function signOAuth1(url: URL, signing: OAuth1Signing): string {
  const own = {
    oauth_consumer_key: signing.clientId,
    oauth_nonce: signing.nonce ?? randomBytes(16).toString('hex'),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(signing.timestamp),
    oauth_token: signing.token,
    oauth_version: '1.0',
  }
  const parameters = [...url.searchParams, ...Object.entries(own)]
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .toSorted()
    .join('&')
  const base = ['GET', url.origin + url.pathname, parameters].map(encodeRfc3986).join('&')
  const key = `${encodeRfc3986(signing.clientSecret)}&${encodeRfc3986(signing.tokenSecret)}`
  const signature = createHmac('sha1', key).update(base).digest('base64')
  const members = Object.entries({ ...own, oauth_signature: signature })
  return `OAuth ${members.map(([name, value]) => `${name}="${encodeRfc3986(value)}"`).join(', ')}`
}
