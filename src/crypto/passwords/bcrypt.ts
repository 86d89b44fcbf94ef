import type { PasswordFormat } from './format.ts'

const shape = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/
// Each step doubles: 14 is about a second in JavaScript.
const maxCost = 14

interface Bcrypt {
  encoded: string
}

/**
 * bcrypt as `$2a$`, `$2b$`, `$2y$` and `$2x$`. Like every bcrypt it looks at the first 72 bytes of a password only.
 *
 * `$2x$` marks hashes of an old PHP whose bug mangled non-ASCII characters: an ASCII password hashes as under `$2a$`, any
 * other is never accepted, since the bug lets many passwords match one hash. (contract/rest.md §13.5)
 */
export const bcrypt = {
  name: 'bcrypt',
  claims: (encoded) => /^\$2[abxy]\$/.test(encoded),
  parse(encoded) {
    const cost = Number(shape.exec(encoded)?.[1])
    if (!(cost >= 4 && cost <= 31)) return 'invalid'
    return cost > maxCost ? 'unsupported' : { encoded }
  },
  async verify(password, { encoded }) {
    // Loaded here, in the worker, so that the main thread need not.
    const { compareSync } = await import('bcryptjs')
    if (!encoded.startsWith('$2x$')) return compareSync(password, encoded)
    return /^[\0-\x7f]*$/.test(password) && compareSync(password, encoded.replace('$2x$', '$2a$'))
  },
} satisfies PasswordFormat<Bcrypt>
