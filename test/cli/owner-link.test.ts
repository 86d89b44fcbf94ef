import { expect, test } from 'vitest'
import { latchkey, serve, temporaryFolder } from './latchkey.ts'

test('owner-link prints a link on which the running service takes a password', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path)
  const port = new URL(service.at).port
  const { stdout, code } = await latchkey(['owner-link', '--data', folder.path, '--port', port])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/owner\?token=[\w.-]+\n$/)
  const page = await (await fetch(stdout.trim())).text()
  const fields = Object.fromEntries(
    [...page.matchAll(/<input[^>]* name="(\w+)"(?:[^>]* value="([^"]*)")?/g)].map(([, name, value]) => [
      name,
      value ?? '',
    ]),
  )
  expect(Object.keys(fields)).toEqual(['token', 'username', 'password', 'again'])
  const send = (password: string) =>
    fetch(`${service.at}/owner`, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, password, again: password }),
      headers: { origin: service.at },
    })
  expect((await send('short')).status).toBe(400)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send(`words enough for number ${i}`)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(410)])
})

test('owner-link uses the base URL', async () => {
  await using folder = await temporaryFolder()
  await (await serve(folder.path)).stop()
  const env = { LATCHKEY_BASE_URL: 'http://id.example.test' }
  const { stdout, stderr } = await latchkey(['owner-link', '--data', folder.path], { env })
  expect(stdout).toMatch(/^http:\/\/id\.example\.test\/owner\?token=/)
  expect(stderr).toContain('warning: http://id.example.test is not encrypted')
})
