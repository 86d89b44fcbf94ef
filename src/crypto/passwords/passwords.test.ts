import { afterAll, describe, expect, test, vi } from 'vitest'
import { type Argon2, chooseArgon2 } from './argon2.ts'
import type { PasswordFormat } from './format.ts'
import { formatOf } from './formats.ts'
import { createPasswords, type Passwords, type PasswordsOptions } from './passwords.ts'
import { hashingSlots, QueueFull } from './queue.ts'

vi.mock('./argon2.ts', { spy: true })

/** Who hashes for which. */
const implementations = new Map<Passwords, Argon2>()

function create(options: PasswordsOptions): Passwords {
  const passwords = createPasswords(options)
  implementations.set(passwords, vi.mocked(chooseArgon2).mock.results.at(-1)?.value)
  return passwords
}

const insecureTestCost = { memoryKiB: 64, passes: 1 }
const quick = create({ insecureTestCost })
const real = { 'node-rs': create({ force: 'node-rs' }), node: create({ force: 'node' }) }

afterAll(() => Promise.all([quick, ...Object.values(real)].map((passwords) => passwords.close())))

const stormpath = '$stormpath2$MD5$1$NzEyN2ZhYzdkZTAyMjJlMGQyMWYxMWRmZmY2YjA1MWI=$K18Ak0YikAFrqgglhIaY5g=='
const bcrypt = '$2y$11$kHM/VXmCVsGXDGIVu9mD8eY/uEYI.Nva9sHgrLYuLzr0il28DDOGO'
const foreign = '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'
const tooCostly = '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

/** The passwords and parsed hashes that argon2id is asked to verify meanwhile. */
async function verifications(passwords: Passwords, work: () => Promise<unknown>) {
  const argon2 = implementations.get(passwords)
  if (!argon2) throw new Error('who hashes for these is not known')
  const verify = vi.spyOn(argon2, 'verify')
  try {
    await work()
    return verify.mock.calls.map(([password, , { memory, passes, parallelism }]) => {
      return { password, cost: `${memory} ${passes} ${parallelism}` }
    })
  } finally {
    verify.mockRestore()
  }
}

describe.each(['node-rs', 'node'] as const)('argon2id by %s', (implementation) => {
  const passwords = real[implementation]
  const other = real[implementation === 'node' ? 'node-rs' : 'node']

  test('says which it is', () => {
    expect(passwords.implementation).toBe(implementation)
  })

  test('writes the documented string', async () => {
    const encoded = await passwords.hash('pässword')
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(await passwords.hash('pässword')).not.toBe(encoded)
    expect(passwords.needsRehash(encoded)).toBe(false)
    expect(passwords.checkImport(encoded)).toBe('ok')
  })

  test('reads its own strings and those of the other', async () => {
    for (const password of ['pässword 😀', '', ' ', 'a\0b', 'x'.repeat(1024)]) {
      const encoded = await passwords.hash(password)
      for (const reader of [passwords, other]) {
        expect(await reader.verify(password, encoded)).toBe(true)
        expect(await reader.verify(`${password} `, encoded)).toBe(false)
      }
    }
  })

  test('reads foreign strings within bounds only', async () => {
    expect(await passwords.verify('password', foreign)).toBe(true)
    expect(await passwords.verify('passwore', foreign)).toBe(false)
    expect(await passwords.verify('password', tooCostly)).toBe(false)
  })
})

test('the faster implementation is taken where it loads', () => {
  expect(quick.implementation).toBe('node-rs')
})

describe('legacy formats', () => {
  test('are verified', async () => {
    expect(await quick.verify('password', stormpath)).toBe(true)
    expect(await quick.verify('passwore', stormpath)).toBe(false)
    expect(await quick.verify('Vapor3', bcrypt)).toBe(true)
    expect(await quick.verify('Vapor4', bcrypt)).toBe(false)
  })

  test.each([stormpath, bcrypt])('never block the main thread: %s', async (encoded) => {
    // The threads have modules of their own, so whatever this hears of ran here.
    const here = vi.spyOn(formatOf(encoded) as PasswordFormat, 'verify')
    try {
      await quick.verify('password', encoded)
      expect(here).not.toHaveBeenCalled()
    } finally {
      here.mockRestore()
    }
  })

  test.each(['', 'password', '$2a$', '$stormpath2$MD5$1$$', '{SSHA}', tooCostly])(
    '%j matches nothing',
    async (encoded) => {
      for (const password of ['', 'password']) expect(await quick.verify(password, encoded)).toBe(false)
    },
  )
})

describe('needsRehash', () => {
  test('of what we write today: no', async () => {
    expect(quick.needsRehash(await quick.hash('x'))).toBe(false)
  })

  test('of anything else: yes', async () => {
    const ours = await real.node.hash('x')
    expect(quick.needsRehash(ours)).toBe(true)
    expect(real.node.needsRehash(await quick.hash('x'))).toBe(true)
    for (const [from, to] of [
      ['m=19456', 'm=19457'],
      ['t=2', 't=3'],
      ['p=1', 'p=2'],
      [/..$/, ''],
      ['argon2id', 'argon2i'],
    ] as const) {
      expect(real.node.needsRehash(ours.replace(from, to)), String(from)).toBe(true)
    }
    for (const encoded of ['', 'x', stormpath, bcrypt, tooCostly]) expect(quick.needsRehash(encoded)).toBe(true)
  })
})

