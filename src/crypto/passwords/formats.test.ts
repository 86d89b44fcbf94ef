import { createHmac, hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { argon2id } from './argon2id.ts'
import { aspnetIdentity } from './aspnet-identity.ts'
import { bcrypt } from './bcrypt.ts'
import { djangoPbkdf2 } from './django-pbkdf2.ts'
import { firebaseScrypt } from './firebase-scrypt.ts'
import type { PasswordFormat } from './format.ts'
import { formatOf, formats } from './formats.ts'
import { ldapSsha } from './ldap-ssha.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { scrypt } from './scrypt.ts'
import { stormpath1 } from './stormpath1.ts'
import { stormpath2 } from './stormpath2.ts'

const b64 = (data: string | Uint8Array) => Buffer.from(data).toString('base64')
const phc = (data: string | Uint8Array) => b64(data).replaceAll('=', '')
const hex = (text: string) => Buffer.from(text, 'hex')

/** Published pairs of password and text. */
const vectors: [PasswordFormat, password: string, encoded: string][] = [
  // phc-winner-argon2, src/test.c
  [argon2id, 'password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
  [argon2id, 'password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  [argon2id, 'password', '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'],

  // crypt_blowfish and its descendants
  [bcrypt, '', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
  [bcrypt, 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [bcrypt, 'U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  [bcrypt, 'U*U*U', '$2b$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  [bcrypt, 'U*U', '$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [
    bcrypt,
    '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
    '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
  ],
  [bcrypt, 'Vapor3', '$2y$11$kHM/VXmCVsGXDGIVu9mD8eY/uEYI.Nva9sHgrLYuLzr0il28DDOGO'],
  [bcrypt, 'ππππππππ', '$2a$10$.TtQJ4Jr6isd4Hp.mVfZeuh6Gws4rOQ/vdBczhDx.19NFK0Y84Dle'],

  // The SDKs' own tests (dependencies.md §4.5)
  [stormpath2, 'qwerty', '$stormpath2$MD5$1$OGYyMmM5YzVlMDEwODEwZTg3MzM4ZTA2YjljZjMxYmE=$EuFAr2NTM83PrizVAYuOvw=='],
  [stormpath2, 'password', '$stormpath2$MD5$1$NzEyN2ZhYzdkZTAyMjJlMGQyMWYxMWRmZmY2YjA1MWI=$K18Ak0YikAFrqgglhIaY5g=='],
  [stormpath2, '123456', '$stormpath2$MD5$1$OWI3OTQwYjEwODEwOTdkNTcwZDY5NjQ2ZDNlNmZjNzM=$ULWTW74NXPyLYj3VfYHWrg=='],
  [
    stormpath2,
    'testing12',
    '$stormpath2$SHA-512$1$ZFhBRmpFSnEwVEx2ekhKS0JTMDJBNTNmcg==$Q+sGFg9e+pe9QsUdfnbJUMDtrQNf27ezTnnGllBVkQpMRc9bqH6WkyE3y0svD/7cBk8uJW9Wb3dolWwDtDLFjg==',
  ],
  // FIPS 180-4: the digest of "abc", without salt
  [stormpath2, 'abc', `$stormpath2$SHA-1$1$$${b64(hex('a9993e364706816aba3e25717850c26c9cd0d89d'))}`],
  // RFC 4231, test case 2
  [
    stormpath1,
    'what do ya want for nothing?',
    `$stormpath1$${b64('Jefe')}$${b64(hex('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'))}`,
  ],

  // Google's sample, and one of Ory Kratos
  [
    firebaseScrypt,
    'user1password',
    '$firescrypt$ln=14,r=8,p=1$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  ],
  [
    firebaseScrypt,
    '8x4WjoDbSxJZdR',
    '$firescrypt$ln=14,r=8,p=1$sPtDhWcd1MfdAw==$xbSou7FOl6mChCyzpCPIQ7tku7nsQMTFtyOZSXXd7tjBa4NtimOx7v42Gv2SfzPQu1oxM2/k4SsbOu73wlKe1A==$Bw==$YE0dO4bwD4JnJafh6lZZfkp1MtKzuKAXQcDCJNJNyeCHairWHKENOkbh3dzwaCdizzOspwr/FITUVlnOAwPKyw==',
  ],

  // RFC 7914 §12, and one of Ory Kratos
  [
    scrypt,
    'password',
    `$scrypt$ln=10,r=8,p=16$${phc('NaCl')}$${phc(hex('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640'))}`,
  ],
  [
    scrypt,
    'pleaseletmein',
    `$scrypt$ln=14,r=8,p=1$${phc('SodiumChloride')}$${phc(hex('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887'))}`,
  ],
  [
    scrypt,
    'test',
    '$scrypt$ln=14,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=',
  ],

  // Django's own tests
  [djangoPbkdf2, 'lètmein', 'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo='],
  [djangoPbkdf2, 'lètmein', 'pbkdf2_sha256$1000000$seasalt$r1uLUxoxpP2Ued/qxvmje7UH9PUJBkRrvf9gGPL7Cps='],
  [djangoPbkdf2, 'KRONOS', 'pbkdf2_sha1$24000$seasalt$F+kiWNHXbMBcwgxsvSKFCWHnZZ0='],

  // passlib's tests, RFC 6070 and its SHA-256 counterpart
  [pbkdf2, 'password', '$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI'],
  [pbkdf2, 'Ιωαννης', '$pbkdf2$1212$THDqatpidANpadlLeTeOEg$HV3oi1k5C5LQCgG1BMOL.BX4YZc'],
  [pbkdf2, 'password', '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44'],
  [
    pbkdf2,
    'password',
    '$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww',
  ],
  [pbkdf2, 'password', `$pbkdf2-sha1$i=4096$${phc('salt')}$${phc(hex('4b007901b765489abead49d926f721d065a429c1'))}`],
  [
    pbkdf2,
    'password',
    `$pbkdf2-sha256$i=4096,l=32$${phc('salt')}$${phc(hex('c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a'))}`,
  ],

  // ASP.NET Core's own tests
  ...[
    'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==',
    'ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==',
    'AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw',
    'AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==',
    'AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M',
    'AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=',
    'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==',
  ].map((encoded): [PasswordFormat, string, string] => [aspnetIdentity, 'my password', encoded]),

  // passlib's tests and others
  [ldapSsha, 'testing123', '{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr'],
  [ldapSsha, 'secret', '{SSHA}0H+zTv8o4MR4H43n03eCsvw1luG8LdB7'],
  [ldapSsha, 'test', '{SSHA}P90+qijSp8MJ1tN25j5o1PflUvlqjXHOGeOckw=='],
  [ldapSsha, 'test', '{ssha}Pfx6Vf48AT9x3FVv8znbo8WQkEVSipHSWovxXmvNWUvp/d/7'],
  [ldapSsha, 'test123', '{SSHA256}czO44OTV17PcF1cRxWrLZLy9xHd7CWyVYplr1rOhuMlx/7IK'],
  [
    ldapSsha,
    'password',
    '{SSHA512}dOeDLmVpHJThhHeag10Hm2g4T7s3SBE6rGHcXUolXJHVufY4qT782rwZ/0XE6cuLcBZ0KpnwmUzRpAEtZBdv+JYEEtZQs/uC',
  ],
]

async function verify(password: string, encoded: string): Promise<boolean> {
  const format = formatOf(encoded)
  const parsed = format?.parse(encoded)
  if (!format || typeof parsed !== 'object') throw new Error(`${encoded} is ${parsed}`)
  return format.verify(password, parsed)
}

describe('published vectors', () => {
  test.each(vectors.map(([format, password, encoded]) => ({ name: format.name, password, encoded, format })))(
    '$name: $encoded',
    async ({ format, password, encoded }) => {
      expect(formats.filter((each) => each.claims(encoded))).toEqual([format])
      expect(await verify(password, encoded)).toBe(true)
      expect(await verify(`x${password}`, encoded)).toBe(false)
      expect(await verify(password.slice(1) || 'x', encoded)).toBe(false)
    },
  )

  test('every format has some', () => {
    expect(new Set(vectors.map(([format]) => format))).toEqual(new Set(formats))
  })
})

describe('bcrypt $2x$', () => {
  test('never accepts what is not ASCII', async () => {
    const encoded = '$2a$10$.TtQJ4Jr6isd4Hp.mVfZeuh6Gws4rOQ/vdBczhDx.19NFK0Y84Dle'
    expect(await verify('ππππππππ', encoded.replace('$2a$', '$2x$'))).toBe(false)
  })
})

describe('stormpath2 with more than one round', () => {
  test.each([
    ['MD5', 'md5'],
    ['SHA-1', 'sha1'],
    ['SHA-256', 'sha256'],
    ['SHA-384', 'sha384'],
    ['SHA-512', 'sha512'],
  ])('%s hashes the digest again', async (name, algorithm) => {
    const first = hash(algorithm, Buffer.from('saltpässword'), 'buffer')
    const third = hash(algorithm, hash(algorithm, first, 'buffer'), 'base64')
    expect(await verify('pässword', `$stormpath2$${name}$3$${b64('salt')}$${third}`)).toBe(true)
    expect(await verify('pässword', `$stormpath2$${name}$2$${b64('salt')}$${third}`)).toBe(false)
  })
})

describe('what is refused', () => {
  const digest = (bytes: number) => b64(Buffer.alloc(bytes, 7))
  const bcryptTail = '$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
  const aspnet3 = (prf: number, iterations: number, saltLength: number, rest: number) => {
    const head = Buffer.alloc(13)
    head[0] = 1
    head.writeUInt32BE(prf, 1)
    head.writeUInt32BE(iterations, 5)
    head.writeUInt32BE(saltLength, 9)
    return b64(Buffer.concat([head, Buffer.alloc(rest, 7)]))
  }

  test.each([
    `$2a$03${bcryptTail}`,
    `$2a$32${bcryptTail}`,
    `$2a$5${bcryptTail}`,
    `$2a$05${bcryptTail}x`,
    `$2a$05${bcryptTail.slice(0, -1)}`,
    `$2a$05${bcryptTail.replace('E5', 'E+')}`,
    `$stormpath1$${b64('salt')}$${digest(31)}`,
    `$stormpath1$$${digest(32)}`,
    `$stormpath1$${b64('salt')}`,
    `$stormpath1$s@lt$${digest(32)}`,
    '$stormpath2$',
    '$stormpath2$MD5',
    `$stormpath2$MD5$1$${digest(16)}`,
    `$stormpath2$MD5$0$$${digest(16)}`,
    `$stormpath2$MD5$-1$$${digest(16)}`,
    `$stormpath2$MD5$01$$${digest(16)}`,
    `$stormpath2$MD5$1e3$$${digest(16)}`,
    `$stormpath2$MD5$x$$${digest(16)}`,
    `$stormpath2$MD5$1$$${digest(20)}`,
    `$stormpath2$MD5$1$s@lt$${digest(16)}`,
    '$stormpath2$MD5$1$$',
    `$stormpath2$MD5$1$$${digest(16)}$`,
    `$firescrypt$ln=14,r=8,p=2$${digest(8)}$${digest(64)}$Bw==$${digest(64)}`,
    `$firescrypt$ln=14,r=8$${digest(8)}$${digest(64)}$Bw==$${digest(64)}`,
    `$firescrypt$ln=14,r=8,p=1$${digest(8)}$${digest(63)}$Bw==$${digest(64)}`,
    `$firescrypt$ln=14,r=8,p=1$${digest(8)}$$Bw==$`,
    `$firescrypt$ln=14,r=8,p=1$${digest(8)}$${digest(64)}$Bw==`,
    `$firescrypt$ln=0,r=8,p=1$${digest(8)}$${digest(64)}$Bw==$${digest(64)}`,
    `$scrypt$ln=14,r=8,p=1$${digest(8)}$`,
    `$scrypt$ln=14,r=8,p=1$${digest(8)}$${digest(15)}`,
    `$scrypt$ln=14,r=8,p=1$${digest(8)}$${digest(65)}`,
    `$scrypt$ln=14,r=0,p=1$${digest(8)}$${digest(32)}`,
    `$scrypt$ln=14,r=8,p=0$${digest(8)}$${digest(32)}`,
    `$scrypt$ln=14,r=8,p=1,x=1$${digest(8)}$${digest(32)}`,
    `$scrypt$ln=14,ln=14,r=8,p=1$${digest(8)}$${digest(32)}`,
    `pbkdf2_sha256$0$salt$${digest(32)}`,
    `pbkdf2_sha256$1000$salt$${digest(20)}`,
    `pbkdf2_sha256$1000$$${digest(32)}`,
    'pbkdf2_sha256$1000$salt',
    `$pbkdf2-sha256$0$${digest(16)}$${digest(32)}`,
    `$pbkdf2-sha256$1000$${digest(16)}$${digest(15)}`,
    `$pbkdf2-sha256$1000$${digest(16)}$${digest(65)}`,
    `$pbkdf2-sha256$i=1000,l=31$${digest(16)}$${digest(32)}`,
    `$pbkdf2-sha256$l=32$${digest(16)}$${digest(32)}`,
    '$pbkdf2-sha256$1000',
    b64(Buffer.alloc(48)),
    b64(Buffer.alloc(50)),
    // ASP.NET Core's own tests: too short
    'AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4A=',
    aspnet3(1, 0, 16, 48),
    aspnet3(1, 1000, 15, 47),
    aspnet3(1, 1000, 49, 48),
    aspnet3(1, 1000, 48, 48),
    aspnet3(1, 1000, 16, 16 + 65),
    `{SSHA}${digest(20)}`,
    '{SSHA}not base64',
    '{SSHA}',
    `$argon2id$v=19$m=19456,t=2$${digest(16)}$${digest(32)}`,
    `$argon2id$v=19$m=7,t=2,p=1$${digest(16)}$${digest(32)}`,
    `$argon2id$v=19$m=15,t=2,p=2$${digest(16)}$${digest(32)}`,
    `$argon2id$v=19$m=19456,t=0,p=1$${digest(16)}$${digest(32)}`,
    `$argon2id$v=19$m=19456,t=2,p=0$${digest(16)}$${digest(32)}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${digest(7)}$${digest(32)}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${digest(65)}$${digest(32)}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${digest(16)}$${digest(15)}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${digest(16)}$${digest(65)}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${digest(16)}$`,
  ])('invalid: %s', (encoded) => {
    expect(formatOf(encoded)?.parse(encoded) ?? 'invalid').toBe('invalid')
  })

  test.each([
    `$stormpath2$SHA-3$1$$${digest(32)}`,
    `$stormpath2$sha-256$1$$${digest(32)}`,
    `$pbkdf2-md5$1000$${digest(16)}$${digest(16)}`,
    `pbkdf2_sha512$1000$salt$${digest(64)}`,
    aspnet3(3, 1000, 16, 48),
    `$argon2i$v=19$m=19456,t=2,p=1$${digest(16)}$${digest(32)}`,
    `$argon2d$v=19$m=19456,t=2,p=1$${digest(16)}$${digest(32)}`,
    `$argon2id$v=16$m=19456,t=2,p=1$${digest(16)}$${digest(32)}`,
    `$argon2id$m=19456,t=2,p=1$${digest(16)}$${digest(32)}`,
  ])('an algorithm that is unsupported: %s', (encoded) => {
    expect(formatOf(encoded)?.parse(encoded)).toBe('unsupported')
  })

  test.each([
    [`$2a$14${bcryptTail}`, `$2a$15${bcryptTail}`],
    [`$stormpath2$MD5$1000000$$${digest(16)}`, `$stormpath2$MD5$1000001$$${digest(16)}`],
    [
      `$firescrypt$ln=17,r=8,p=1$${digest(8)}$${digest(64)}$Bw==$${digest(64)}`,
      `$firescrypt$ln=18,r=8,p=1$${digest(8)}$${digest(64)}$Bw==$${digest(64)}`,
    ],
    [`$scrypt$ln=17,r=8,p=2$${digest(8)}$${digest(32)}`, `$scrypt$ln=17,r=8,p=3$${digest(8)}$${digest(32)}`],
    [`$scrypt$ln=17,r=8,p=1$${digest(8)}$${digest(32)}`, `$scrypt$ln=17,r=9,p=1$${digest(8)}$${digest(32)}`],
    [`$scrypt$ln=1,r=1,p=1$${digest(8)}$${digest(32)}`, `$scrypt$ln=9999999999,r=1,p=1$${digest(8)}$${digest(32)}`],
    [`pbkdf2_sha256$5000000$salt$${digest(32)}`, `pbkdf2_sha256$5000001$salt$${digest(32)}`],
    [`$pbkdf2-sha512$5000000$$${digest(64)}`, `$pbkdf2-sha512$i=5000001$$${digest(64)}`],
    [aspnet3(2, 5_000_000, 16, 48), aspnet3(2, 4_294_967_295, 16, 48)],
    [
      `$argon2id$v=19$m=262144,t=4,p=16$${digest(16)}$${digest(32)}`,
      `$argon2id$v=19$m=262145,t=1,p=1$${digest(16)}$${digest(32)}`,
    ],
    [
      `$argon2id$v=19$m=65536,t=16,p=1$${digest(16)}$${digest(32)}`,
      `$argon2id$v=19$m=19456,t=17,p=1$${digest(16)}$${digest(32)}`,
    ],
    [
      `$argon2id$v=19$m=200000,t=5,p=1$${digest(16)}$${digest(32)}`,
      `$argon2id$v=19$m=262144,t=5,p=1$${digest(16)}$${digest(32)}`,
    ],
    [
      `$argon2id$v=19$m=19456,t=2,p=16$${digest(16)}$${digest(32)}`,
      `$argon2id$v=19$m=19456,t=2,p=17$${digest(16)}$${digest(32)}`,
    ],
  ])('GOAL-G3 a cost above the ceiling: %s is accepted, %s is not', (highest, tooHigh) => {
    expect(formatOf(highest)?.parse(highest)).toBeTypeOf('object')
    expect(formatOf(tooHigh)?.parse(tooHigh)).toBe('unsupported')
  })

  test.each([
    '',
    'password',
    '$',
    '$1$salt$hash',
    '$2$05$x',
    '$2c$05$x',
    '$6$salt$hash',
    '{SHA}x',
    'stormpath2$MD5',
    'sha1$x$y',
  ])('no format claims %j', (encoded) => {
    expect(formatOf(encoded)).toBeUndefined()
  })

  test('nor any text of more than 1,024 characters', () => {
    const salted = (length: number) => `$scrypt$ln=14,r=8,p=1$${'A'.repeat(length)}$${digest(32)}`
    const room = 1024 - salted(0).length
    expect(formatOf(salted(room))).toBe(scrypt)
    expect(formatOf(salted(room + 1))).toBeUndefined()
  })
})

test('stormpath1 is an HMAC under the salt, not over it', async () => {
  const digest = createHmac('sha256', Buffer.from([0, 255, 128]))
    .update('pässword')
    .digest('base64')
  expect(await verify('pässword', `$stormpath1$${b64(new Uint8Array([0, 255, 128]))}$${digest}`)).toBe(true)
})
