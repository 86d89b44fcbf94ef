import { afterAll, describe, expect, test } from 'vitest'
import { createPasswords, type Passwords } from './passwords.ts'
import { hashingSlots, QueueFull } from './queue.ts'

const insecureTestCost = { memoryKiB: 64, passes: 1 }
const quick = createPasswords({ insecureTestCost })
const real = { 'node-rs': createPasswords({ force: 'node-rs' }), node: createPasswords({ force: 'node' }) }

afterAll(() => Promise.all([quick, ...Object.values(real)].map((passwords) => passwords.close())))

const stormpath = '$stormpath2$MD5$1$NzEyN2ZhYzdkZTAyMjJlMGQyMWYxMWRmZmY2YjA1MWI=$K18Ak0YikAFrqgglhIaY5g=='
const bcrypt = '$2y$11$kHM/VXmCVsGXDGIVu9mD8eY/uEYI.Nva9sHgrLYuLzr0il28DDOGO'
const foreign = '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'
const tooCostly = '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

/** Milliseconds of processor time, all threads together: a busy machine does not change them much. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1000
}

async function best(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 7; i++) times.push(await time(work))
  return Math.min(...times)
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

  test('never block the main thread', async () => {
    await quick.verify('Vapor3', bcrypt)
    const started = process.threadCpuUsage()
    const all = await time(() => quick.verify('Vapor3', bcrypt))
    const { user, system } = process.threadCpuUsage(started)
    expect(all).toBeGreaterThan(30)
    expect((user + system) / 1000).toBeLessThan(all / 3)
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
    expect(await best(() => quick.verify(huge, encoded))).toBeLessThan(5)
    expect(await best(() => quick.verifyNothing(huge))).toBeLessThan(5)
  })
})

describe('a refusal takes as long as any other', () => {
  test('whether the account exists, is imported or has no password', async () => {
    const passwords = real['node-rs']
    const encoded = await passwords.hash('right')
    const cases: Record<string, () => Promise<unknown>> = {
      usual: () => passwords.verify('wrong', encoded),
      nothing: () => passwords.verifyNothing('wrong'),
      'nothing, too long': () => passwords.verifyNothing('x'.repeat(2000)),
      'too long': () => passwords.verify('x'.repeat(2000), encoded),
      'fast format': () => passwords.verify('wrong', stormpath),
      'cheap foreign argon2id': () => passwords.verify('wrong', foreign),
      'no format': () => passwords.verify('wrong', ''),
      'above the ceiling': () => passwords.verify('wrong', tooCostly),
    }
    // In turns, so that what disturbs the machine meets them all; the shortest of many, so that none of it remains.
    const shortest = new Map<string, number>()
    for (let round = 0; round < 15; round++) {
      for (const [name, work] of Object.entries(cases)) {
        shortest.set(name, Math.min(await time(work), shortest.get(name) ?? Infinity))
      }
    }
    const usual = shortest.get('usual') ?? 0
    expect(usual).toBeGreaterThan(5)
    for (const [name, ms] of shortest) {
      expect(ms / usual, name).toBeGreaterThan(0.7)
      expect(ms / usual, name).toBeLessThan(1.5)
    }
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
