import { createDecipheriv, pbkdf2, pbkdf2Sync, randomBytes } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { encryptSecret, type SecretEncryption } from './secret-encryption.ts'

vi.mock('node:crypto', { spy: true })

const salt = randomBytes(16)
const java: SecretEncryption = { password: 'key secret', salt, keySizeBits: 128, iterations: 1024 }

/** What the old SDKs do with an answer. */
function decrypt(encrypted: string, { password, salt, keySizeBits, iterations }: SecretEncryption): string {
  const bytes = Buffer.from(encrypted, 'base64')
  const key = pbkdf2Sync(password, salt, iterations, keySizeBits / 8, 'sha1')
  const cipher = createDecipheriv(`aes-${keySizeBits}-cbc`, key, bytes.subarray(0, 16))
  return cipher.update(bytes.subarray(16), undefined, 'utf8') + cipher.final('utf8')
}

describe('TRAP-T9 encryptSecret', () => {
  test.each([128, 192, 256] as const)('with %d bits is decrypted by an SDK', async (keySizeBits) => {
    for (const secret of ['', 'x', 'sixteen bytes ok', 'é'.repeat(40)]) {
      const how = { ...java, keySizeBits }
      expect(decrypt(await encryptSecret(secret, how), how)).toBe(secret)
    }
  })

  test('is base64url of an IV and whole blocks', async () => {
    const text = await encryptSecret('x'.repeat(43), java)
    expect(text).toMatch(/^[\w-]+$/)
    expect(Buffer.from(text, 'base64url')).toHaveLength(16 + 48)
  })

  test('takes salts of any length: that of the Node SDK is text', async () => {
    const how = { ...java, salt: Buffer.from(salt.toString('base64')) }
    expect(decrypt(await encryptSecret('secret', how), how)).toBe('secret')
  })

  test('uses a fresh IV every time', async () => {
    expect(await encryptSecret('same', java)).not.toBe(await encryptSecret('same', java))
  })

  test('tells apart every parameter it has seen', async () => {
    const variants: SecretEncryption[] = [
      java,
      { ...java, password: 'other' },
      { ...java, salt: randomBytes(16) },
      { ...java, keySizeBits: 256 },
      { ...java, iterations: 1023 },
    ]
    for (let round = 0; round < 2; round++) {
      for (const how of variants) expect(decrypt(await encryptSecret('secret', how), how)).toBe('secret')
    }
  })

  test.each([0, -1, 65_537, 1.5, Number.NaN])('refuses %d iterations', async (iterations) => {
    await expect(encryptSecret('secret', { ...java, iterations })).rejects.toThrow(RangeError)
  })

  test('refuses a key size AES does not have', async () => {
    await expect(encryptSecret('secret', { ...java, keySizeBits: 64 as 128 })).rejects.toThrow(RangeError)
  })
})

describe('the cache of keys', () => {
  const fresh = (): SecretEncryption => ({ ...java, salt: randomBytes(16), iterations: 1 })
  /** How many keys are derived meanwhile. */
  const derivations = async (work: () => Promise<unknown>) => {
    vi.mocked(pbkdf2).mockClear()
    await work()
    return vi.mocked(pbkdf2).mock.calls.length
  }
  const asked = (how: SecretEncryption) => derivations(() => encryptSecret('secret', how))

  test('spares the second request the derivation', async () => {
    const how = fresh()
    expect(await asked(how)).toBe(1)
    expect(await asked(how)).toBe(0)
  })

  test('is shared by requests at the same time', async () => {
    const how = fresh()
    const all = () => Promise.all(Array.from({ length: 50 }, () => encryptSecret('secret', how)))
    expect(await derivations(all)).toBe(1)
  })

  test('forgets what was not used for the longest time', async () => {
    const [kept, dropped] = [fresh(), fresh()]
    expect([await asked(kept), await asked(dropped)]).toEqual([1, 1])
    for (let i = 0; i < 255; i++) {
      await encryptSecret('secret', fresh())
      if (i === 100) expect(await asked(kept)).toBe(0)
    }
    expect([await asked(kept), await asked(dropped)]).toEqual([0, 1])
  })
})
