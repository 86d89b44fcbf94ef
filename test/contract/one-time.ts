import { describe, expect, test } from 'vitest'
import { clock, newId } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function oneTimeContract(make: MakeDatabase): void {
  describe('one-time things', () => {
    const it = subject(make)
    const issue = (tenant: string, key: string, expiresAt: number, kind = 'reset') =>
      it.store.write((tx) => tx.issue(tenant, kind, key, `payload of ${key}`, expiresAt))
    const consume = (tenant: string, key: string, now: number, kind = 'reset') =>
      it.store.write((tx) => tx.consume(tenant, kind, key, now))

    test('are used up by their first use, in their tenant and for their kind', async () => {
      const [tenant, key] = [newId(), newId()]
      await issue(tenant, key, 100)
      expect(await consume(newId(), key, 50)).toBeUndefined()
      expect(await consume(tenant, key, 50, 'verify')).toBeUndefined()
      expect(await consume(tenant, `${key}x`, 50)).toBeUndefined()
      expect(await consume(tenant, key, 50)).toBe(`payload of ${key}`)
      expect(await consume(tenant, key, 50)).toBeUndefined()
    })

    test('can be looked at without being used up, as long as they are worth something', async () => {
      const [tenant, key] = [newId(), newId()]
      const peek = (of: string, at: number, kind = 'reset') => it.store.peek(of, kind, key, at)
      await issue(tenant, key, 100)
      expect([await peek(tenant, 50), await peek(tenant, 50)]).toEqual([`payload of ${key}`, `payload of ${key}`])
      expect([await peek(newId(), 50), await peek(tenant, 50, 'verify'), await peek(tenant, 100)]).toEqual([
        undefined,
        undefined,
        undefined,
      ])
      expect(await consume(tenant, key, 50)).toBe(`payload of ${key}`)
      expect(await peek(tenant, 50)).toBeUndefined()
    })

    test('are nothing once they have expired', async () => {
      const [tenant, key] = [newId(), newId()]
      await issue(tenant, key, 100)
      expect(await consume(tenant, key, 100)).toBeUndefined()
    })

    test('a unit that fails gives it back', async () => {
      const [tenant, key] = [newId(), newId()]
      await issue(tenant, key, 100)
      const failing = it.store.write(async (tx) => {
        expect(await tx.consume(tenant, 'reset', key, 50)).toBeDefined()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await consume(tenant, key, 50)).toBeDefined()
    })

    test('sixty-four callers at once: one has it', async () => {
      const tenant = newId()
      for (let round = 0; round < 10; round++) {
        const key = newId()
        await issue(tenant, key, 100)
        const got = await Promise.all(Array.from({ length: 64 }, () => consume(tenant, key, 50)))
        expect(got.filter((payload) => payload !== undefined)).toEqual([`payload of ${key}`])
      }
    })

    test('only a digest of the secret is stored, and what expired is swept away', async () => {
      const tenant = newId()
      for (let n = 0; n < 5; n++) await issue(tenant, `secret-${n}-${tenant}`, clock.now() - 1)
      await issue(tenant, `secret-last-${tenant}`, clock.now() + 1)
      await issue(tenant, `secret-more-${tenant}`, clock.now() + 1)
      const rows = await it.database.reader.all('select * from one_time where tenant_id = ?', [tenant])
      expect(rows).toHaveLength(2)
      expect(JSON.stringify(rows.map(({ key_digest: digest }) => digest))).not.toContain('secret')
    })
  })

  describe('nonces', () => {
    const it = subject(make)
    // The database's own clock decides here: a nonce may be older than a start.
    const later = Date.now() + 3_600_000
    const claim = (nonce: string, key = 'key') => it.store.claimNonce(key, nonce, later, later + 1)

    test('are claimed once for each key', async () => {
      expect(await claim('a')).toBe(true)
      expect(await claim('a')).toBe(false)
      expect(await claim('a', 'other')).toBe(true)
      expect(await claim('b')).toBe(true)
    })

    test('by one of many callers, on any handle', async () => {
      const other = await it.another()
      const claims = Array.from({ length: 64 }, (_, n) =>
        (n % 2 === 0 ? it.database : other).claimNonce('key', 'raced', later, later + 1),
      )
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
      await other.close()
    })
  })
}
