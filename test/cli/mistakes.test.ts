import { once } from 'node:events'
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { latchkey, type RunOptions, serve, temporaryFolder } from './latchkey.ts'

interface Case extends RunOptions {
  words?: readonly string[]
  code: number
  says: string | RegExp
  fix?: string | RegExp
}

const key = 'T_mkLMtwbsU6Cc10ZcvzYUQ5mzMq1ozPXg8Sc5aCw9M'

const cases: Record<string, Case> = {
  'a port that is none': {
    words: ['--port', '99999'],
    code: 78,
    says: '--port is "99999"',
    fix: 'latchkey serve --port 4000',
  },
  'a host of another machine': {
    words: ['--host', '192.0.2.1', '--base-url', 'http://localhost'],
    code: 78,
    says: 'host 192.0.2.1 is not an address of this machine',
    fix: 'latchkey serve --host 127.0.0.1',
  },
  'an open host without a base URL': {
    words: ['--host', '0.0.0.0'],
    code: 78,
    says: 'baseUrl is not set, and host 0.0.0.0 can be reached from other machines',
    fix: '--base-url https://',
  },
  'a bad preset': {
    words: ['--preset', 'clasic'],
    code: 78,
    says: 'must be modern or stormpath',
    fix: '--preset modern',
  },
  'a bad base URL': { words: ['--base-url', 'id.example.com'], code: 78, says: '--base-url is "id.example.com"' },
  'a bad database URL': {
    words: ['--database', 'mysql://localhost/x'],
    code: 78,
    says: 'must be a URL that begins with postgres://',
  },
  'OPS-O10 an unknown setting in the environment': {
    env: { LATCHKEY_BASEURL: 'https://id.example.com' },
    code: 78,
    says: 'unknown setting LATCHKEY_BASEURL in the environment',
    fix: 'did you mean LATCHKEY_BASE_URL?',
  },
  'OPS-O20 a weak secret key': {
    env: { LATCHKEY_SECRET_KEY: 'a'.repeat(43) },
    code: 78,
    says: /LATCHKEY_SECRET_KEY: .*not random/,
    fix: 'latchkey key generate',
  },
  'OPS-O20 a short secret key': {
    env: { LATCHKEY_SECRET_KEY: 'secret' },
    code: 78,
    says: 'LATCHKEY_SECRET_KEY: ',
    fix: 'key generate',
  },
  'a weak API key': {
    env: { LATCHKEY_API_KEY_ID: 'MY-OWN-KEY', LATCHKEY_API_KEY_SECRET: 'too-short' },
    code: 78,
    says: 'LATCHKEY_API_KEY_SECRET is set, but must be a text of 32 to 255 visible ASCII characters',
  },
  'OPS-O14 no base URL in production': {
    env: { NODE_ENV: 'production' },
    code: 78,
    says: 'baseUrl is not set, and NODE_ENV is production',
  },
  'no secret in production': {
    env: { NODE_ENV: 'production', LATCHKEY_BASE_URL: 'http://localhost:4000' },
    code: 78,
    says: 'secretKey is not set',
    fix: 'LATCHKEY_SECRET_KEY_FILE',
  },
  'no secret behind https': {
    words: ['--base-url', 'https://id.example.com'],
    code: 78,
    says: 'secretKey is not set',
    fix: 'latchkey key generate',
  },
  'a PostgreSQL that is not there': {
    words: ['--database', 'postgres://nobody@127.0.0.1:1/none'],
    env: { LATCHKEY_START_TIMEOUT: '0' },
    code: 69,
    says: 'cannot connect to PostgreSQL',
    fix: 'LATCHKEY_DATABASE_URL',
  },
}

describe.concurrent('a start is refused in one message that says what to do:', () => {
  test.each(Object.entries(cases))('%s', async (_, { words = [], code, says, fix, ...options }) => {
    await using folder = await temporaryFolder()
    const data = join(folder.path, 'data')
    const outcome = await latchkey(['serve', '--port', '0', '--data', data, ...words], options)
    const lines = outcome.stderr.trimEnd().split('\n')
    expect(outcome.stdout).toBe('')
    const errors = lines.filter((line) => line.startsWith('error: '))
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(says)
    expect(lines.at(-1)).toMatch(/^ {2}fix: \S/)
    if (fix) expect(lines.at(-1)).toMatch(fix)
    expect(outcome.stderr).not.toMatch(/^\s+at /m)
    expect(outcome.code).toBe(code)
  })
})

