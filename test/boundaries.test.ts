import { describe, expect, test } from 'vitest'
import { importsOf, readSources, type Sources } from './support/imports.ts'

const domain = ['resources', 'schema', 'crypto', 'std']
const protocols = ['storage', 'mail', 'providers', 'rest', 'oauth', 'client-api', 'webhooks']

/** The whole rule: what each folder under src may import besides itself. Entry files (src/*.ts) may import all. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  std: [],
  schema: ['std'],
  crypto: ['std'],
  resources: ['schema', 'std'],
  // the service
  core: domain,
  ...Object.fromEntries(protocols.map((folder) => [folder, ['core', ...domain]])),
  server: [...protocols, 'core', ...domain],
  cli: ['server', ...protocols, 'core', ...domain],
  // the app
  client: ['resources', 'schema', 'std'],
  web: ['client', 'resources', 'schema', 'crypto', 'std'],
  frameworks: ['web', 'client', 'resources', 'schema', 'std'],
  // both sides at once: for tests only, and refused in production
  testing: ['server', 'mail', 'core', 'client', ...domain],
}

const app = ['client', 'web', 'frameworks']
const service = ['core', ...protocols, 'server', 'cli']
/** Run in browsers too, with everything they reach. */
const portable = ['client', 'resources', 'schema']

/** The folder under src; an empty string for an entry file. */
const folderOf = (path: string) => path.split('/').slice(1, -1)[0] ?? ''

function violations(sources: Sources): string[] {
  const found: string[] = []
  for (const [path, source] of sources) {
    const folder = folderOf(path)
    const allowed = mayImport[folder]
    if (folder !== '' && !allowed) found.push(`${path}: the folder ${folder} is not in the table`)
    if (folder !== '' && path.endsWith('/index.ts')) found.push(`${path}: a barrel`)
    const imports = importsOf(path, source)
    for (const { specifier, path: target } of imports) {
      if (/^latchkey(\/|$)/.test(specifier)) found.push(`${path}: imports its own package as ${specifier}`)
      if (target === undefined) continue
      const to = folderOf(target)
      if (!target.startsWith('src/')) found.push(`${path}: leaves src for ${target}`)
      else if (to === '') found.push(`${path}: imports the entry file ${target}`)
      else if (folder !== '' && to !== folder && !allowed?.includes(to))
        found.push(`${path}: ${folder} may not import ${to}`)
    }
    if (folder === '') {
      const eager = imports
        .filter(({ lazy, path: target }) => !lazy && target)
        .map(({ path: target }) => folderOf(target ?? ''))
      const both = eager.some((to) => app.includes(to)) && eager.some((to) => service.includes(to))
      if (both) found.push(`${path}: loads the service together with the app, not when it is needed`)
    }
  }
  return [...found, ...unportable(sources)]
}

/** What code for browsers reaches and browsers do not have. */
function unportable(sources: Sources): string[] {
  const reached = new Set([...sources.keys()].filter((path) => portable.includes(folderOf(path))))
  const found: string[] = []
  for (const path of reached) {
    for (const { specifier, path: target } of importsOf(path, sources.get(path) ?? '')) {
      if (specifier.startsWith('node:')) found.push(`${path}: ${specifier} in code for browsers`)
      if (target) reached.add(target)
    }
  }
  return found
}

test('imports point one way', async () => {
  const sources = await readSources('src')
  expect(sources.size).toBeGreaterThan(50)
  expect(violations(sources)).toEqual([])
})

