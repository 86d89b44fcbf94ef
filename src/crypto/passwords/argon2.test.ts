import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseArgon2 } from './argon2.ts'
import { argon2id, formatArgon2id } from './argon2id.ts'

const cost = { memory: 64, passes: 3, parallelism: 2 }

test.each(['node-rs', 'node'] as const)('%s passes the cost on', async (force) => {
  const argon2 = chooseArgon2(force)
  const encoded = await argon2.hash('x', cost)
  const parsed = argon2id.parse(encoded)
  expect(parsed).toMatchObject(cost)
  if (typeof parsed === 'string') return
  expect([parsed.salt.length, parsed.tag.length]).toEqual([16, 32])
  expect(formatArgon2id(parsed)).toBe(encoded)
  expect(await argon2.verify('x', encoded, parsed)).toBe(true)
  expect(await argon2.verify('y', encoded, parsed)).toBe(false)
})

test('without the optional package the runtime does the work, and forcing it fails clearly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
  try {
    const hook = join(folder, 'hook.mjs')
    writeFileSync(
      hook,
      `import { registerHooks } from 'node:module'
       registerHooks({ resolve(name, context, next) {
         if (name === '@node-rs/argon2') throw new Error('not installed')
         return next(name, context)
       } })`,
    )
    const script = `
      const { chooseArgon2 } = await import(${JSON.stringify(new URL('./argon2.ts', import.meta.url).href)})
      console.log(chooseArgon2().implementation)
      try { chooseArgon2('node-rs') } catch (error) { console.log(error.message) }`
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', hook, '--input-type=module', '-e', script])
    expect(stdout.toString(), stderr.toString()).toBe('node\nThe package @node-rs/argon2 does not load here.\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
