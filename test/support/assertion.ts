import { createHmac } from 'node:crypto'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT under the secret of an API key, as old SDKs make assertions themselves: nothing in the header but the algorithm. */
export function mint(claims: object, secret: string, header: object = {}): string {
  const signed = `${encode({ typ: 'JWT', alg: 'HS256', ...header })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
