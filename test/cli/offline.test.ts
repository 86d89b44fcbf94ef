import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readKey } from '../support/service.ts'
import { serve, temporaryFolder } from './latchkey.ts'

const watch = `--import ${new URL('../support/report-connections.mjs', import.meta.url).href}`

test('the watch on connections sees one', async () => {
  const script = "fetch('http://192.0.2.1/').catch(() => {}); setTimeout(() => process.exit(), 100)"
  const options = { env: { ...process.env, NODE_OPTIONS: watch } }
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', script], options)
  expect(stderr).toContain('connects to 192.0.2.1')
})

test('WEB-W15 WEB-W6 one command serves without the internet, and what it keeps shows no password, key or token', async () => {
  await using folder = await temporaryFolder()
  await using service = await serve(folder.path, [], { env: { NODE_OPTIONS: watch } })
  const key = await readKey(join(folder.path, 'apiKey.properties'))
  const api = async (to: string, body?: object | URLSearchParams) => {
    const answer = await fetch(to.startsWith('http') ? to : `${service.at}/v1${to}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Basic ${btoa(`${key.id}:${key.secret}`)}`,
        ...(body && !(body instanceof URLSearchParams) && { 'content-type': 'application/json' }),
      },
      ...(body && { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
    })
    expect(answer.ok, `${to} ${answer.status}`).toBe(true)
    // biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are resources
    return (await answer.json()) as any
  }
  const { items } = await api('/applications?name=My%20Application')
  const application = items[0].href
  const password = `Canary of a password ${randomUUID()}`
  const email = 'ada@example.com'
  const flags = 'registrationWorkflowEnabled=false'
  const account = await api(`${application}/accounts?${flags}`, { email, password })
  const apiKey = await api(`${account.href}/apiKeys`, {})
  await api(`${application}/loginAttempts`, { type: 'basic', value: btoa(`${email}:${password}`) })
  const grant = { client_id: apiKey.id, client_secret: apiKey.secret, grant_type: 'client_credentials' }
  const tokens = await api(`${application}/oauth/token`, new URLSearchParams(grant))
  const reset = await api(`${application}/passwordResetTokens`, { email })
  const { output } = service
  expect((await service.stop()).code).toBe(0)
  expect(output()).not.toContain('connects to')

  const secrets = [password, apiKey.secret, key.secret, tokens.access_token, reset.href.split('/').at(-1)]
  for (const name of await readdir(folder.path)) {
    if (name === 'apiKey.properties') continue
    const bytes = await readFile(join(folder.path, name))
    for (const secret of secrets) expect(bytes.includes(secret), `${secret} stands in ${name}`).toBe(false)
  }
  expect(await readdir(folder.path)).toContain('latchkey.sqlite')
})
