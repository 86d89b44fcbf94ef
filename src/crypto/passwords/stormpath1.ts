import { createHmac } from 'node:crypto'
import { decodeBase64 } from '../../std/base64url.ts'
import { type PasswordFormat, sameDigest } from './format.ts'

interface Stormpath1 {
  salt: Uint8Array
  digest: Uint8Array
}

/**
 * `$stormpath1$B64SALT$B64HASH`, what Stormpath exported: HMAC-SHA-256 of the password under the salt.
 * (dependencies.md §4.5)
 */
export const stormpath1 = {
  name: 'stormpath1',
  claims: (encoded) => encoded.startsWith('$stormpath1$'),
  parse(encoded) {
    const [, salt, digest] = (/^\$stormpath1\$([^$]+)\$([^$]+)$/.exec(encoded) ?? []).map(decodeBase64)
    return salt && digest?.length === 32 ? { salt, digest } : 'invalid'
  },
  verify: (password, { salt, digest }) => sameDigest(createHmac('sha256', salt).update(password).digest(), digest),
} satisfies PasswordFormat<Stormpath1>
