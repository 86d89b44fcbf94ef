import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { originsOf, requireBaseUrl, resolveSettings } from './config.ts'
import { Mistake } from './mistake.ts'
import { fromEnvironment, fromFile, fromFlags, fromObject } from './sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string, mode = 0o600) => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode })
  return path
}

const resolve = (sources: Parameters<typeof resolveSettings>[0], production = false) =>
  resolveSettings(sources, { production })

const mistake = (attempt: () => unknown): Mistake => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof Mistake) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('settings', () => {
  test('have defaults that suit a developer', () => {
    expect(resolve([])).toEqual({
      host: '127.0.0.1',
      port: 4000,
      managementHost: '127.0.0.1',
      maxConnections: 10_000,
      managementPort: 9091,
      managementWanted: false,
      trustedProxies: [],
      logLevel: undefined,
      data: '.latchkey',
      database: undefined,
      redis: undefined,
      limits: { perKey: undefined, perAddress: undefined },
      baseUrl: undefined,
      preset: 'modern',
      ownerEmail: 'owner@example.com',
      autoMigrate: false,
      pgbouncer: false,
      allowUndurable: false,
      secretKey: undefined,
      apiKey: undefined,
      breachedPasswords: 'https://api.pwnedpasswords.com/range',
      mail: { url: undefined, from: undefined, allowPrivateServers: true },
      webhooks: { allowPrivateTargets: true },
      audit: { retention: 400 * 86_400_000 },
      providers: { url: undefined, allowPrivateServers: true },
      drainDelay: 0,
      drainTimeout: 30_000,
      startTimeout: 60_000,
      development: true,
      exposed: false,
      warnings: [],
    })
  })

  test('come from flags before the environment, and from that before a file', async () => {
    const path = write('latchkey.config.json', '{ "port": 1, "host": "::1", "preset": "stormpath", "apiKey": {} }')
    const sources = [
      fromFlags({ port: '3' }),
      fromEnvironment({ LATCHKEY_PORT: '2', LATCHKEY_HOST: '127.0.0.2', OTHER: 'x' }),
      await fromFile(path, folder),
    ]
    expect(resolve(sources)).toMatchObject({ port: 3, host: '127.0.0.2', preset: 'stormpath' })
    expect([...originsOf(sources)].sort()).toEqual([
      ['host', 'LATCHKEY_HOST'],
      ['port', '--port'],
      ['preset', `preset in ${path}`],
    ])
  })

  test('come from a TypeScript file too', async () => {
    const path = write('some.config.ts', 'const port: number = 4444\nexport default { port }\n')
    expect(resolve([await fromFile(path, '/')]).port).toBe(4444)
  })

  test('nest by two underscores', () => {
    const id = 'a-first-key'
    const secret = 's'.repeat(32)
    const given = { LATCHKEY_API_KEY_ID: id, LATCHKEY_API_KEY_SECRET: secret }
    expect(resolve([fromEnvironment(given)]).apiKey).toEqual({ id, secret })
    expect(resolve([fromObject({ apiKey: { id, secret } }, 'the options')]).apiKey).toEqual({ id, secret })
  })

  test('may be durations in seconds or in ISO 8601', () => {
    const given = { LATCHKEY_DRAIN_DELAY: '2.5', LATCHKEY_DRAIN_TIMEOUT: 'PT1M' }
    expect(resolve([fromEnvironment(given)])).toMatchObject({ drainDelay: 2500, drainTimeout: 60_000 })
  })

  test('give balancers time where one can be expected', () => {
    const given = { LATCHKEY_BASE_URL: 'https://id.example.com' }
    expect(resolve([fromEnvironment(given)])).toMatchObject({ drainDelay: 5000, exposed: true, development: false })
  })
})

describe('GOAL-M7 secrets', () => {
  const secret = '9'.repeat(32)

  test('come from files', () => {
    const LATCHKEY_SECRET_KEY_FILE = write('ring', ` ${secret}\n`)
    expect(resolve([fromEnvironment({ LATCHKEY_SECRET_KEY_FILE })]).secretKey).toBe(secret)
  })

  test('are refused from files that others may read', () => {
    const LATCHKEY_SECRET_KEY_FILE = write('open', secret, 0o644)
    const { message, fix } = mistake(() => fromEnvironment({ LATCHKEY_SECRET_KEY_FILE }))
    expect(message).toBe(`LATCHKEY_SECRET_KEY_FILE ${LATCHKEY_SECRET_KEY_FILE} may be read by others (mode 0644)`)
    expect(fix).toContain(`chmod 600 ${LATCHKEY_SECRET_KEY_FILE}`)
  })

  test('are refused from files that are empty or not there', () => {
    const empty = write('empty', '\n')
    expect(mistake(() => fromEnvironment({ LATCHKEY_SECRET_KEY_FILE: empty })).message).toContain('is empty')
    const missing = mistake(() => fromEnvironment({ LATCHKEY_SECRET_KEY_FILE: '/nowhere/key' }))
    expect(missing.message).toBe('LATCHKEY_SECRET_KEY_FILE /nowhere/key: no such file or folder')
  })

  test('are not given twice', () => {
    const file = write('twice', secret)
    const given = { LATCHKEY_SECRET_KEY: secret, LATCHKEY_SECRET_KEY_FILE: file }
    expect(mistake(() => fromEnvironment(given)).message).toBe(
      'both LATCHKEY_SECRET_KEY and LATCHKEY_SECRET_KEY_FILE are set',
    )
  })

  test('on the command line draw a warning', () => {
    const { warnings } = resolve([fromFlags({ secretKey: secret, database: 'postgres://me:pw@db/x' })])
    expect(warnings).toHaveLength(2)
    expect(warnings.join()).toContain('LATCHKEY_SECRET_KEY_FILE')
    expect(warnings.join()).toContain('LATCHKEY_DATABASE_URL_FILE')
    expect(warnings.join()).not.toContain(secret)
    expect(resolve([fromFlags({ database: 'postgres://me@db/x' })]).warnings).toEqual([])
  })

  test('never stand in a message', () => {
    const { message, fix } = mistake(() => resolve([fromEnvironment({ LATCHKEY_DATABASE_URL: 'mysql://u:hunter2@h' })]))
    expect(message + fix).not.toContain('hunter2')
    expect(message).toBe('LATCHKEY_DATABASE_URL is set, but must be a URL that begins with postgres://')
  })
})

