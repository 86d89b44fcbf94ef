import { scryptSync } from 'node:crypto'
import { decodeBase64 } from '../../std/base64url.ts'
import { type PasswordFormat, sameDigest } from './format.ts'
import { parseParameters } from './parameters.ts'
import { type ScryptCost, scryptCost } from './scrypt-cost.ts'

interface Scrypt {
  cost: ScryptCost
  salt: Uint8Array
  digest: Uint8Array
}

/** scrypt as a PHC string, `$scrypt$ln=16,r=8,p=1$B64SALT$B64HASH`, as passlib and others write it. (RFC 7914) */
export const scrypt = {
  name: 'scrypt',
  claims: (encoded) => encoded.startsWith('$scrypt$'),
  parse(encoded) {
    const [, parameters = '', salt64 = '', digest64 = ''] = /^\$scrypt\$([^$]+)\$([^$]*)\$([^$]+)$/.exec(encoded) ?? []
    const counts = parseParameters(parameters, ['ln', 'r', 'p'])
    const salt = decodeBase64(salt64)
    const digest = decodeBase64(digest64)
    if (!counts || !salt || !digest || digest.length < 16 || digest.length > 64) return 'invalid'
    const cost = scryptCost(counts)
    return typeof cost === 'string' ? cost : { cost, salt, digest }
  },
  verify: (password, { cost, salt, digest }) => sameDigest(scryptSync(password, salt, digest.length, cost), digest),
} satisfies PasswordFormat<Scrypt>
