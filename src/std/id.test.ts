import { describe, expect, test } from 'vitest'
import { decodeBase64url } from './base64url.ts'
import { createManualClock, systemClock } from './clock.ts'
import { apiKeyId, apiKeySecret, createIds, isId, randomText, requestId } from './id.ts'

const now = Date.UTC(2026, 10, 24)

function take(count: number, next: () => string): string[] {
  return Array.from({ length: count }, next)
}

describe('ids', () => {
  test('have the documented shape', () => {
    for (const id of take(1_000, createIds(systemClock).next)) {
      expect(id).toMatch(/^[0-9A-Za-z]{22}$/)
      expect(isId(id)).toBe(true)
    }
  })

  test('sort in creation order inside one millisecond', () => {
    const ids = take(5_000, createIds(createManualClock(now)).next)
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids.map((id) => id.slice(0, 9))).size).toBe(ids.length)
  })

  test('sort in creation order when the clock goes back', () => {
    const clock = createManualClock(now)
    const ids = createIds(clock)
    const before = ids.next()
    clock.advance(-3_600_000)
    expect(ids.next() > before).toBe(true)
  })

  test('carry the time in microseconds', () => {
    const clock = createManualClock(0)
    const ids = createIds(clock)
    clock.set(0.0615)
    expect(ids.next().slice(0, 9)).toBe('00000000z')
    clock.set(0.062)
    expect(ids.next().slice(0, 9)).toBe('000000010')
    clock.set(Date.UTC(2300, 0))
    expect(ids.next() > createIds(createManualClock(now)).next()).toBe(true)
  })

  test('two objects at the same instant differ', () => {
    const clock = createManualClock(now)
    expect(createIds(clock).next()).not.toBe(createIds(clock).next())
  })

  test.each(['', 'a'.repeat(21), 'a'.repeat(23), `${'a'.repeat(21)}-`, `${'a'.repeat(22)}\n`])('%j is none', (text) => {
    expect(isId(text)).toBe(false)
  })
})

describe('random text', () => {
  test('draws each character with equal probability', () => {
    // 256 % 62 = 8: taken modulo, the first eight would come 25 % more often. Five standard deviations are 1.6 %.
    const draws = 6_200_000
    const counts = new Map<string, number>()
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    for (const character of randomText(alphabet, draws)) counts.set(character, (counts.get(character) ?? 0) + 1)
    expect(counts.size).toBe(62)
    for (const count of counts.values()) expect(Math.abs(count / (draws / 62) - 1)).toBeLessThan(0.02)
  })

  test('GOAL-M3 a million random parts of ids never repeat', () => {
    const ids = createIds(createManualClock(now))
    const parts = new Set<string>()
    for (let i = 0; i < 1_000_000; i++) parts.add(ids.next().slice(9))
    expect(parts.size).toBe(1_000_000)
  })

  test('GOAL-M3 every bit of a secret is set half of the time', () => {
    const samples = 20_000
    const ones = new Array<number>(256).fill(0)
    for (let i = 0; i < samples; i++) {
      const bytes = decodeBase64url(apiKeySecret()) ?? new Uint8Array()
      expect(bytes.length).toBe(32)
      for (let bit = 0; bit < 256; bit++) ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)
    }
    // Six standard deviations.
    for (const count of ones) expect(Math.abs(count - samples / 2)).toBeLessThan(6 * Math.sqrt(samples / 4))
  })

  test('refuses an alphabet it cannot draw from', () => {
    expect(() => randomText('a', 3)).toThrow(RangeError)
    expect(() => randomText('a'.repeat(257), 3)).toThrow(RangeError)
  })
})

test('API keys and request ids', () => {
  expect(apiKeyId()).toMatch(/^[A-Z0-9]{26}$/)
  expect(apiKeySecret()).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(requestId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
