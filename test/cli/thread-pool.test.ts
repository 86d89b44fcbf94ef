import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { latchkey, temporaryFolder } from './latchkey.ts'

/** A settings file that wakes the whole thread pool and counts the threads there are then. */
const counting = `
import { pbkdf2 } from 'node:crypto'
import { readdirSync } from 'node:fs'
const hash = () => new Promise((resolve) => pbkdf2('a', 'b', 20_000, 32, 'sha256', resolve))
await Promise.all(Array.from({ length: 100 }, hash))
console.error('threads:', readdirSync('/proc/self/task').length)
export default {}
`

async function threads(env: Record<string, string>): Promise<number> {
  await using folder = await temporaryFolder()
  const config = join(folder.path, 'counting.mjs')
  await writeFile(config, counting)
  const { stderr } = await latchkey(['config', 'print', '--config', config], { env })
  return Number(/threads: (\d+)/.exec(stderr)?.[1])
}

test.runIf(existsSync('/proc/self/task'))('the thread pool has room for a hash on every core, and more', async () => {
  const others = (await threads({ UV_THREADPOOL_SIZE: '1' })) - 1
  expect((await threads({})) - others).toBe(availableParallelism() + 4)
  expect((await threads({ UV_THREADPOOL_SIZE: '9' })) - others).toBe(9)
})
