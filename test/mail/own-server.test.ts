import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parseSmtpUrl } from '../../src/mail/smtp.ts'
import { isInside } from '../../src/std/reachable.ts'
import { expectError } from '../conformance/client.ts'
import { SMTP_USER, startSmtp } from '../support/smtp.ts'
import { forget, openWorld, people } from './world.ts'

describe.each(['sqlite', 'postgres'] as const)("a tenant's own mail server on %s", (database) => {
  test('REST-D7 is tried out: host, login and security', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const client = world.clientOf(await world.open({}))
    const good = { ...SMTP_USER, host: '127.0.0.1', port: smtp.port }
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const { port } = closed.address() as { port: number }
    closed.close()
    expectError(await client.post('/smtpServers', { ...good, port }), 400, 13000)
    expectError(await client.post('/smtpServers', { ...good, password: 'wrong' }), 400, 13001)
    for (const securityProtocol of ['tls', 'SSL']) {
      expectError(await client.post('/smtpServers', { ...good, securityProtocol }), 400, 13002)
    }
    for (const name of ['host', 'port', 'username', 'password']) {
      expectError(await client.post('/smtpServers', { ...good, [name]: undefined }), 400, 2000)
    }
    const server = await client.create('/smtpServers', good)
    expect(server).toMatchObject({ host: '127.0.0.1', status: 'ENABLED', securityProtocol: null, username: 'mailer' })
    expect('password' in server).toBe(false)
    expectError(await client.post(server.href, { password: 'wrong' }), 400, 13001)
    expect(await client.update(server.href, { name: 'Ours', password: SMTP_USER.password })).toMatchObject({
      name: 'Ours',
    })
  })

  test('REST-D8 is one at most, never shows its password, and can be disabled and deleted', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({})
    const client = world.clientOf(app)
    const good = { ...SMTP_USER, host: '127.0.0.1', port: smtp.port }
    const made = await Promise.all([1, 2, 3].map(() => client.post('/smtpServers', good)))
    expect(made.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
    expectError(await client.post('/smtpServers', good), 400, 13003)
    const { items } = await client.read('/smtpServers')
    expect(items).toHaveLength(1)
    expect(JSON.stringify(items)).not.toContain(SMTP_USER.password)
    const tenant = (await app.engine.services.store.firstTenant())?.id as string
    const scope = { by: 'tenant', id: tenant }
    const stored = await app.engine.services.store.list({ resource: 'smtpServer', tenant, scope, offset: 0, limit: 1 })
    expect(stored.items[0]?.password).toMatch(/^s1\./)
    expect((await client.update(items[0].href, { status: 'disabled' })).status).toBe('DISABLED')
    await client.remove(items[0].href)
    await client.create('/smtpServers', good)
  })

  test('REST-D9 sends the mails of its tenant; when it fails the service does, and tells the owner once', async () => {
    await using world = await openWorld(database)
    await using builtIn = await startSmtp()
    let smtp = await startSmtp()
    const app = await world.open({ mail: { url: builtIn.url } })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 3)
    const server = await client.create('/smtpServers', { ...SMTP_USER, host: '127.0.0.1', port: smtp.port })
    await forget(client, application, accounts[0])
    await app.deliverMail()
    expect([smtp.recipients, builtIn.recipients]).toEqual([[[accounts[0].email]], []])

    await smtp[Symbol.asyncDispose]()
    for (const account of accounts.slice(1)) await forget(client, application, account)
    await app.deliverMail()
    await app.deliverMail()
    expect(builtIn.recipients.flat().toSorted()).toEqual(
      ['owner@example.com', accounts[1].email, accounts[2].email].toSorted(),
    )
    expect(builtIn.received.map(({ subject }) => subject)).toContain('Your mail server cannot be used')

    smtp = await startSmtp()
    await client.update(server.href, { port: smtp.port })
    await forget(client, application, accounts[0])
    await client.update(server.href, { status: 'DISABLED' })
    await app.deliverMail()
    const sent = smtp.recipients.length + builtIn.recipients.length
    expect(sent).toBe(4)
    await smtp[Symbol.asyncDispose]()
  })

  test('mail leaves by it where the service has no way of its own', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({ mail: { url: 'none' } })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 2)
    await forget(client, application, accounts[0])
    expect(await app.engine.services.store.outbox.counts()).toMatchObject({ waiting: 0 })
    await client.create('/smtpServers', { ...SMTP_USER, host: '127.0.0.1', port: smtp.port })
    await forget(client, application, accounts[1])
    await app.deliverMail()
    expect(smtp.recipients).toEqual([[accounts[1].email]])
  })

  test('ATTACK-K1 in a shared service its host may not lie inside', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const client = world.clientOf(await world.open({ mail: { url: 'none', allowPrivateServers: false } }))
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]']) {
      expectError(await client.post('/smtpServers', { ...SMTP_USER, host, port: smtp.port }), 400, 13000)
    }
    expect(smtp.recipients).toEqual([])
  })
})

test.each([
  '10.1.2.3',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
])('%s is inside', (address) => {
  expect(isInside(address)).toBe(true)
})

test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '100.128.0.1'])('%s is outside', (address) => {
  expect(isInside(address)).toBe(false)
})

test('the URL of a mail server says how it is spoken to; a password needs encryption, except to this machine', () => {
  expect(parseSmtpUrl('smtp://user:p%40ss@mail.example.com')).toEqual({
    host: 'mail.example.com',
    port: 587,
    implicitTls: false,
    requireTls: true,
    username: 'user',
    password: 'p@ss',
  })
  expect(parseSmtpUrl('smtps://mail.example.com')).toMatchObject({ port: 465, implicitTls: true })
  expect(parseSmtpUrl('smtp://user:x@127.0.0.1:2525')).toMatchObject({ port: 2525, requireTls: false })
  for (const bad of ['http://mail.example.com', 'smtp://', 'mail.example.com', 'smtp://a:%@b', 'smtp://a/b']) {
    expect(parseSmtpUrl(bad)).toBeUndefined()
  }
})