describe('mistakes', () => {
  test.each([
    [{ LATCHKEY_PORT: '70000' }, 'LATCHKEY_PORT is "70000", but must be a port number from 0 to 65535'],
    [{ LATCHKEY_PORT: '40x' }, 'LATCHKEY_PORT is "40x", but must be a port number from 0 to 65535'],
    [{ LATCHKEY_HOST: 'a b' }, 'LATCHKEY_HOST is "a b", but must be an IP address or a host name'],
    [{ LATCHKEY_PRESET: 'classic' }, 'LATCHKEY_PRESET is "classic", but must be modern or stormpath'],
    [
      { LATCHKEY_BASE_URL: 'https://id.example.com/v1' },
      'LATCHKEY_BASE_URL is "https://id.example.com/v1", but must be an http or https URL without path, query or user',
    ],
    [{ LATCHKEY_OWNER_EMAIL: 'nobody' }, 'LATCHKEY_OWNER_EMAIL is "nobody", but must be an email address'],
    [{ LATCHKEY_API_KEY_ID: 'a-first-key' }, 'LATCHKEY_API_KEY_ID is set without LATCHKEY_API_KEY_SECRET'],
    [
      { LATCHKEY_API_KEY_ID: 'a-first-key', LATCHKEY_API_KEY_SECRET: 'short' },
      'LATCHKEY_API_KEY_SECRET is set, but must be a text of 32 to 255 visible ASCII characters',
    ],
  ])('are named with the setting: %j', (environment, message) => {
    const found = mistake(() => resolve([fromEnvironment(environment)]))
    expect(found.message).toBe(message)
    expect(found.fix).toMatch(/^export LATCHKEY_/)
    expect(found.exitCode).toBe(78)
  })

  test('in names draw a guess', () => {
    expect(mistake(() => fromEnvironment({ LATCHKEY_PROT: '1' }))).toMatchObject({
      message: 'unknown setting LATCHKEY_PROT in the environment',
      fix: 'did you mean LATCHKEY_PORT?',
    })
    expect(mistake(() => fromObject({ baseURL: 'x' }, 'latchkey.config.ts'))).toMatchObject({
      message: 'unknown setting baseURL in latchkey.config.ts',
      fix: 'did you mean baseUrl?',
    })
    expect(mistake(() => fromObject({ apiKey: { ident: 'x' } }, 'x')).message).toContain('apiKey.ident')
    expect(mistake(() => fromObject({ wholly: 1 }, 'x')).fix).toContain('the settings are: host, port')
  })

  test('do not include what the other half of the product reads', () => {
    expect(fromEnvironment({ LATCHKEY_URL: 'x', LATCHKEY_API_KEY_FILE: 'y' }).size).toBe(0)
  })

  test('of the settings file say which file', async () => {
    const broken = write('broken.json', '{ port: }')
    await expect(fromFile(broken, folder)).rejects.toThrow(/broken\.json cannot be read: /)
    await expect(fromFile('gone.ts', folder)).rejects.toThrow('--config: no such file: gone.ts')
    await expect(fromFile(write('none.mjs', ''), folder)).rejects.toThrow('none.mjs does not give an object')
  })

  test('include two settings files', async () => {
    write('latchkey.config.json', '{}')
    const other = write('latchkey.config.ts', 'export default {}')
    await expect(fromFile(undefined, folder)).rejects.toThrow('latchkey.config.ts, latchkey.config.json')
    rmSync(other)
  })
})

describe('a base URL is wanted', () => {
  const need = (environment: Record<string, string>, production = false) =>
    mistake(() => requireBaseUrl(resolve([fromEnvironment(environment)], production)))

  test('where other machines can reach the service', () => {
    expect(need({ LATCHKEY_HOST: '0.0.0.0' })).toMatchObject({
      message: 'baseUrl is not set, and host 0.0.0.0 can be reached from other machines',
      fix: 'latchkey serve --host 0.0.0.0 --base-url https://id.example.com',
    })
  })

  test('in production', () => {
    expect(need({}, true).message).toBe('baseUrl is not set, and NODE_ENV is production')
  })

  test('and nowhere else', () => {
    for (const host of ['localhost', '127.9.9.9', '::1'])
      requireBaseUrl(resolve([fromEnvironment({ LATCHKEY_HOST: host })]))
  })

  test('and one without encryption draws a warning', () => {
    const warned = (url: string) => resolve([fromEnvironment({ LATCHKEY_BASE_URL: url })]).warnings.length
    expect(warned('http://id.example.com')).toBe(1)
    expect(warned('http://localhost:4000') + warned('http://[::1]:4000') + warned('https://id.example.com')).toBe(0)
  })
})