// contract/rest.md §13.5
describe('checkImport', () => {
  test.each([
    stormpath,
    bcrypt,
    bcrypt.replace('$2y$', '$2a$'),
    bcrypt.replace('$2y$', '$2b$'),
    bcrypt.replace('$2y$', '$2x$'),
    `$stormpath1$c2FsdA==$${'A'.repeat(43)}=`,
    `$stormpath2$SHA-256$10$$${'A'.repeat(43)}=`,
    foreign,
    '{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr',
    'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=',
  ])('ok: %s', (text) => {
    expect(quick.checkImport(text)).toBe('ok')
  })

  test.each(['', 'password', '$1$salt$x', '$md5$abc', '$2a$10$short', '$stormpath2$MD5$0$$AAAAAAAAAAAAAAAAAAAAAA=='])(
    'invalid: %s',
    (text) => {
      expect(quick.checkImport(text)).toBe('invalid')
    },
  )

  test.each([
    '$stormpath2$SHA-3$1$$AAAAAAAAAAAAAAAAAAAAAA==',
    '$stormpath2$MD5$4294967296$$AAAAAAAAAAAAAAAAAAAAAA==',
    bcrypt.replace('$11$', '$31$'),
    tooCostly,
  ])('unsupported: %s', (text) => {
    expect(quick.checkImport(text)).toBe('unsupported')
  })
})

describe('GOAL-G3 a password of more than 1,024 code points', () => {
  test('is not hashed', async () => {
    await expect(quick.hash('x'.repeat(1025))).rejects.toThrow(RangeError)
    await expect(quick.hash('😀'.repeat(1025))).rejects.toThrow(RangeError)
    expect(await quick.verify('😀'.repeat(1024), await quick.hash('😀'.repeat(1024)))).toBe(true)
  })

  test('never matches, not even in a format that cuts it off', async () => {
    // bcrypt reads 72 bytes: without the check these would match.
    const long = '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui'
    const password = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    expect(await quick.verify(password.padEnd(1024), long)).toBe(true)
    expect(await quick.verify(password.padEnd(1025), long)).toBe(false)
  })

  test('takes no time of its own', async () => {
    const huge = 'é'.repeat(20_000_000)
    const encoded = await quick.hash('x')
    const read = vi.spyOn(String.prototype, Symbol.iterator)
    try {
      for (const work of [() => quick.verify(huge, encoded), () => quick.verifyNothing(huge)]) {
        expect(await verifications(quick, work)).toEqual([{ password: '', cost: '64 1 1' }])
      }
      expect(read.mock.contexts.filter((text) => String(text).length > 2048)).toEqual([])
    } finally {
      read.mockRestore()
    }
  })
})

describe('a refusal costs one verification of a hash as we make it', () => {
  const passwords = real['node-rs']
  const cases: Record<string, (encoded: string) => Promise<unknown>> = {
    usual: (encoded) => passwords.verify('wrong', encoded),
    nothing: () => passwords.verifyNothing('wrong'),
    'nothing, too long': () => passwords.verifyNothing('x'.repeat(2000)),
    'too long': (encoded) => passwords.verify('x'.repeat(2000), encoded),
    'fast format': () => passwords.verify('wrong', stormpath),
    'cheap foreign argon2id': () => passwords.verify('wrong', foreign),
    'no format': () => passwords.verify('wrong', ''),
    'above the ceiling': () => passwords.verify('wrong', tooCostly),
  }
  test.each(Object.keys(cases))('%s', async (name) => {
    const encoded = await passwords.hash('right')
    const asked = await verifications(passwords, async () => cases[name]?.(encoded))
    expect(asked.filter(({ cost }) => cost === '19456 2 1')).toHaveLength(1)
    // The foreign hash itself, which is much cheaper.
    expect(asked.filter(({ cost }) => cost !== '19456 2 1')).toHaveLength(name === 'cheap foreign argon2id' ? 1 : 0)
  })
})

describe('GOAL-G1 one queue for all', () => {
  test('refuses at once what is too much, whatever is asked', async () => {
    const passwords = createPasswords({ insecureTestCost })
    const encoded = await passwords.hash('x')
    const room = hashingSlots() + 32
    const works: (() => Promise<unknown>)[] = [
      () => passwords.verify('x', encoded),
      () => passwords.verifyNothing('x'),
      () => passwords.verify('x'.repeat(2000), encoded),
      () => passwords.verify('password', stormpath),
      () => passwords.hash('x'),
    ]
    const results = Array.from({ length: room }, (_, i) => works[i % works.length]?.())
    for (const work of works) {
      const error = await work().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(QueueFull)
      expect((error as QueueFull).retryAfterSeconds).toBeGreaterThanOrEqual(1)
    }
    await Promise.all(results)
    expect(await passwords.verify('x', encoded)).toBe(true)
    await passwords.close()
  })
})

describe('close', () => {
  test('waits for what was begun, then refuses', async () => {
    const passwords: Passwords = createPasswords({ insecureTestCost })
    const results = [
      passwords.verify('Vapor3', bcrypt),
      passwords.verify('password', stormpath),
      passwords.verify('password', stormpath),
    ]
    await passwords.close()
    expect(await Promise.all(results)).toEqual([true, true, true])
    await expect(passwords.verify('x', stormpath)).rejects.toThrow(/closed/)
    await expect(passwords.hash('x')).rejects.toThrow(/closed/)
    await expect(passwords.verifyNothing('x')).rejects.toThrow(/closed/)
    await passwords.close()
  })
})
