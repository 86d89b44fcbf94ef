import { decodeBase64, textToBytes } from '../../std/base64url.ts'
import type { PasswordFormat } from './format.ts'
import { parseCount } from './parameters.ts'
import { checkPbkdf2, type Pbkdf2Hash, verifyPbkdf2 } from './pbkdf2-hash.ts'

/** Django's PBKDF2: `pbkdf2_sha256$ITER$SALT$B64HASH`, also `pbkdf2_sha1`; the salt is plain text. (dependencies.md §4.5) */
export const djangoPbkdf2 = {
  name: 'django-pbkdf2',
  claims: (encoded) => encoded.startsWith('pbkdf2_'),
  parse(encoded) {
    const [, name, rounds, salt, digest64 = ''] = /^pbkdf2_(\w+)\$(\d+)\$([^$]+)\$([^$]+)$/.exec(encoded) ?? []
    if (salt === undefined) return 'invalid'
    if (name !== 'sha1' && name !== 'sha256') return 'unsupported'
    const iterations = parseCount(rounds)
    const digest = decodeBase64(digest64)
    if (!iterations || digest?.length !== (name === 'sha1' ? 20 : 32)) return 'invalid'
    return checkPbkdf2({ prf: name, iterations, salt: textToBytes(salt), digest })
  },
  verify: verifyPbkdf2,
} satisfies PasswordFormat<Pbkdf2Hash>
