import { expect, test } from 'vitest'
import { pauseAfter } from '../../src/core/outbox/sender.ts'
import { type Receiver, signedBy, startReceiver } from '../support/receiver.ts'
import { describeConformance, expectError, expectNotFound, idOf, type Json, type Service } from './harness.ts'

const DAY = 24 * 60 * 60_000

/** A tenant of its own, so that nobody else's events are posted, with a webhook. */
async function setUp(service: Service, receiver: Receiver, values = {}) {
  const client = await service.secondTenant()
  const webhook = await client.create(client.tenant.webhooks.href, {
    url: receiver.url,
    eventTypes: ['directory.*'],
    ...values,
  })
  const deliver = () => service.app.deliverWebhooks()
  const deliveries = async (query = '') => (await client.read(`${webhook.deliveries.href}${query}`)).items as Json[]
  return { client, webhook, deliver, deliveries }
}

describeConformance('Webhooks', (service) => {
  test('WEB-W122 get what happened, in its order, signed, and nothing of the values', async () => {
    await using receiver = await startReceiver()
    const { client, webhook, deliver, deliveries } = await setUp(service(), receiver)
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const directory = await client.newDirectory({ name: 'Some secret name' })
    await client.update(directory.href, { description: 'changed' })
    await client.newApplication()
    await client.remove(directory.href)
    await deliver()
    expect(receiver.types()).toEqual(['directory.created', 'directory.updated', 'directory.deleted'])
    const events = (await client.read(`/events?targetId=${idOf(directory)}`)).items
    for (const [at, post] of receiver.received.entries()) {
      expect(post.headers['webhook-id']).toBe(events[at].id)
      expect(post.headers['webhook-timestamp']).toBe(String(Math.floor(service().clock.now() / 1000)))
      expect(post.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(signedBy(post, webhook.secret)).toBe(0)
    }
    expect(JSON.parse(receiver.received[1]?.body as string)).toEqual({
      type: 'directory.updated',
      timestamp: new Date(service().clock.now()).toISOString(),
      data: {
        href: events[1].href,
        position: events[1].position,
        target: { type: 'directory', id: idOf(directory), href: directory.href },
        actor: { type: 'apiKey', id: client.key.id },
        changed: ['description'],
        requestId: expect.any(String),
      },
    })
    expect(JSON.stringify(receiver.received)).not.toContain('secret name')
    expect(await deliveries()).toMatchObject(
      events.map(({ id, type }: Json) => ({
        eventId: id,
        eventType: type,
        status: 'DELIVERED',
        attempts: 1,
        responseStatus: 200,
        fault: null,
        deliveredAt: new Date(service().clock.now()).toISOString(),
        webhook: { href: webhook.href },
      })),
    )
  })

  test('WEB-W122 tell of accounts, log-ins and locks', async () => {
    await using receiver = await startReceiver()
    const { client, deliver } = await setUp(service(), receiver, { eventTypes: ['account.*', 'login.*'] })
    const { application, directory } = await client.newApplicationWithDirectory()
    const account = await client.newAccount(directory)
    await client.update(account.href, { givenName: 'Grace' })
    await client.login(application, account.username, 'Copper-Kettle-4471')
    for (let tries = 0; tries < 20; tries++) await client.login(application, account.username, 'wrong')
    await client.remove(account.href)
    await deliver()
    const types = new Set(receiver.types())
    for (const type of ['account.created', 'account.updated', 'login.succeeded', 'login.failed', 'login.paused']) {
      expect([...types]).toContain(type)
    }
    expect(receiver.types().at(-1)).toBe('account.deleted')
  })

  test('GOAL-F1 what fails is tried again later and keeps what follows waiting, so that the order stays', async () => {
    await using receiver = await startReceiver()
    const { client, webhook, deliver, deliveries } = await setUp(service(), receiver)
    receiver.answers.push(503)
    const directory = await client.newDirectory()
    await client.update(directory.href, { description: 'changed' })
    await deliver()
    expect(receiver.types()).toEqual(['directory.created'])
    expect(await deliveries()).toMatchObject([
      { status: 'WAITING', attempts: 1, responseStatus: 503, fault: 'answer' },
      { status: 'WAITING', attempts: 0 },
    ])
    expect((await client.read(webhook.href)).failingSince).toBe(new Date(service().clock.now()).toISOString())
    service().clock.advance(pauseAfter(1, () => 1))
    await deliver()
    expect(receiver.types()).toEqual(['directory.created', 'directory.created', 'directory.updated'])
    const [first, second] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect((await client.read(webhook.href)).failingSince).toBeNull()
  })

  test('GOAL-F1 what is refused again and again is given up after minutes, and can be retried', async () => {
    await using receiver = await startReceiver()
    const { client, deliver, deliveries } = await setUp(service(), receiver)
    receiver.answers.push(400, 400, 400, 400)
    const directory = await client.newDirectory()
    await client.update(directory.href, { description: 'changed' })
    for (let attempt = 1; attempt <= 4; attempt++) {
      await deliver()
      service().clock.advance(pauseAfter(attempt, () => 1))
    }
    const [failed, other] = await deliveries()
    expect(failed).toMatchObject({ status: 'FAILED', attempts: 4, responseStatus: 400, nextAttemptAt: null })
    expect(other.status).toBe('DELIVERED')
    expect((await deliveries('?status=FAILED')).map(({ href }) => href)).toEqual([failed.href])
    expect((await client.post(failed.retries.href)).status).toBe(202)
    await deliver()
    expect(await client.read(failed.href)).toMatchObject({ status: 'DELIVERED', attempts: 5 })
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(failed.eventId)
  })

  test('redirects are not followed, and no answer within its time is a fault', async () => {
    await using receiver = await startReceiver()
    const { client, deliver, deliveries } = await setUp(service(), receiver)
    receiver.answers.push(302)
    await client.newDirectory()
    await deliver()
    expect(receiver.received).toHaveLength(1)
    expect((await deliveries())[0]).toMatchObject({ status: 'WAITING', responseStatus: 302, fault: 'answer' })
  })

  test('ATTACK-I4 a secret is rotated without a gap: two sign for a while', async () => {
    await using receiver = await startReceiver()
    const { client, webhook, deliver } = await setUp(service(), receiver)
    const answer = await client.post(`${webhook.secretRotations.href}?expand=webhook`, { overlap: 'PT1H' })
    const { secret, previousSecretExpiresAt } = answer.body.webhook
    expect(secret).not.toBe(webhook.secret)
    expect(previousSecretExpiresAt).toBe(new Date(service().clock.now() + 3_600_000).toISOString())
    await client.newDirectory()
    await deliver()
    service().clock.advance(3_600_000)
    await client.newDirectory()
    await deliver()
    const [during, after] = receiver.received
    expect(during && [signedBy(during, secret), signedBy(during, webhook.secret)]).toEqual([0, 1])
    expect(after && [signedBy(after, secret), signedBy(after, webhook.secret)]).toEqual([0, -1])
    await client.post(webhook.secretRotations.href, { overlap: 'PT0S' })
    await client.newDirectory()
    await deliver()
    expect(receiver.received[2] && signedBy(receiver.received[2], secret)).toBe(-1)
    expectError(await client.post(webhook.secretRotations.href, { overlap: 'P1Y' }), 400, 2002)
    const stored = await service().app.engine.services.store.get('webhook', idOf(client.tenant), idOf(webhook))
    expect(stored?.secret).toMatch(/^s1\./)
  })

  test('the events of a time are posted again', async () => {
    await using receiver = await startReceiver()
    const { client, webhook, deliver } = await setUp(service(), receiver)
    await client.newDirectory()
    service().clock.advance(60_000)
    const from = new Date(service().clock.now()).toISOString()
    const directory = await client.newDirectory()
    await client.remove(directory.href)
    await deliver()
    expect(receiver.received).toHaveLength(3)
    service().clock.advance(60_000)
    const answer = await client.post(webhook.replays.href, { from })
    expect(answer.body).toEqual({ size: 2, next: null, webhook: { href: webhook.href } })
    await deliver()
    expect(receiver.types().slice(3)).toEqual(['directory.created', 'directory.deleted'])
    expect(receiver.received[3]?.headers['webhook-id']).toBe(receiver.received[1]?.headers['webhook-id'])
    expectError(await client.post(webhook.replays.href, { from, to: from }), 400, 2002)
    expectError(await client.post(webhook.replays.href, {}), 400, 2000)
  })

  test('one that is gone is turned off at once, one that fails for days then; the owner hears of it', async () => {
    await using receiver = await startReceiver()
    const { client, webhook, deliver } = await setUp(service(), receiver)
    const owner = (await client.read('/accounts')).items[0].email
    receiver.always = 410
    await client.newDirectory()
    await deliver()
    expect((await client.read(webhook.href)).status).toBe('DISABLED')
    expect((await service().mailTo(owner)).text).toContain(webhook.url)
    const told = (await client.read('/events?type=webhook.failed')).items
    expect(told).toMatchObject([{ targetId: idOf(webhook), actorType: 'system' }])

    // What happens while it is off is not posted when it is on again.
    await client.newDirectory()
    receiver.always = 200
    await client.update(webhook.href, { status: 'ENABLED' })
    await client.newApplicationWithDirectory()
    await deliver()
    expect(receiver.received).toHaveLength(2)

    receiver.always = 500
    await client.newDirectory()
    await deliver()
    for (let tries = 0; tries < 60 && (await client.read(webhook.href)).status === 'ENABLED'; tries++) {
      service().clock.advance(4 * 60 * 60_000)
      await client.newDirectory()
      await deliver()
    }
    const { status, failingSince } = await client.read(webhook.href)
    expect(status).toBe('DISABLED')
    expect(service().clock.now() - Date.parse(failingSince)).toBeGreaterThanOrEqual(5 * DAY)
    expect((await client.read('/events?type=webhook.failed')).size).toBe(2)
  })

  test('more than wait in the outbox at a time are all posted, in their order', async () => {
    await using receiver = await startReceiver()
    const { client, deliver } = await setUp(service(), receiver, { eventTypes: ['field.*'] })
    receiver.answers.push(503)
    // Two fields for each.
    for (let n = 0; n < 60; n++) await client.newDirectory()
    await deliver()
    service().clock.advance(pauseAfter(1, () => 1))
    await deliver()
    const positions = receiver.received.slice(1).map(({ body }) => JSON.parse(body).data.position)
    expect(positions).toHaveLength(120)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
  })

  test('are held to what they may be', async () => {
    const { webhooks } = service().tenant
    for (const url of [
      'javascript:alert(1)',
      'https://user:pass@example.com/',
      'ftp://example.com',
      '/hook',
      'https://a.example/#x',
    ]) {
      expect((await service().post(webhooks.href, { url })).status, url).toBe(400)
    }
    for (const eventTypes of [['account'], ['*'], ['a.b.c'], ['account.*x']]) {
      const answer = await service().post(webhooks.href, { url: 'https://example.com/', eventTypes })
      expect(answer.status, eventTypes[0]).toBe(400)
    }
    expectError(await service().post(webhooks.href, {}), 400, 2000)
  })

  test('REST-A10 of one tenant hear nothing of another', async () => {
    await using receiver = await startReceiver()
    const { client, webhook, deliver } = await setUp(service(), receiver, { eventTypes: [] })
    await deliver()
    const before = receiver.received.length
    await service().newDirectory()
    await deliver()
    expect(receiver.received).toHaveLength(before)
    expectNotFound(await service().get(webhook.href))
    for (const name of ['secretRotations', 'replays']) expectNotFound(await service().post(webhook[name].href, {}))
    await client.remove(webhook.href)
    expectNotFound(await client.get(webhook.deliveries.href))
  })
})
