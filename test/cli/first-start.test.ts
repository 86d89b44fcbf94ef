import { existsSync, readdirSync } from 'node:fs'
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readKey } from '../support/service.ts'
import { latchkey, serve, start, temporaryFolder } from './latchkey.ts'

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

async function currentTenant(url: string, { id, secret }: { id: string; secret: string }): Promise<string | null> {
  const authorization = `Basic ${btoa(`${id}:${secret}`)}`
  const answer = await fetch(`${url}/v1/tenants/current`, { headers: { authorization }, redirect: 'manual' })
  return answer.status === 302 ? answer.headers.get('location') : null
}

test('a first start makes what it needs, for its user alone, and says where', async () => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'new')
  await using service = await serve(data)
  expect(readdirSync(data)).toEqual(
    expect.arrayContaining(['.gitignore', 'apiKey.properties', 'latchkey.sqlite', 'secret.key']),
  )
  expect(await mode(data)).toBe('700')
  for (const name of ['apiKey.properties', 'latchkey.sqlite', 'secret.key']) {
    expect([name, await mode(join(data, name))]).toEqual([name, '600'])
  }
  expect(await readFile(join(data, '.gitignore'), 'utf8')).toBe('*\n')
  expect(await readFile(join(data, 'apiKey.properties'), 'utf8')).toMatch(
    /^apiKey\.id = [A-Z0-9]{26}\napiKey\.secret = [\w-]{43}\n$/,
  )

  const printed = service.output()
  expect(printed).toContain(service.at)
  expect(printed).toContain(join(data, 'apiKey.properties'))
  expect(printed).toContain('owner@example.com')
  expect(printed).not.toContain((await readKey(join(data, 'apiKey.properties'))).secret)
  // no colours where nobody sees them
  expect(printed).not.toContain('\x1b')

  const link = /http:\S+\/owner\?token=\S+/.exec(printed)?.[0] as string
  expect((await fetch(link)).status).toBe(200)
  expect(await currentTenant(service.at, await readKey(join(data, 'apiKey.properties')))).not.toBeNull()
})

test('a second start keeps everything and prints no secret link', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'apiKey.properties')
  const first = await serve(folder.path)
  const before = await readFile(file, 'utf8')
  const tenant = (await currentTenant(first.at, await readKey(file))) as string
  await first.stop()
  await using second = await serve(folder.path)
  expect(await readFile(file, 'utf8')).toBe(before)
  expect(second.output()).not.toContain('token')
  expect(new URL((await currentTenant(second.at, await readKey(file))) as string).pathname).toBe(
    new URL(tenant).pathname,
  )
})

test('a key file that was moved away is not made anew', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'apiKey.properties')
  await (await serve(folder.path)).stop()
  await rm(file)
  await using _ = await serve(folder.path)
  expect(existsSync(file)).toBe(false)
})

test('the first key can be chosen', async () => {
  await using folder = await temporaryFolder()
  const pair = { id: 'MY-OWN-KEY-0001', secret: 'a secret without blanks'.replaceAll(' ', '-').padEnd(32, '+') }
  const env = { LATCHKEY_API_KEY_ID: pair.id, LATCHKEY_API_KEY_SECRET: pair.secret }
  await using service = await serve(folder.path, [], { env })
  expect(await readKey(join(folder.path, 'apiKey.properties'))).toEqual(pair)
  expect(await currentTenant(service.at, pair)).not.toBeNull()
})

test('a start that died after it wrote the key goes on with it', async () => {
  await using folder = await temporaryFolder()
  const pair = { id: 'LEFTBEHIND', secret: 's'.repeat(43) }
  const file = join(folder.path, 'apiKey.properties')
  await writeFile(file, `apiKey.id = ${pair.id}\napiKey.secret = ${pair.secret}\n`)
  await using service = await serve(folder.path)
  expect(await currentTenant(service.at, pair)).not.toBeNull()
})

test('a key file with another key than the chosen one is refused', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'apiKey.properties'), 'apiKey.id = A\napiKey.secret = B\n')
  const env = { LATCHKEY_API_KEY_ID: 'MY-OWN-KEY-0001', LATCHKEY_API_KEY_SECRET: 's'.repeat(43) }
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', folder.path], { env })
  expect(code).toBe(78)
  expect(stderr).toContain('holds another API key than LATCHKEY_API_KEY_ID')
})

test('processes that start at once on an empty folder agree on one tenant and one key', async () => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'shared')
  await using one = start(['serve', '--port', '0', '--data', data])
  await using two = start(['serve', '--port', '0', '--data', data])
  await using three = start(['serve', '--port', '0', '--data', data])
  const urls = await Promise.all([one.url, two.url, three.url])
  const key = await readKey(join(data, 'apiKey.properties'))
  const tenants = await Promise.all(urls.map(async (url) => new URL((await currentTenant(url, key)) ?? 'x:').pathname))
  expect(new Set(tenants).size).toBe(1)
  expect(tenants[0]).toMatch(/^\/v1\/tenants\/\w{22}$/)
  const links = [one, two, three].filter((process) => process.output().includes('/owner?token='))
  expect(links).toHaveLength(1)
  expect(readdirSync(data).filter((name) => /\.properties\.|secret\.key\./.test(name))).toEqual([])
})

test('settings can stand in a file, in TypeScript', async () => {
  await using folder = await temporaryFolder()
  const text = "export default { data: 'here', port: 0, ownerEmail: 'ada@example.org' as string }\n"
  await writeFile(join(folder.path, 'latchkey.config.ts'), text)
  await using service = start(['serve'], { cwd: folder.path })
  await service.url
  expect(service.output()).toContain('ada@example.org')
  expect(existsSync(join(folder.path, 'here', 'latchkey.sqlite'))).toBe(true)
})

test('a folder that is there keeps its mode', async () => {
  await using folder = await temporaryFolder()
  await chmod(folder.path, 0o750)
  await using _ = await serve(folder.path)
  expect(await mode(folder.path)).toBe('750')
  expect(existsSync(join(folder.path, '.gitignore'))).toBe(false)
})