describe('the check finds', () => {
  const planted = (files: Record<string, string>) => violations(new Map(Object.entries(files)))

  test.each([
    ['an import upwards', 'src/std/a.ts', "import { b } from '../schema/b.ts'", 'std may not import schema'],
    ['a type import upwards', 'src/core/a.ts', "import type { b } from '../rest/b.ts'", 'core may not import rest'],
    [
      'a dynamic import upwards',
      'src/core/a.ts',
      "const b = await import('../server/b.ts')",
      'core may not import server',
    ],
    [
      'an import type in the middle of a line',
      'src/core/a.ts',
      "let b: import('../cli/b.ts').B",
      'core may not import cli',
    ],
    ['a re-export upwards', 'src/schema/a.ts', "export * from '../resources/b.ts'", 'schema may not import resources'],
    ['an import for its effect', 'src/crypto/a.ts', "import '../core/b.ts'", 'crypto may not import core'],
    [
      'an import over several lines',
      'src/std/a.ts',
      "import {\n  b,\n  c,\n} from '../core/b.ts'",
      'std may not import core',
    ],
    ['a worker upwards', 'src/core/a.ts', "new URL('../storage/b.ts', import.meta.url)", 'core may not import storage'],
    [
      'an import between folders of one rank',
      'src/rest/a.ts',
      "import { b } from '../storage/b.ts'",
      'rest may not import storage',
    ],
    ['the same further down', 'src/schema/a.ts', "import { b } from '../crypto/b.ts'", 'schema may not import crypto'],
    [
      'the app reaching into the service',
      'src/web/a/b.ts',
      "import { b } from '../../core/b.ts'",
      'web may not import core',
    ],
    [
      'the service reaching into the app',
      'src/server/a.ts',
      "import { b } from '../client/b.ts'",
      'server may not import client',
    ],
    [
      'cryptography in the client',
      'src/client/a.ts',
      "import { b } from '../crypto/b.ts'",
      'client may not import crypto',
    ],
    [
      'an import of an entry file',
      'src/cli/a.ts',
      "import { b } from '../index.ts'",
      'imports the entry file src/index.ts',
    ],
    [
      'an import of the package itself',
      'src/web/a.ts',
      "import { b } from 'latchkey/client'",
      'imports its own package',
    ],
    [
      'an import from outside of src',
      'src/std/a.ts',
      "import { b } from '../../test/b.ts'",
      'leaves src for test/b.ts',
    ],
    ['a barrel', 'src/core/accounts/index.ts', "export { a } from './a.ts'", 'a barrel'],
    ['a folder that is not in the table', 'src/utils/a.ts', '', 'the folder utils is not in the table'],
    [
      'an entry file that always loads the service with the app',
      'src/express.ts',
      "export { b } from './frameworks/b.ts'\nexport { c } from './server/c.ts'",
      'loads the service together with the app',
    ],
    ['a module of Node in code for browsers', 'src/schema/a.ts', "import 'node:fs'", 'node:fs in code for browsers'],
  ])('%s', (_, path, source, expected) => {
    expect(planted({ [path]: source })).toEqual([expect.stringContaining(expected)])
  })

  test('a module of Node in what code for browsers reaches', () => {
    const files = {
      'src/client/a.ts': "import { b } from '../std/b.ts'",
      'src/std/b.ts': "import { c } from './c.ts'",
      'src/std/c.ts': "import { hash } from 'node:crypto'",
      'src/std/d.ts': "import { hash } from 'node:crypto'",
    }
    expect(planted(files)).toEqual(['src/std/c.ts: node:crypto in code for browsers'])
  })

  test('nothing where nothing is wrong', () => {
    const files = {
      'src/index.ts': "export { createApp } from './server/create-app.ts'",
      'src/express.ts':
        "export { latchkey } from './frameworks/express.ts'\nexport const open = () => import('./server/open.ts')",
      'src/server/create-app.ts':
        "import { openPostgres } from '../storage/postgres/database.ts'\nimport { join } from 'node:path'",
      'src/storage/postgres/database.ts': "import type { Store } from '../../core/ports.ts'",
      'src/web/guard.ts': "import { verify } from '../crypto/jwt.ts'\n// import { b } from '../core/b.ts'",
      'src/client/client.ts': "/**\n * import { b } from '../core/b.ts'\n */\nimport { a } from './a.ts'",
    }
    expect(planted(files)).toEqual([])
  })
})
