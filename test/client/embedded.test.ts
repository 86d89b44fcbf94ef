import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createClient } from '../../src/client.ts'
import { type App, type AppOptions, createApp } from '../../src/index.ts'
import { apiKey } from './positions.ts'

const done: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of done.splice(0).reverse()) await end()
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-embedded-'))
  done.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start(options: AppOptions): Promise<App> {
  const app = await createApp({ insecureTestCost: true, log: () => {}, environment: {}, ...options })
  done.push(() => app.close())
  return app
}

test('a client over an app needs no key: the first start makes one', async () => {
  const client = createClient({ engine: await start({ inMemory: true }) })
  expect((await client.tenant()).key).toMatch(/^[a-z]+-[a-z]+$/)
})

test('the key of an earlier start is in the data folder', async () => {
  const data = newFolder()
  const first = await start({ data })
  await first.close()
  const again = await start({ data })
  expect(again.firstStart).toBeUndefined()
  expect(again.apiKey).toEqual(first.apiKey)
  await createClient({ engine: again }).tenant()
})

test('the key that the options give', async () => {
  const app = await start({ inMemory: true, apiKey })
  expect(app.apiKey).toEqual(apiKey)
  await createClient({ engine: app }).tenant()
})

test('who took the key away is told to give one', async () => {
  const data = newFolder()
  await (await start({ data })).close()
  const file = join(data, 'apiKey.properties')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, '')
  const app = await start({ data })
  expect(() => createClient({ engine: app })).toThrow('give one as apiKey')
  const [id, secret] = [...text.matchAll(/= (\S+)$/gm)].map(([, value]) => value as string) as [string, string]
  await createClient({ engine: app, apiKey: { id, secret } }).tenant()
})
