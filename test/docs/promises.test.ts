import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const text = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

test('WEB-W16 the README says who is better served elsewhere, and where', async () => {
  const [, section = ''] = (await text('README.md')).split('## You might not want this\n')
  const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)].slice(1)
  expect(rows.length).toBeGreaterThanOrEqual(5)
  for (const [row, reason = '', alternative = ''] of rows) {
    expect(reason.trim(), row).not.toBe('')
    expect(alternative, `${row} names nothing to use instead`).toMatch(/[A-Z]|`|better-auth/)
  }
})

test.each([
  ['src/frameworks/express.ts', 'ExpressAuth'],
  ['src/web/user.ts', 'User'],
])('WEB-W41 in %s every method of %s is documented where it is declared', async (path, name) => {
  const source = await text(path)
  const [, body = ''] = new RegExp(`\\*/\nexport interface ${name} \\{\n([\\s\\S]*?)\n\\}`).exec(source) ?? []
  const methods = [...body.matchAll(/(\*\/\n)?^ {2}(\w+)\(/gm)]
  expect(methods.length).toBeGreaterThan(1)
  for (const [, comment, method] of methods) expect(comment, `${name}.${method} has no comment`).toBeDefined()
})
