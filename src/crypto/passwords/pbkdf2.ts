import { decodeBase64 } from '../../std/base64url.ts'
import type { PasswordFormat } from './format.ts'
import { parseCount, parseParameters } from './parameters.ts'
import { checkPbkdf2, type Pbkdf2Hash, verifyPbkdf2 } from './pbkdf2-hash.ts'

const prfs = new Map<string, Pbkdf2Hash['prf']>([
  ['', 'sha1'],
  ['-sha1', 'sha1'],
  ['-sha256', 'sha256'],
  ['-sha512', 'sha512'],
])

/**
 * PBKDF2 as a PHC string, `$pbkdf2-sha256$i=600000,l=32$B64SALT$B64HASH` (`l` optional), and as passlib writes it,
 * `$pbkdf2-sha256$29000$SALT$HASH` with `.` for `+`; `$pbkdf2$` is SHA-1. (dependencies.md §4.5)
 */
export const pbkdf2 = {
  name: 'pbkdf2',
  claims: (encoded) => /^\$pbkdf2[-$]/.test(encoded),
  parse(encoded) {
    const [, variant, parameters = '', salt64 = '', digest64 = ''] =
      /^\$pbkdf2([^$]*)\$([^$]+)\$([^$]*)\$([^$]+)$/.exec(encoded) ?? []
    if (variant === undefined) return 'invalid'
    const prf = prfs.get(variant)
    if (!prf) return 'unsupported'
    const counts = parseRounds(parameters)
    const salt = decodeBase64(salt64.replaceAll('.', '+'))
    const digest = decodeBase64(digest64.replaceAll('.', '+'))
    if (!counts || !salt || !digest || (counts.l !== undefined && counts.l !== digest.length)) return 'invalid'
    return checkPbkdf2({ prf, iterations: counts.i, salt, digest })
  },
  verify: verifyPbkdf2,
} satisfies PasswordFormat<Pbkdf2Hash>

function parseRounds(text: string): { i: number; l?: number } | undefined {
  const i = parseCount(text)
  return i === undefined ? (parseParameters(text, ['i', 'l']) ?? parseParameters(text, ['i'])) : { i }
}
