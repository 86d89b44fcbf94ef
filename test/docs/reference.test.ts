import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { reference } from './reference.ts'

test('the guide to the configuration names every setting there is, as it is now', async () => {
  const guide = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  // node --conditions=@latchkey/source test/docs/reference.ts prints what belongs there
  expect(guide.split('## Every setting\n\n')[1]?.trim()).toBe(reference())
})

test('the guides name no setting that there is not', async () => {
  const guides = ['getting-started', 'configuration', 'testing', 'production', 'operations', 'from-flask-stormpath']
  const known = reference()
  for (const guide of guides) {
    const text = await readFile(new URL(`../../docs/${guide}.md`, import.meta.url), 'utf8')
    const named = [...text.matchAll(/`((?:web|apiKey|application)\.[\w.<>]+)`/g)].map(([, name = '']) => name)
    for (const name of named) {
      const path = name.replace(/fields\.\w+\./, 'fields.<name>.')
      expect(known, `${name} in ${guide}.md`).toContain(`\`${path}\``)
    }
    const variables = [...text.matchAll(/\b(LATCHKEY_\w+?)(?:_FILE)?(?==|`)/g)].map(([, name = '']) => name)
    for (const name of variables) {
      const variable = name.replace(/__FIELDS__[A-Z]+__/, '__FIELDS__<NAME>__')
      expect(known.includes(`\`${variable}`), `${name} in ${guide}.md`).toBe(true)
    }
  }
})

test('WEB-W24 the README names the versions that the tests run on', async () => {
  const root = new URL('../../', import.meta.url)
  const [readme = '', manifest = ''] = await Promise.all(
    ['README.md', 'package.json'].map((path) => readFile(new URL(path, root), 'utf8')),
  )
  const { engines, devDependencies: dev } = JSON.parse(manifest)
  const minor = (version: string) => /\d+\.\d+/.exec(version.replace(/^npm:express@/, ''))?.[0]
  expect(readme).toContain(`| Node | ${minor(engines.node)} or newer |`)
  expect(readme).toContain(`| Express | ${minor(dev.express4)} and ${minor(dev.express)} |`)
  expect(readme).toContain(`| PostgreSQL | with \`pg\` ${minor(dev.pg)} |`)
})
