import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { isSignedBy, parseJws } from './compact.ts'
import { jwkVerifier } from './jwk.ts'

const sign = async (alg: string) => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const token = await new SignJWT({ sub: 'x' }).setProtectedHeader({ alg }).sign(privateKey)
  return { jwk: await exportJWK(publicKey), parsed: parseJws(token) ?? expect.fail('no JWS') }
}

describe('a published key', () => {
  test.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'verifies %s as another library signs it, and nothing that was changed',
    async (alg) => {
      const { jwk, parsed } = await sign(alg)
      const key = jwkVerifier(jwk, alg) ?? expect.fail('no key')
      expect(isSignedBy(parsed, key)).toBe(true)
      expect(isSignedBy({ ...parsed, signed: `${parsed.signed}x` }, key)).toBe(false)
      expect(isSignedBy({ ...parsed, signature: new Uint8Array(64) }, key)).toBe(false)
    },
  )

  test('is for what it says and for no shared secret', async () => {
    const { jwk } = await sign('RS256')
    for (const alg of ['HS256', 'none', 'ES256', 'constructor']) expect(jwkVerifier(jwk, alg), alg).toBeUndefined()
    expect(jwkVerifier({ ...jwk, use: 'enc' }, 'RS256')).toBeUndefined()
    expect(jwkVerifier({ ...jwk, alg: 'RS512' }, 'RS256')).toBeUndefined()
    expect(jwkVerifier({ ...jwk, n: 'AQAB' }, 'RS256')).toBeUndefined()
    expect(jwkVerifier({ kty: 'oct', k: 'c2VjcmV0' }, 'HS256')).toBeUndefined()
    for (const nothing of [null, 'x', {}, { kty: 'RSA' }]) expect(jwkVerifier(nothing, 'RS256')).toBeUndefined()
  })

  test('of 1024 bits is none', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    expect(jwkVerifier(publicKey.export({ format: 'jwk' }), 'RS256')).toBeUndefined()
  })
})
