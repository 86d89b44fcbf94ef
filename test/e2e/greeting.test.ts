import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../cli/latchkey.ts'
import { repository } from '../support/mutant.ts'

const run = promisify(execFile)

/** What a developer reads in the terminal when an app starts with these options. */
async function started(options: string, env: Record<string, string> = {}): Promise<string> {
  await using folder = await temporaryFolder()
  const entry = JSON.stringify(join(repository, 'src/express.ts'))
  const app = `const { latchkey } = await import(${entry})
const auth = latchkey(${options})
await auth.ready
await auth.close()`
  const { NODE_ENV: _, ...environment } = process.env
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', app], {
    cwd: folder.path,
    env: { ...environment, ...env },
  })
  return stdout + stderr
}

test('WEB-W76 WEB-W143 in development one line says where users are, and that mails are not sent but shown', async () => {
  expect(await started('')).toBe(
    'Latchkey runs in development mode: users are kept in ./.latchkey; mails are not sent, but shown at /__dev/mail\n',
  )
})

test('WEB-W143 whoever takes the log, or says where the app is, reads nothing', async () => {
  expect(await started('{ logger() {} }')).toBe('')
  expect(await started("{ baseUrl: 'http://shop.example.com' }")).toBe('')
})
