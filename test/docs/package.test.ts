import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repository } from '../support/mutant.ts'
import { Browser } from '../web/browser.ts'
import { freePort } from './free-port.ts'
import { answers, join, person, run } from './program.ts'
import { snippetsOf } from './snippets.ts'

const execute = promisify(execFile)
const patience = 600_000

interface Packed {
  filename: string
  size: number
  files: { path: string }[]
}

describe('the package', () => {
  let folder: string
  let packed: Packed
  let app: string

  beforeAll(async () => {
    folder = await mkdtemp(pathOf(tmpdir(), 'latchkey-package-'))
    const dist = pathOf(folder, 'dist')
    await execute('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', dist], { cwd: repository })
    for (const file of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']) {
      await cp(pathOf(repository, file), pathOf(folder, file))
    }
    const { stdout } = await execute('npm', ['pack', '--json', '--ignore-scripts'], { cwd: folder, maxBuffer: 1e8 })
    const told = JSON.parse(stdout) as Packed[] | Record<string, Packed>
    packed = Object.values(told)[0] as Packed
    app = pathOf(folder, 'app')
    await mkdir(app)
  }, patience)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('holds everything that can be imported or run, and nothing that is not for its users', async () => {
    const { exports, bin } = JSON.parse(await readFile(pathOf(repository, 'package.json'), 'utf8'))
    const files = new Set(packed.files.map(({ path }) => path))
    const targets = Object.values<Record<string, string>>(exports).flatMap(({ types, default: code }) => [types, code])
    for (const target of [...targets, bin.latchkey]) expect(files).toContain(String(target).replace(/^\.\//, ''))
    const strange = [...files].filter(
      (path) => !/^(dist\/.*\.(js|d\.ts)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
    )
    expect(strange).toEqual([])
    expect([...files].filter((path) => /\.test\.|latchkey\/|\.pem|secret\.key/.test(path))).toEqual([])
    // packed: about 0.8 MB when this was written
    expect(packed.size).toBeLessThan(1_200_000)
  })

  test('WEB-W1 WEB-W23 WEB-W26 WEB-W32 WEB-W34 the quick start works as it is printed, on the package', {
    timeout: patience,
  }, async () => {
    const [install, code, start] = await snippetsOf('README.md')
    if (!install || !code || !start) throw new Error('the README has a quick start')
    const { version } = JSON.parse(await readFile(pathOf(repository, 'node_modules/express/package.json'), 'utf8'))
    expect(install.text).toBe('npm install latchkey express\n')
    expect(start.text).toBe('node app.mjs\n')
    const args = [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      pathOf(folder, packed.filename),
      `express@${version}`,
    ]
    await execute('npm', args, { cwd: app })
    const port = await freePort()
    const text = code.text.replace('listen(3000)', `listen(${port})`)
    expect(text).not.toBe(code.text)
    await writeFile(pathOf(app, 'app.mjs'), text)

    await using program = run(['app.mjs'], app)
    const base = `http://localhost:${port}`
    await answers(base, program)
    const browser = new Browser(base)
    expect(await join(browser, '/')).toBe('/')
    expect((await browser.visit('/')).json).toEqual({ hello: person.givenName })
    // for its owner alone
    expect((await stat(pathOf(app, '.latchkey'))).mode & 0o777).toBe(0o700)
  })

  test('every entry loads from the installed package, and the kit not in production', {
    timeout: patience,
  }, async () => {
    const entries = ['latchkey', 'latchkey/client', 'latchkey/express', 'latchkey/testing']
    const load = (names: string[]) => names.map((name) => `await import('${name}');`).join('')
    const node = (code: string, NODE_ENV: string) =>
      execute(process.execPath, ['--input-type=module', '-e', code], { cwd: app, env: { ...process.env, NODE_ENV } })
    await expect(node(load(entries), 'test')).resolves.toMatchObject({ stderr: '' })
    await expect(node(load(entries.slice(0, 3)), 'production')).resolves.toMatchObject({ stderr: '' })
    await expect(node(load(['latchkey/testing']), 'production')).rejects.toMatchObject({
      stderr: expect.stringContaining('does not load where NODE_ENV is production'),
    })
  })
})
