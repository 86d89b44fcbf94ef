import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/core/ports.ts'
import { createStore } from '../../src/storage/store.ts'
import { clock, newId } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

function event(tenant: string, type: string): Event {
  return {
    id: newId(),
    tenant,
    at: 1,
    type,
    actor: { kind: 'system', id: 'test' },
    resource: { resource: 'account', id: newId() },
    changed: ['email', 'ünïcode'],
    requestId: 'request',
    diff: 'sealed',
  }
}

/** A promise and the way to settle it. */
function gate(): { open(): void; passed: Promise<void> } {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

export function eventsContract(make: MakeDatabase): void {
  describe('events', () => {
    const it = subject(make)
    const append = (one: Event) => it.store.write((tx) => tx.append(one))
    const types = async (tenant: string, after = 0, limit = 100) =>
      (await it.store.events(tenant, after, limit)).map(({ position, event: { type } }) => `${position} ${type}`)

    test('come back whole, in order, from a position on', async () => {
      const tenant = newId()
      const all = [event(tenant, 'a'), event(tenant, 'b'), event(tenant, 'c')]
      delete all[1]?.diff
      for (const one of all) await append(one)
      await append(event(newId(), 'of another tenant'))
      const read = await it.store.events(tenant, 0, 100)
      expect(read).toEqual(all.map((one, at) => ({ position: at + 1, hash: expect.any(String), event: one })))
      expect(new Set(read.map(({ hash }) => hash)).size).toBe(3)
      expect(await types(tenant, 1)).toEqual(['2 b', '3 c'])
      expect(await types(tenant, 0, 2)).toEqual(['1 a', '2 b'])
      expect(await types(tenant, 3)).toEqual([])
      await append(event(tenant, 'd'))
      expect(await types(tenant, 3)).toEqual(['4 d'])
    })

    test('a unit that fails leaves none', async () => {
      const tenant = newId()
      const failing = it.store.write(async (tx) => {
        await tx.append(event(tenant, 'a'))
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await types(tenant)).toEqual([])
    })

    test('many readers number each event once, without gaps', async () => {
      const tenant = newId()
      for (let n = 0; n < 50; n += 10) {
        await Promise.all([
          ...Array.from({ length: 10 }, (_, at) => append(event(tenant, String(n + at)))),
          ...Array.from({ length: 5 }, () => types(tenant)),
        ])
      }
      const read = await it.store.events(tenant, 0, 1000)
      expect(read.map(({ position }) => position)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1))
      expect(new Set(read.map(({ event: { id } }) => id)).size).toBe(50)
    })

    test('more than are numbered at once', { timeout: 60_000 }, async () => {
      const tenant = newId()
      await it.store.write(async (tx) => {
        for (let n = 0; n < 2500; n++) await tx.append(event(tenant, String(n)))
      })
      const read = await it.store.events(tenant, 2498, 100)
      expect(read.map(({ position, event: { type } }) => [position, type])).toEqual([
        [2499, '2498'],
        [2500, '2499'],
      ])
    })

    test('a transaction that commits late is not missed by who has read beyond its id', async () => {
      const tenant = newId()
      const other = await it.another()
      const late = createStore(other, { clock })
      const { open, passed } = gate()
      const started = gate()
      const early = event(tenant, 'begun first, committed last')
      const holding = late.write(async (tx) => {
        await tx.append(early)
        started.open()
        await passed
      })
      try {
        await started.passed
        if (it.database.dialect === 'postgres') {
          await append(event(tenant, 'committed meanwhile'))
          expect(await types(tenant)).toEqual(['1 committed meanwhile'])
          open()
          await holding
          expect(await types(tenant, 1)).toEqual(['2 begun first, committed last'])
        } else {
          // One writer: others wait for it, and a reader sees what was committed before.
          const meanwhile = append(event(tenant, 'committed next'))
          expect(await types(tenant)).toEqual([])
          open()
          await Promise.all([holding, meanwhile])
          expect(await types(tenant)).toEqual(['1 begun first, committed last', '2 committed next'])
        }
      } finally {
        open()
        await holding
        await late.close()
      }
    })
  })
}
