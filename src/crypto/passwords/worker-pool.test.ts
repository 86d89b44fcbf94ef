import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createWorkerPool } from './worker-pool.ts'

const right = {
  format: 'bcrypt',
  password: 'U*U',
  encoded: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
}
const wrong = { ...right, password: 'U*V' }
const slow = {
  format: 'bcrypt',
  password: 'Vapor3',
  encoded: '$2y$11$kHM/VXmCVsGXDGIVu9mD8eY/uEYI.Nva9sHgrLYuLzr0il28DDOGO',
}

describe('the worker pool', () => {
  test('gives each job its own outcome', async () => {
    const pool = createWorkerPool()
    const jobs = [slow, wrong, right, wrong, slow, right]
    expect(await Promise.all(jobs.map((job) => pool.verify(job)))).toEqual([true, false, true, false, true, true])
    for (const job of jobs) expect(await pool.verify(job)).toBe(job !== wrong)
    await pool.close()
  })

  test.each([
    { ...right, format: 'none' },
    { ...right, encoded: 'malformed' },
  ])('%j does not match', async (job) => {
    const pool = createWorkerPool()
    expect(await pool.verify(job)).toBe(false)
    await pool.close()
  })

  test('an error in a job is an error, and the thread goes on', async () => {
    const pool = createWorkerPool()
    await expect(pool.verify({ ...right, password: 1 as unknown as string })).rejects.toThrow(/as bcrypt/)
    expect(await pool.verify(right)).toBe(true)
    await pool.close()
  })

  test.runIf(existsSync('/proc/self/task'))(
    'ends a thread that was idle for long, and starts another when needed',
    async () => {
      const pool = createWorkerPool({ idleMs: 20 })
      const threads = () => readdirSync('/proc/self/task').length
      const before = threads()
      for (let i = 0; i < 3; i++) {
        expect(await pool.verify(right)).toBe(true)
        expect(threads()).toBeGreaterThan(before)
        await expect.poll(threads).toBe(before)
      }
      await pool.close()
    },
  )

  test('gives no job to a thread that is ending', async () => {
    const pool = createWorkerPool({ idleMs: 1 })
    for (let i = 0; i < 8; i++) {
      expect(await pool.verify(right)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, i % 4))
    }
    await pool.close()
  })

  test('keeps a thread that is used before its time is over', async () => {
    const pool = createWorkerPool({ idleMs: 60 })
    // Longer than idleMs together, and the slow job alone as well.
    for (let i = 0; i < 5; i++) expect(await pool.verify(right)).toBe(true)
    expect(await pool.verify(slow)).toBe(true)
    expect(await pool.verify(slow)).toBe(true)
    await pool.close()
  })

  test('closing fails what runs, and a second closing does nothing', async () => {
    const pool = createWorkerPool()
    const result = expect(pool.verify(slow)).rejects.toThrow(/ended before/)
    await pool.close()
    await result
    await pool.close()
  })
})

const script = (file: string) => `
  const { createWorkerPool } = await import(${JSON.stringify(file)})
  const pool = createWorkerPool()
  console.log(await pool.verify(${JSON.stringify(right)}), await pool.verify(${JSON.stringify(wrong)}))`

const run = (file: string) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script(file)], {
    timeout: 90_000,
  })
  return { output: stdout.toString() || stderr.toString(), status }
}

describe('a process that never closes the pool', () => {
  test('ends by itself, from sources', () => {
    expect(run(new URL('./worker-pool.ts', import.meta.url).href)).toEqual({ output: 'true false\n', status: 0 })
  })

  test('ends by itself, built to JavaScript', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
    try {
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
      symlinkSync(new URL('../../../node_modules', import.meta.url).pathname, join(folder, 'node_modules'))
      for (const part of ['std', 'crypto/passwords']) {
        const source = new URL(`../../${part}/`, import.meta.url)
        mkdirSync(join(folder, part), { recursive: true })
        for (const name of readdirSync(source).filter((each) => /(?<!\.test)\.ts$/.test(each))) {
          const code = stripTypeScriptTypes(readFileSync(new URL(name, source), 'utf8'))
          const built = code.replace(/(from '\..*)\.ts'/g, "$1.js'")
          writeFileSync(join(folder, part, name.replace(/\.ts$/, '.js')), built)
        }
      }
      expect(run(join(folder, 'crypto/passwords/worker-pool.js'))).toEqual({ output: 'true false\n', status: 0 })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
