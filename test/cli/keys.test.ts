import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readKey } from '../support/service.ts'
import { latchkey, serve, temporaryFolder } from './latchkey.ts'

const opens = async (url: string, { id, secret }: { id: string; secret: string }) => {
  const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}` }
  return (await fetch(`${url}/v1/tenants/current`, { headers, redirect: 'manual' })).status === 302
}

test('generate prints a key that a start takes', async () => {
  await using folder = await temporaryFolder()
  const { stdout, stderr, code } = await latchkey(['key', 'generate'])
  expect([stderr, code]).toEqual(['', 0])
  expect(stdout).toMatch(/^[\w-]{43}\n$/)
  const file = join(folder.path, 'ring')
  await writeFile(file, stdout, { mode: 0o600 })
  await using service = await serve(folder.path, [], { env: { LATCHKEY_SECRET_KEY_FILE: file } })
  expect(service.output()).not.toContain('warning')
})

test('create makes a key that works beside the running service, printed or in a file', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path)
  const printed = await latchkey(['key', 'create', '--data', folder.path])
  expect(printed.code).toBe(0)
  const [, id, secret] = /^apiKey\.id = (\S+)\napiKey\.secret = (\S+)\n$/.exec(printed.stdout) ?? []
  expect(await opens(service.at, { id: id as string, secret: secret as string })).toBe(true)

  const file = join(folder.path, 'second.properties')
  const words = ['key', 'create', '--data', folder.path, '--out', file, '--name', 'for the shop']
  const written = await latchkey(words)
  expect([written.stdout, written.code]).toEqual([`${file}\n`, 0])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await opens(service.at, await readKey(file))).toBe(true)

  const before = await readFile(file, 'utf8')
  const again = await latchkey(words)
  expect(again.code).toBe(78)
  expect(again.stderr).toContain(`--out ${file} exists already`)
  expect(await readFile(file, 'utf8')).toBe(before)
})

test('OPS-O21 rotate seals everything anew, so that the old key can go', async () => {
  await using folder = await temporaryFolder()
  const first = await serve(folder.path)
  await first.stop()
  const old = (await readFile(join(folder.path, 'secret.key'), 'utf8')).trim()
  const fresh = (await latchkey(['key', 'generate'])).stdout.trim()
  const both = { LATCHKEY_SECRET_KEY: `${fresh},${old}` }
  const verify = ['key', 'rotate', '--verify', '--data', folder.path]

  const early = await latchkey(verify, { env: both })
  expect(early.code).toBe(65)
  expect(early.stderr).toMatch(
    /error: (\d+) of \1 sealed values do not open with the newest key\n {2}fix: latchkey key rotate/,
  )

  await using service = await serve(folder.path, [], { env: both })
  const rotated = await latchkey(['key', 'rotate', '--data', folder.path], { env: both })
  expect(rotated).toMatchObject({ code: 0, stderr: '' })
  expect(rotated.stdout).toMatch(/^(\d+) of \1 sealed values are now under the newest key\n$/)
  const again = await latchkey(['key', 'rotate', '--data', folder.path], { env: both })
  expect(again.stdout).toMatch(/^0 of /)
  expect((await latchkey(verify, { env: both })).stdout).toMatch(/^all \d+ sealed values open with the newest key/)
  expect(await opens(service.at, await readKey(join(folder.path, 'apiKey.properties')))).toBe(true)
  await service.stop()

  await using alone = await serve(folder.path, [], { env: { LATCHKEY_SECRET_KEY: fresh } })
  expect(await opens(alone.at, await readKey(join(folder.path, 'apiKey.properties')))).toBe(true)
})

test('commands on a database without a tenant say how to make one', async () => {
  await using folder = await temporaryFolder()
  for (const words of [['key', 'create'], ['key', 'rotate'], ['owner-link']]) {
    const { code, stderr } = await latchkey([...words, '--data', join(folder.path, 'none')])
    expect(stderr).toContain('there is no tenant in this database yet')
    expect(code).toBe(78)
  }
})
