import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { CompactSign, compactVerify, importJWK, importPKCS8 } from 'jose'
import { describe, expect, test } from 'vitest'
import { createKeyPair, ed25519Signer, ed25519Verifier, hmacKey, toJwk } from './algorithms.ts'
import { isSignedBy, parseJws, signJws } from './compact.ts'

const secret = 'a-secret-that-is-long-enough-for-hs256-0123456789'
const claims = { jti: 'x', iat: 1, sub: 'Zoë' }
const pair = createKeyPair()
const signer = ed25519Signer('k1', pair.privateKey)
const verifier = ed25519Verifier(pair.publicKey)
const hmac = hmacKey('k2', secret)
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const parsed = (text: string) => parseJws(text) as NonNullable<ReturnType<typeof parseJws>>

describe('what jose says of our tokens', () => {
  test('it verifies both algorithms, with the members of the header in order', async () => {
    const ed = signJws(signer, { stt: 'access' }, claims)
    const { protectedHeader, payload } = await compactVerify(ed, await importJWK(toJwk('k1', pair.publicKey), 'EdDSA'))
    expect(Object.entries(protectedHeader)).toEqual([
      ['kid', 'k1'],
      ['stt', 'access'],
      ['alg', 'EdDSA'],
    ])
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(claims)
    const hs = signJws(hmac, { stt: 'refresh' }, claims)
    expect((await compactVerify(hs, new TextEncoder().encode(secret))).protectedHeader.alg).toBe('HS256')
  })

  test('we verify its tokens', async () => {
    const payload = new TextEncoder().encode(JSON.stringify(claims))
    const pem = `-----BEGIN PRIVATE KEY-----\n${pair.privateKey.toString('base64')}\n-----END PRIVATE KEY-----`
    const ed = await new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(await importPKCS8(pem, 'EdDSA'))
    expect(isSignedBy(parsed(ed), verifier)).toBe(true)
    const hs = await new CompactSign(payload)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret))
    expect(isSignedBy(parsed(hs), hmac)).toBe(true)
    expect(parsed(hs).claims).toEqual(claims)
  })
})

test('the same claims give the same token', () => {
  for (const key of [signer, hmac]) expect(signJws(key, {}, claims)).toBe(signJws(key, {}, claims))
})

describe('ATTACK-B4 ATTACK-B5 the algorithm is the key’s', () => {
  test('none, an empty signature, and names that only look right', () => {
    for (const alg of ['none', 'None', 'nOnE', 'HS512', 'hs256', '', null, ['HS256']]) {
      const text = `${encode({ alg })}.${encode(claims)}.${encode('x')}`
      for (const key of [verifier, hmac]) expect(isSignedBy(parsed(text), key)).toBe(false)
      expect(parseJws(`${encode({ alg })}.${encode(claims)}.`)).toBeUndefined()
    }
  })

  test('a public key taken for a secret, in every form it is published in', () => {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: pair.publicKey }, format: 'jwk' })
    const forms = [
      pair.publicKey,
      Buffer.from(pair.publicKey, 'base64url'),
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(toJwk('k1', pair.publicKey)),
    ]
    for (const form of forms) {
      for (const alg of ['HS256', 'EdDSA']) {
        const signed = `${encode({ kid: 'k1', alg })}.${encode(claims)}`
        const mac = createHmac('sha256', form).update(signed).digest('base64url')
        expect(isSignedBy(parsed(`${signed}.${mac}`), verifier)).toBe(false)
      }
    }
  })

  test('ATTACK-B6 a key that the token brings along', () => {
    const foreign = generateKeyPairSync('ed25519')
    const own = ed25519Signer('k1', foreign.privateKey.export({ format: 'der', type: 'pkcs8' }))
    const jwk = foreign.publicKey.export({ format: 'jwk' })
    const text = signJws(own, { jwk, jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x5u' }, claims)
    expect(isSignedBy(parsed(text), verifier)).toBe(false)
  })
})

describe('strict parsing', () => {
  const good = signJws(hmac, {}, claims)
  const [header = '', payload = '', signature = ''] = good.split('.')

  test.each([
    ['two parts', `${header}.${payload}`],
    ['four parts', `${good}.x`],
    ['an empty part', `.${payload}.${signature}`],
    ['padding', `${header}=.${payload}.${signature}`],
    ['the other alphabet', `${header}.${payload}.${signature.slice(0, -1)}+`],
    ['a blank', ` ${good}`],
    ['a line end', `${good}\n`],
    ['no JSON', `${encode('{')}.${payload}.${signature}`],
    ['an array', `${encode('[]')}.${payload}.${signature}`],
    ['a text', `${header}.${encode('"x"')}.${signature}`],
    ['bytes that are no text', `${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${signature}`],
    ['a member named twice', `${encode('{"alg":"none","alg":"HS256"}')}.${payload}.${signature}`],
    ['one named twice by escapes', `${header}.${encode('{"sub":"a","s\\u0075b":"b"}')}.${signature}`],
    ['a critical extension', `${encode({ alg: 'HS256', crit: ['exp'] })}.${payload}.${signature}`],
    ['more than eight thousand characters', `${header}.${encode({ x: 'x'.repeat(8200) })}.${signature}`],
  ])('refuses %s', (_, text) => {
    expect(parseJws(text)).toBeUndefined()
  })

  test('ATTACK-B13 one bit, a shorter and a longer signature', () => {
    const bytes = Buffer.from(signature, 'base64url')
    const flipped = Buffer.from(bytes)
    flipped[5] = (flipped[5] as number) ^ 1
    for (const other of [flipped, bytes.subarray(1), bytes.subarray(0, 16), Buffer.concat([bytes, Buffer.of(0)])]) {
      expect(isSignedBy(parsed(`${header}.${payload}.${other.toString('base64url')}`), hmac)).toBe(false)
    }
  })
})
