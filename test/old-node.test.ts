import { afterEach, expect, test, vi } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { latchkey } from '../src/express.ts'
import { createApp } from '../src/index.ts'
import { oldestNode, tooOldNode } from '../src/std/node-version.ts'

afterEach(() => vi.unstubAllGlobals())

test('the oldest Node is the one that the package names', () => {
  expect(manifest.engines.node).toBe(`>=${oldestNode}`)
  expect(tooOldNode(`${oldestNode}.0`)).toBeUndefined()
  expect(tooOldNode('25.0.0')).toBeUndefined()
  expect(tooOldNode('100.0.0')).toBeUndefined()
})

test.each(['20.20.2', '24.7.0', '24.14.9', '9.0.0'])(
  'WEB-W141 on Node %s an app is told what to install',
  async (node) => {
    vi.stubGlobal('process', Object.create(process, { versions: { value: { ...process.versions, node } } }))
    const told = { message: `latchkey needs Node ${oldestNode}, and this is ${node}`, fix: 'install Node 24' }
    expect(() => latchkey()).toThrow(expect.objectContaining(told))
    await expect(createApp({ inMemory: true })).rejects.toMatchObject(told)
  },
)
