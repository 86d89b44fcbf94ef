import { expect, test } from 'vitest'
import { sameDigest } from './format.ts'

test('digests are the same byte by byte, and never of different lengths', () => {
  const bytes = new Uint8Array([1, 2, 3])
  expect(sameDigest(bytes, Buffer.from(bytes))).toBe(true)
  expect(sameDigest(bytes, new Uint8Array([1, 2, 4]))).toBe(false)
  expect(sameDigest(bytes, bytes.subarray(0, 2))).toBe(false)
  expect(sameDigest(bytes, new Uint8Array())).toBe(false)
})
