import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { createNotes } from '../../examples/express/app.ts'
import { latchkey } from '../../src/express.ts'
import { createTestKit } from '../../src/testing.ts'
import { repository } from '../support/mutant.ts'
import { Browser } from '../web/browser.ts'
import { freePort } from './free-port.ts'
import { answers, join, person, run } from './program.ts'

test('WEB-W25 WEB-W31 WEB-W33 WEB-W35 WEB-W39 the example app runs, and everything in it works', async () => {
  const data = await mkdtemp(pathOf(tmpdir(), 'latchkey-example-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  const port = await freePort()
  const base = `http://localhost:${port}`
  const source = ['--conditions=@latchkey/source']
  const env = { LATCHKEY_DATA: data, PORT: String(port) }
  await using app = run([...source, 'examples/express/server.ts'], repository, env)
  await answers(base, app)
  const browser = new Browser(base)
  expect((await browser.visit('/')).text).toContain('create an account')

  expect(await join(browser, '/dashboard')).toBe('/dashboard')
  const dashboard = await browser.visit('/dashboard')
  expect(dashboard.text).toContain(person.email)
  expect(dashboard.text).toContain('Hello, &#60;b&#62;Ada')
  expect(dashboard.text).not.toContain('<b>')
  expect(dashboard.text).toContain('none yet')
  expect((await browser.visit('/')).text).toContain('Your dashboard')

  await browser.postForm('/dashboard', { note: '<script>alert(1)</script>' })
  const kept = await browser.visit('/dashboard')
  expect(kept.text).toContain('&#60;script&#62;alert(1)')
  expect(kept.text).not.toContain('<script>')

  expect((await browser.visit('/admin')).status).toBe(403)
  await using admin = run([...source, 'examples/express/make-admin.ts', person.email], repository, env)
  await expect
    .poll(async () => (await browser.visit('/admin')).status || admin.output(), { timeout: 60_000, interval: 200 })
    .toBe(200)
  expect((await browser.visit('/admin')).text).toContain(person.email)

  expect((await browser.submit('/dashboard', {})).status).toBe(303)
  const csrf = /name="_csrf" value="([^"]+)"/.exec((await browser.visit('/dashboard')).text)?.[1] ?? ''
  expect((await browser.postForm('/logout', {}, { csrf })).location).toBe('/')
  expect((await browser.visit('/dashboard')).status).toBe(302)
})

test('WEB-W27 WEB-W152 the same app is tested on the kit, mounted by a factory', async () => {
  await using kit = await createTestKit()
  const auth = latchkey({ engine: kit.engine })
  const server = express().use(createNotes(auth)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ada = await kit.createUser({ givenName: 'Ada', groups: ['admins'], customData: { note: 'milk' } })
  const read = async (path: string) => (await fetch(`${base}${path}`, { headers: await kit.as(ada) })).text()
  expect(await read('/dashboard')).toContain('milk')
  expect(await read('/admin')).toContain(ada.email)
  await auth.close()
})
