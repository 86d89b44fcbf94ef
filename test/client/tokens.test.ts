import { expect, test } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import { describePositions, password } from './positions.ts'

let serial = 0

/** An application with an account that can log in to it. */
async function newLogin(client: Client) {
  const name = `tokens-${++serial}`
  const created = await client.applications.create({ name }, { createDirectory: true })
  const account = await created.accounts.create({ email: `${name}@example.com`, username: name, password })
  return { application: client.applications.link(created.id), account, login: name }
}

describePositions('The tokens of an application', (client) => {
  test('a log-in brings a ticket, the ticket tokens, and those hold until they are revoked', async () => {
    const { application, account, login } = await newLogin(client())
    const { tokens } = application
    const { account: found, ticket } = await tokens.logIn({ login, password })
    expect(found.href).toBe(account.href)
    const source = { address: '192.0.2.7', userAgent: 'Firefox on a train' }
    const { accessToken, refreshToken, expiresIn } = await tokens.loginTicket(ticket, { source })
    expect(expiresIn).toBe(900)
    expect(await tokens.introspect(accessToken)).toMatchObject({
      active: true,
      token_use: 'access',
      sub: account.href,
      iss: application.href,
    })
    const [session] = await account.sessions.list().toArray()
    expect(session).toMatchObject({ userAgent: 'Firefox on a train', application: { href: application.href } })
    const renewed = await tokens.refresh(refreshToken as string)
    await tokens.revoke(renewed.accessToken)
    expect(await tokens.introspect(accessToken)).toEqual({ active: false })
    await expect(tokens.refresh(renewed.refreshToken as string)).rejects.toMatchObject({ code: 10013 })
  })

  test('the password grant waits to be switched on, and an API key gets tokens of its own', async () => {
    const { application, account, login } = await newLogin(client())
    await expect(application.tokens.password({ login, password })).rejects.toMatchObject({ status: 400 })
    await (await application.get()).oAuthPolicy.update({ passwordGrant: 'ENABLED' })
    expect(await application.tokens.password({ login, password })).toMatchObject({ refreshToken: expect.any(String) })
    const key = await account.apiKeys.create()
    const byKey = await application.tokens.clientCredentials({ id: key.id, secret: key.secret })
    expect(byKey.refreshToken).toBeUndefined()
  })

  test('all sessions but one are ended at once', async () => {
    const { application, account, login } = await newLogin(client())
    const sets = []
    for (let times = 0; times < 3; times++) {
      const { ticket } = await application.tokens.logIn({ login, password })
      sets.push(await application.tokens.loginTicket(ticket))
    }
    const [kept] = await account.sessions.list().toArray()
    await account.sessions.clear({ except: kept?.id as string })
    const active = await Promise.all(sets.map(({ accessToken }) => application.tokens.introspect(accessToken)))
    expect(active.map(({ active }) => active)).toEqual([true, false, false])
    await account.sessions.clear()
    expect(await account.sessions.list().toArray()).toEqual([])
  })

  test('the public keys are there, and the feed tells what ended', async () => {
    const { application, account, login } = await newLogin(client())
    const { tokens } = application
    expect((await tokens.jwks()).keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: expect.any(String), x: expect.any(String) },
    ])
    const { position } = await tokens.feed()
    const { ticket } = await tokens.logIn({ login, password })
    const { accessToken } = await tokens.loginTicket(ticket)
    const { sid } = await tokens.introspect(accessToken)
    await tokens.revoke(accessToken)
    await account.update({ givenName: 'Ada' })
    const feed = await tokens.feed(position)
    expect(feed).toMatchObject({ more: false, reset: false })
    expect(feed.changes.map(({ type, href }) => [type, href.split('/').at(-1)])).toEqual([
      ['session.deleted', sid],
      ['account.updated', account.id],
    ])
    expect(await tokens.feed(feed.position)).toMatchObject({ position: feed.position, changes: [] })
    expect(await tokens.feed(feed.position + 1000)).toMatchObject({ reset: true })
  })
})
