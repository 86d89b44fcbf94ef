import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/**
 * The value of `webhook-signature`: for each secret `v1,` and base64 of HMAC-SHA256 over id, timestamp and body, joined by
 * dots, with a blank between them (https://github.com/standard-webhooks/standard-webhooks, Signature scheme).
 *
 * @param timestamp - seconds
 */
export function signatureOf(id: string, timestamp: number, body: string, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}
