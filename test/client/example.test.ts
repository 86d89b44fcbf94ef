import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { createApp } from '../../src/server/app.ts'
import { example } from './example.ts'
import { apiKey, options } from './positions.ts'

const source = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')

/** Lines without indentation and comment marks, the differences of the setting taken out. */
const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s*/, ''))
    .filter((line) => line !== '')
    .map((line) => line.replace('console.log(', 'log(').replace(/\(\{ (engine|url: '[^']*'), apiKey \}\)/, '(…)'))

it('the example of createClient compiles and runs as it stands there', async () => {
  const documented = /@example\n([\s\S]*?)\n \*\/\nexport function createClient/.exec(
    await source('../../src/client/client.ts'),
  )
  const compiled = /Promise<void> \{\n([\s\S]*)\n\}\n$/.exec(await source('example.ts'))
  expect(lines(documented?.[1] ?? '')).toEqual(lines(compiled?.[1] ?? ''))

  const app = await createApp({ ...options, baseUrl: 'http://localhost:4000' })
  const printed: unknown[][] = []
  await example(app, apiKey, (...values) => printed.push(values))
  expect(printed).toEqual([['Joe', expect.stringContaining('Shop'), 'pro']])
  await app.close()
})
