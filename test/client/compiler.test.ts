import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { repository } from '../support/mutant.ts'

/** A program that uses the client; an editor reads as much for every one of its readers. */
const program = `import { createClient } from '../../src/client/client.ts'
const client = createClient({ url: 'http://localhost', apiKey: { id: 'a', secret: 'b' } })
for await (const account of client.accounts.list({ email: '*@example.com', expand: ['directory'] })) {
  const directory: string = account.directory.name
  const store = (await (await client.applications.get('x')).defaultAccountStoreMapping?.get())?.accountStore
  console.log(directory, store?.collection)
}
const applications = await client.applications.list({ limit: 3 }).toArray()
console.log(applications.filter(({ name }) => name !== 'x').map(({ href }) => href))
`
/** It is 80,000 with 34 resources. Where verbs are not taken by name it is over 500,000, and checking takes a minute. */
const MOST_TYPES = 160_000

test('the types of the client are few: an editor answers at once', async () => {
  const folder = await mkdtemp(join(repository, 'test/.types-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'program.ts'), program)
  const config = { extends: '../../tsconfig.json', include: [], files: ['program.ts'] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(repository, 'node_modules/.bin/tsc')
  const { stdout } = await promisify(execFile)(tsc, ['-p', folder, '--extendedDiagnostics'])
  const types = Number(/^Types:\s+(\d+)/m.exec(stdout)?.[1])
  expect(types).toBeGreaterThan(10_000)
  expect(types).toBeLessThan(MOST_TYPES)
})
