import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { latchkey, temporaryFolder } from './latchkey.ts'

const secret = 'T_mkLMtwbsU6Cc10ZcvzYUQ5mzMq1ozPXg8Sc5aCw9M'

test('OPS-O12 print shows what holds and why, and no secret', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'latchkey.config.mjs'), "export default { ownerEmail: 'ada@example.org' }")
  const env = { LATCHKEY_SECRET_KEY: secret, LATCHKEY_DATABASE_URL: 'postgres://me:hunter2@db/latchkey' }
  const { stdout, code } = await latchkey(['config', 'print', '--port', '8080'], { cwd: folder.path, env })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^port +8080 +--port$/m)
  expect(stdout).toMatch(/^ownerEmail +ada@example\.org +ownerEmail in latchkey\.config\.mjs$/m)
  expect(stdout).toMatch(/^secretKey +\*\*\* +LATCHKEY_SECRET_KEY$/m)
  expect(stdout).toMatch(/^database +\*\*\* +LATCHKEY_DATABASE_URL$/m)
  expect(stdout).toMatch(/^host +127\.0\.0\.1 +default$/m)
  expect(stdout).not.toContain('hunter2')
  expect(stdout).not.toContain(secret)
})

test('check says what a start would say, and makes nothing', async () => {
  await using folder = await temporaryFolder()
  const fine = await latchkey(['config', 'check'], { cwd: folder.path })
  expect(fine).toMatchObject({ code: 0, stdout: 'the settings are in order\n' })
  const production = { NODE_ENV: 'production', LATCHKEY_BASE_URL: 'https://id.example.com' }
  const lacking = await latchkey(['config', 'check'], { cwd: folder.path, env: production })
  expect(lacking.code).toBe(78)
  expect(lacking.stderr).toContain('secretKey is not set')
  const env = { ...production, LATCHKEY_SECRET_KEY: secret }
  expect((await latchkey(['config', 'check'], { cwd: folder.path, env })).code).toBe(0)
})
