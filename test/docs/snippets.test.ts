import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { repository } from '../support/mutant.ts'
import { run } from './program.ts'
import { type Snippet, snippetsOf } from './snippets.ts'

const guides = ['docs/getting-started.md', 'docs/configuration.md', 'docs/testing.md', 'docs/from-flask-stormpath.md']
const snippets = (await Promise.all(guides.map(snippetsOf))).flat().filter(({ language }) => language === 'js')

/** What a reader has at this point: an app with its users. A snippet that begins with imports brings all it needs. */
function toProgram({ text }: Snippet): string {
  if (/^import /m.test(text)) return text
  return `import express from 'express'
import * as entry from 'latchkey/express'
import { createTestKit } from 'latchkey/testing'
const kit = await createTestKit()
const user = await kit.createUser({ email: 'ada@example.com' })
const latchkey = (options = {}) => entry.latchkey({ engine: kit.engine, ...options })
const auth = latchkey()
const app = express()
app.use(auth)
${text}
const server = app.listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const headers = { accept: 'application/json', ...(await kit.as(user)) }
for (const path of ['/', '/report', '/admin', '/hello', '/beta', '/dashboard']) {
  const { status } = await fetch(\`http://127.0.0.1:\${server.address().port}\${path}\`, { headers })
  if (status >= 500) throw new Error(\`\${path} answers \${status}\`)
}
server.closeAllConnections()
server.close()
await auth.close()
await kit.close()
`
}

describe('WEB-W1 the snippets of the guides run', () => {
  // The quick start listens for ever: it is walked with the package.
  test.each(snippets.filter(({ info }) => !info.startsWith('file=')))('$place', async (snippet) => {
    const folder = await mkdtemp(join(repository, 'test/docs/.snippet-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'snippet.mjs')
    await writeFile(file, toProgram(snippet))
    const program = run(['--conditions=@latchkey/source', file], repository)
    expect(await program.code, program.output()).toBe(0)
    for (const [, expected = ''] of snippet.text.matchAll(/^console\.log.* \/\/ (.*)$/gm)) {
      expect(program.output()).toContain(expected)
    }
  })
})

test('WEB-W1 WEB-W26 the quick start of the README is that of the guide, and short', async () => {
  const [readme] = (await snippetsOf('README.md')).filter(({ language }) => language === 'js')
  const [guide] = snippets
  expect(readme).toMatchObject({ info: 'file=app.mjs', text: guide?.text })
  expect(readme?.text.trimEnd().split('\n').length).toBeLessThanOrEqual(12)
})
