import { expect, test } from 'vitest'
import { Problem } from '../schema/problems.ts'
import { BodyAborted, type LightRequest } from '../std/exchange.ts'
import { createUnprovedBodies } from './unproved-bodies.ts'

const kib = 1024

function request(headers: Record<string, string>, body: Promise<Uint8Array>): LightRequest {
  return {
    method: 'POST',
    path: '/',
    query: '',
    peer: undefined,
    header: (name) => headers[name],
    headerValues: () => [],
    body: () => body,
  }
}
const announced = (length: number, body: Promise<Uint8Array> = Promise.resolve(new Uint8Array(1))) =>
  request({ 'content-length': String(length) }, body)
const size = (body: Uint8Array) => body.length

test('bodies share one budget until they are proved', async () => {
  const bodies = createUnprovedBodies(100 * kib)
  const sent = Promise.withResolvers<Uint8Array>()
  const slow = bodies.read(announced(60 * kib, sent.promise), 1024 * kib, size)
  await expect(bodies.read(announced(60 * kib), 1024 * kib, size)).rejects.toMatchObject({
    code: 'overloaded',
    detail: { retryAfterSeconds: 1 },
  })
  expect(await bodies.read(announced(40 * kib), 1024 * kib, size)).toBe(1)
  sent.resolve(new Uint8Array(7))
  expect(await slow).toBe(7)
  expect(await bodies.read(announced(60 * kib), 1024 * kib, size)).toBe(1)
})

test('what fails or is cut off gives its room back', async () => {
  const bodies = createUnprovedBodies(100 * kib)
  for (let i = 0; i < 5; i++) {
    await expect(bodies.read(announced(60 * kib, Promise.reject(new BodyAborted())), 100 * kib, size)).rejects.toThrow(
      BodyAborted,
    )
    const refused = bodies.read(announced(60 * kib), 100 * kib, () => {
      throw new Problem('unauthenticated', {})
    })
    await expect(refused).rejects.toThrow('unauthenticated')
  }
})

test('chunks count as the most there may be, what is small does not count', async () => {
  const bodies = createUnprovedBodies(100 * kib)
  const never = new Promise<Uint8Array>(() => {})
  void bodies.read(request({ 'transfer-encoding': 'chunked' }, never), 90 * kib, size)
  await expect(bodies.read(announced(20 * kib), 100 * kib, size)).rejects.toThrow('overloaded')
  expect(await bodies.read(announced(16 * kib), 100 * kib, size)).toBe(1)
})
