import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { barOf } from '../../src/cli/progress.ts'
import { latchkey, serve, temporaryFolder } from './latchkey.ts'

test('OPS-O46 GOAL-M9 audit verify tells an untouched log from one that was changed, and export prints it', async () => {
  await using folder = await temporaryFolder()
  {
    await using service = await serve(folder.path)
    await service.stop()
  }
  const words = (name: string, ...more: string[]) => ['audit', name, '--data', folder.path, ...more]
  const good = await latchkey(words('verify'))
  expect(good).toMatchObject({ code: 0, stderr: '' })
  const head = /head (\w+:\d+:[\w-]{43})\n$/.exec(good.stdout)?.[1] as string
  expect(await latchkey(words('verify', '--head', head))).toMatchObject({ code: 0 })

  const { stdout } = await latchkey(words('export'))
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ position }) => position)).toEqual(lines.map((_, at) => at + 1))
  expect(lines.at(-1)).toMatchObject({ hash: head.split(':')[2], actorType: 'system' })
  expect(stdout).not.toContain('diff')

  const database = new DatabaseSync(join(folder.path, 'latchkey.sqlite'))
  database.exec("update events set type = 'account.updated' where position = 3")
  database.close()
  const bad = await latchkey(words('verify'))
  expect(bad.code).toBeGreaterThan(0)
  expect(bad.stderr).toContain('an event was changed or moved at position 3')
  expect((await latchkey(words('verify', '--head', 'nonsense'))).code).toBeGreaterThan(0)
})

test('a bar shows how far it is', () => {
  expect(barOf(0, 10)).toBe(`[${'-'.repeat(30)}] 0 %  0`)
  expect(barOf(5, 10)).toBe(`[${'#'.repeat(15)}${'-'.repeat(15)}] 50 %  5`)
  expect(barOf(12, 10)).toBe(`[${'#'.repeat(30)}] 100 %  12`)
})
