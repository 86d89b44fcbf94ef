import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

export interface Passwords {
  hash(password: string): Promise<string>
  verify(password: string, encoded: string): Promise<boolean>
  verifyNothing(password: string): Promise<void>
  needsRehash(encoded: string): boolean
  checkImport(text: string): 'ok' | 'invalid' | 'unsupported'
  readonly implementation: 'node-rs' | 'node'
  close(): Promise<void>
}

const run = promisify(argon2)

// A first form: the formats of other systems and the bounded queue follow beside this file.
export function createPasswords(options: { insecureTestCost?: boolean } = {}): Passwords {
  const memory = options.insecureTestCost ? 64 : 19456
  const passes = options.insecureTestCost ? 1 : 2
  const derive = (message: string, nonce: Buffer, m: number, t: number, p: number) =>
    run('argon2id', { message, nonce, memory: m, passes: t, parallelism: p, tagLength: 32 })
  const b64 = (b: Buffer) => b.toString('base64').replace(/=+$/, '')
  const self: Passwords = {
    implementation: 'node',
    async hash(password) {
      const salt = randomBytes(16)
      return `$argon2id$v=19$m=${memory},t=${passes},p=1$${b64(salt)}$${b64(await derive(password, salt, memory, passes, 1))}`
    },
    async verify(password, encoded) {
      const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(encoded)
      if (!found) return false
      const [, m, t, p, salt, tag] = found as unknown as string[]
      const got = await derive(password, Buffer.from(salt as string, 'base64'), Number(m), Number(t), Number(p))
      return timingSafeEqual(got, Buffer.from(tag as string, 'base64'))
    },
    async verifyNothing(password) {
      await self.hash(password)
    },
    needsRehash: (encoded) => !encoded.startsWith(`$argon2id$v=19$m=${memory},t=${passes},p=1$`),
    checkImport: (text) => (/^\$(2[abxy]|stormpath[12])\$/.test(text) ? 'ok' : 'invalid'),
    close: async () => {},
  }
  return self
}
