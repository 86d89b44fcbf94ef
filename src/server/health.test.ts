import { expect, test } from 'vitest'
import { createHealth } from './health.ts'

const calm = { running: 0, waiting: 0, full: false, refused: 0 }
const store = { ping: async () => {}, time: async () => undefined as number | undefined }

test('OPS-O2 each check by itself says no, by its name', async () => {
  const no = async (parts: Partial<typeof store>, load = calm) => {
    const found = await createHealth({ ...store, ...parts }, { load: () => load }).checks()
    return Object.entries(found)
      .filter(([, { ok }]) => !ok)
      .map(([name]) => name)
  }
  expect(await no({})).toEqual([])
  expect(await no({ ping: () => Promise.reject(new Error('gone')) })).toEqual(['store'])
  expect(await no({}, { ...calm, full: true })).toEqual(['passwords'])
  const health = createHealth(store, { load: () => calm })
  health.drain()
  expect(await health.checks()).toMatchObject({ store: { ok: true }, serving: { ok: false } })
})

test('OPS-O41 a clock that is half a minute off that of the database is no clock to serve by', async () => {
  const off = async (ms: number) => {
    const { clock } = await createHealth({ ...store, time: async () => Date.now() + ms }, { load: () => calm }).checks()
    return clock?.ok
  }
  expect(await Promise.all([off(0), off(-10_000), off(10_000), off(90_000), off(-90_000)])).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})
