import { expect, test } from 'vitest'
import { describeConformance, expectError, expectNotFound, hrefsOf, idOf, type Json } from './harness.ts'

const typesOf = (collection: Json): string[] => collection.items.map(({ type }: Json) => type)

describeConformance('Events', (service) => {
  test('WEB-W154 OPS-O46 tell who did what to what, when and by which request, and nothing of what it was changed to', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory, { email: 'secret-name@example.com' })
    const requestId = '7d3c1b1e-0000-4000-8000-000000000001'
    await service().post(account.href, { givenName: 'Grace' }, { headers: { 'x-request-id': requestId } })
    const found = await service().read(`/events?requestId=${requestId}`)
    expect(found.items).toEqual([
      {
        href: expect.stringMatching(/\/v1\/events\/\w{22}$/),
        id: expect.any(String),
        createdAt: new Date(service().clock.now()).toISOString(),
        modifiedAt: new Date(service().clock.now()).toISOString(),
        position: expect.any(Number),
        type: 'account.updated',
        actorType: 'apiKey',
        actorId: service().key.id,
        targetType: 'account',
        targetId: idOf(account),
        changed: expect.arrayContaining(['givenName']),
        requestId,
        network: null,
        hash: expect.stringMatching(/^[\w-]{43}$/),
        tenant: { href: service().tenant.href },
      },
    ])
    expect(await service().read(found.items[0].href)).toEqual(found.items[0])
    const all = await service().read(`${service().tenant.href}/events?targetId=${idOf(account)}`)
    expect(JSON.stringify(all)).not.toMatch(/Grace|secret-name|\$argon2/)
  })

  test('WEB-W154 are found by type, actor, target and time, and sorted by position and time', async () => {
    const stranger = await service().secondTenant()
    const events = stranger.tenant.events.href
    const first = await stranger.newDirectory()
    const before = service().clock.now()
    service().clock.advance(60_000)
    const second = await stranger.newDirectory()
    await stranger.remove(first.href)
    const whole = await stranger.read(`${events}?limit=100`)
    expect(whole.items.map(({ position }: Json) => position).toSorted((a: number, b: number) => a - b)).toEqual(
      Array.from({ length: whole.size }, (_, at) => at + 1),
    )
    expect(typesOf(await stranger.read(`${events}?type=directory.deleted`))).toEqual(['directory.deleted'])
    expect(typesOf(await stranger.read(`${events}?targetId=${idOf(first)}`))).toEqual([
      'directory.created',
      'directory.deleted',
    ])
    expect((await stranger.read(`${events}?actorId=${stranger.key.id}&limit=1`)).size).toBeGreaterThan(2)
    const since = `(${new Date(before).toISOString()},]`
    const later = await stranger.read(`${events}?createdAt=${encodeURIComponent(since)}&type=directory.*`)
    expect(typesOf(later)).toEqual(['directory.created', 'directory.deleted'])
    expect(later.items[0].targetId).toBe(idOf(second))
    const newest = await stranger.read(`${events}?orderBy=position desc&limit=2`)
    expect(newest.items.map(({ position }: Json) => position)).toEqual([whole.size, whole.size - 1])
    expect(typesOf(newest)).toEqual(['directory.deleted', 'directory.created'])
    const page = await stranger.read(`${events}?offset=2&limit=3`)
    expect(hrefsOf(page)).toEqual(hrefsOf(whole).slice(2, 5))
    expectError(await stranger.get(`${events}?diff=x`), 400, 2105)
  })

  test('REST-A10 of one tenant are not those of another, and nobody writes them', async () => {
    const stranger = await service().secondTenant()
    const [event] = (await service().read('/events?limit=1')).items
    expectNotFound(await stranger.get(event.href))
    expectNotFound(await stranger.get(service().tenant.events.href))
    expectError(await service().post('/events', { type: 'x.y' }), 405, 1100)
    expectError(await service().post(event.href, { type: 'x.y' }), 405, 1100)
    expectError(await service().delete(event.href), 405, 1100)
  })

  test('GOAL-M10 of an end user the network is told, not the address', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    const value = Buffer.from(`${account.username}:wrong`).toString('base64')
    await service().post(
      application.loginAttempts.href,
      { type: 'basic', value },
      { headers: { 'x-latchkey-user-address': '203.0.113.77' } },
    )
    const found = await service().read(`/events?type=login.failed&targetId=${idOf(account)}`)
    expect(found.items[0].network).toBe('203.0.113.0/24')
    expect(JSON.stringify(found)).not.toContain('203.0.113.77')
  })
})
