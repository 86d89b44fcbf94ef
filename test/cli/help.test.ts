import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repository } from '../support/mutant.ts'
import { latchkey } from './latchkey.ts'

test('without arguments it explains itself', async () => {
  const { code, stdout } = await latchkey([])
  expect(code).toBe(0)
  for (const command of ['serve', 'migrate', 'key', 'owner-link', 'config']) expect(stdout).toContain(`\n  ${command}`)
})

test.each([['serve'], ['migrate'], ['key'], ['owner-link'], ['config'], ['audit']])('%s has help', async (command) => {
  const { code, stdout, stderr } = await latchkey([command, '--help'])
  expect(code).toBe(0)
  expect(stderr).toBe('')
  expect(stdout).toContain(`Usage: latchkey ${command}`)
  expect(stdout).not.toContain('\x1b')
  expect(stdout).not.toContain('undefined')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})

test('the help of serve teaches by example', async () => {
  const { stdout } = await latchkey(['serve', '--help'])
  expect(stdout).toContain('latchkey serve --host 0.0.0.0 --base-url https://id.example.com')
  expect(stdout).toContain('LATCHKEY_SECRET_KEY_FILE')
  expect(stdout).not.toContain('--secret-key ')
})

test('it knows its version', async () => {
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string }
  expect((await latchkey(['--version'])).stdout).toBe(`${version}\n`)
})
