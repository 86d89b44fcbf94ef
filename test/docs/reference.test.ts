import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { reference } from './reference.ts'

test('the guide to the configuration names every setting there is, as it is now', async () => {
  const guide = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  // node --conditions=@latchkey/source test/docs/reference.ts prints what belongs there
  expect(guide.split('## Every setting\n\n')[1]?.trim()).toBe(reference())
})