test('a port in use is refused before anything is made', async () => {
  await using folder = await temporaryFolder()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, stderr } = await latchkey(['serve', '--port', String(port), '--data', join(folder.path, 'data')])
  other.close()
  expect(stderr).toBe(`error: port ${port} is in use by another program\n  fix: latchkey serve --port ${port + 1}\n`)
  expect(code).toBe(78)
  expect(await readdir(folder.path)).toEqual([])
})

test('a data folder that is a file is refused', async () => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  await writeFile(data, '')
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', data])
  expect(stderr).toContain(`error: data ${data} is a file, not a folder\n`)
  expect(code).toBe(78)
})

test.runIf(process.getuid?.() === 0)('a data folder of somebody else is refused', async () => {
  await using folder = await temporaryFolder()
  await chmod(folder.path, 0o755)
  const data = join(folder.path, 'data')
  await mkdir(data, { mode: 0o700 })
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', data], { uid: 65_534, cwd: '/' })
  expect(stderr).toContain(`error: data ${data}: permission denied\n`)
  expect(code).toBe(77)
})

test('a database that is none is refused', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'latchkey.sqlite'), 'something else altogether, and quite a lot of it'.repeat(100))
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', folder.path])
  expect(stderr).toContain('is not an SQLite database')
  expect(code).toBe(65)
})

test('a database sealed with another key is refused', async () => {
  await using folder = await temporaryFolder()
  await (await serve(folder.path)).stop()
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', folder.path], {
    env: { LATCHKEY_SECRET_KEY: key },
  })
  expect(stderr).toContain('error: secretKey is not the key that this database is sealed with\n')
  expect(code).toBe(78)
})

test('a deleted key file is told where it belongs', async () => {
  await using folder = await temporaryFolder()
  await (await serve(folder.path)).stop()
  const file = join(folder.path, 'secret.key')
  await rm(file)
  const { code, stderr } = await latchkey(['serve', '--port', '0', '--data', folder.path])
  expect(stderr).toContain(`fix: put the key of its first start back into ${file}, or set LATCHKEY_SECRET_KEY to it\n`)
  expect(code).toBe(78)
})

test('a start in production points to the key that development made', async () => {
  await using folder = await temporaryFolder()
  await (await serve(folder.path)).stop()
  const production = { NODE_ENV: 'production', LATCHKEY_BASE_URL: 'http://localhost:4000' }
  const refused = await latchkey(['serve', '--port', '0', '--data', folder.path], { env: production })
  const file = join(folder.path, 'secret.key')
  expect(refused.stderr).toContain(`fix: export LATCHKEY_SECRET_KEY_FILE=${file}`)
  const keyed = { ...production, LATCHKEY_SECRET_KEY_FILE: file }
  const mute = await latchkey(['serve', '--port', '0', '--data', folder.path], { env: keyed })
  expect(mute.code).toBe(78)
  expect(mute.stderr).toMatch(
    /^error: mail\.url is not set, and directories send mail: .*\n {2}fix: export LATCHKEY_MAIL_URL=/,
  )
  const captured = { ...keyed, LATCHKEY_MAIL_URL: 'inbox:' }
  const caught = await latchkey(['serve', '--port', '0', '--data', folder.path], { env: captured })
  expect(caught.stderr).toContain('error: mail.url is inbox:, which shows mails to everybody, in production')
  const env = { ...keyed, LATCHKEY_MAIL_URL: 'none' }
  await using _ = await serve(folder.path, [], { env })
})

test('OPS-O10 an unknown setting in the settings file is refused with a guess', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'latchkey.config.json'), '{ "prot": 4000 }')
  const { code, stderr } = await latchkey(['serve'], { cwd: folder.path })
  expect(stderr).toBe('error: unknown setting prot in latchkey.config.json\n  fix: did you mean port?\n')
  expect(code).toBe(78)
})

test('a secret on the command line works, with a warning', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, ['--secret-key', key])
  expect(service.output()).toMatch(/^warning: --secret-key shows a secret/m)
  expect(service.output()).not.toContain(key)
})

describe.concurrent('a command line is refused with code 64 and a guess:', () => {
  test.each([
    [['serve', '--prot', '1'], 'Did you mean --port?'],
    [['srve'], 'Did you mean serve?'],
    [['serve', '--port'], "option '--port <number>' argument missing"],
    [['serve', 'now'], 'too many arguments'],
    [['key', 'creat'], 'Did you mean create?'],
  ])('%j', async (words, says) => {
    const { code, stderr } = await latchkey(words)
    expect(stderr).toContain(says)
    expect(code).toBe(64)
  })
})
