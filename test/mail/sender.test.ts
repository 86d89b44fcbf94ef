import { describe, expect, test } from 'vitest'
import { pauseAfter } from '../../src/core/outbox/sender.ts'
import { accountValues } from '../conformance/client.ts'
import { startSmtp } from '../support/smtp.ts'
import { forget, openWorld, people } from './world.ts'

const MINUTE = 60_000
const temporary = () => Object.assign(new Error('try again later'), { responseCode: 451 })

describe.each(['sqlite', 'postgres'] as const)('the sender on %s', (database) => {
  test('WEB-W75 hands mail to an SMTP server: both bodies, one recipient, nothing left behind', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({ mail: { url: smtp.url, from: 'Shop <shop@example.com>' } })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 1)
    const { href } = await forget(client, application, accounts[0])
    await app.deliverMail()
    const [mail] = smtp.received
    expect(smtp.recipients).toEqual([[accounts[0].email]])
    expect(mail?.subject).toBe('Reset your password')
    expect(mail?.from?.value).toEqual([{ name: application.name, address: 'shop@example.com' }])
    expect(mail?.messageId).toMatch(/^<\w+@example\.com>$/)
    for (const body of [mail?.text, mail?.html]) expect(body).toContain(href.slice(href.lastIndexOf('/') + 1))
    expect(await app.engine.services.store.outbox.counts()).toEqual({ waiting: 0, dead: 0, oldest: undefined })
  })

  test('GOAL-F1 a mail that could not be sent is tried again, later each time, and given up in the end', async () => {
    await using world = await openWorld(database)
    let down = true
    await using smtp = await startSmtp({ refuse: () => (down ? temporary() : undefined) })
    const app = await world.open({ mail: { url: smtp.url } })
    const client = world.clientOf(app)
    const { outbox } = app.engine.services.store
    const { application, accounts } = await people(client, 2)
    await forget(client, application, accounts[0])
    await app.deliverMail()
    expect(await outbox.counts()).toMatchObject({ waiting: 1, dead: 0 })
    // not before its time
    down = false
    await app.deliverMail()
    expect(smtp.received).toEqual([])
    world.clock.advance(pauseAfter(1, () => 1))
    await app.deliverMail()
    expect(smtp.recipients).toEqual([[accounts[0].email]])

    down = true
    await forget(client, application, accounts[1])
    for (let attempt = 1; attempt <= 9; attempt++) {
      await app.deliverMail()
      world.clock.advance(pauseAfter(attempt, () => 1))
    }
    expect(await outbox.counts()).toMatchObject({ waiting: 0, dead: 1 })
    expect(world.log.filter(({ event }) => event === 'mail.given_up')).toHaveLength(1)
    down = false
    world.clock.advance(60 * MINUTE)
    await app.deliverMail()
    expect(smtp.recipients).toHaveLength(1)
    world.clock.advance(8 * 24 * 60 * MINUTE)
    await app.deliverMail()
    expect(await outbox.counts()).toMatchObject({ waiting: 0, dead: 0 })
  })

  test('a recipient that is refused for good is not tried again', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp({
      server: {
        authOptional: true,
        onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such user'), { responseCode: 550 })),
      },
    })
    const app = await world.open({ mail: { url: smtp.url } })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 1)
    await forget(client, application, accounts[0])
    await app.deliverMail()
    expect(await app.engine.services.store.outbox.counts()).toMatchObject({ waiting: 0, dead: 1 })
  })

  test('GOAL-F1 two senders on one database never send the same mail twice', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    // What is queued here waits: this one cannot send.
    const queue = await world.open({ sendMail: () => Promise.reject(new Error('down')) })
    const client = world.clientOf(queue)
    const { application, accounts } = await people(client, 40)
    for (const account of accounts) await forget(client, application, account)
    await queue.deliverMail()
    await queue.close()
    world.clock.advance(MINUTE)
    const senders = await Promise.all([1, 2, 3].map(() => world.open({ mail: { url: smtp.url } })))
    await Promise.all(senders.map((app) => app.deliverMail()))
    expect(smtp.recipients.flat().toSorted()).toEqual(accounts.map(({ email }) => email).toSorted())
  })

  test('GOAL-F1 a sender that dies before it sends is followed by another once its lease is over', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const dying = await world.open({ sendMail: () => new Promise(() => {}) })
    const client = world.clientOf(dying)
    const { application, accounts } = await people(client, 1)
    await forget(client, application, accounts[0])
    while ((await dying.engine.services.store.outbox.nextDue()) === world.clock.now()) await new Promise(setImmediate)
    const other = await world.open({ mail: { url: smtp.url } })
    await other.deliverMail()
    expect(smtp.received).toEqual([])
    world.clock.advance(5 * MINUTE)
    await other.deliverMail()
    expect(smtp.recipients).toEqual([[accounts[0].email]])
  })

  test('GOAL-F1 a sender that dies after it sent lets the mail be sent once more, under the same Message-ID', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({ sendMail: () => Promise.reject(new Error('down')) })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 1)
    await forget(client, application, accounts[0])
    await app.deliverMail()
    world.clock.advance(MINUTE)
    // Claimed and composed as a sender does, and never finished.
    const { outbox } = app.engine.services.store
    const [claimed] = await outbox.claim(world.clock.now(), world.clock.now() + 5 * MINUTE, 8)
    if (!claimed) expect.fail('the mail is not due')
    const mail = { ...claimed, kind: 'reset' as const, account: claimed.subject }
    const sent = await app.engine.composeMail(mail)
    await app.close()
    world.clock.advance(5 * MINUTE)
    const other = await world.open({ mail: { url: smtp.url } })
    await other.deliverMail()
    expect(smtp.received.map(({ messageId }) => messageId)).toEqual([sent?.messageId])
    await other.deliverMail()
    expect(smtp.received).toHaveLength(1)
    // The one that died comes back: its claim is worth nothing.
    expect(await other.engine.services.store.outbox.finish(claimed)).toBe(false)
  })

  test('what is rolled back is not sent', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({ mail: { url: smtp.url } })
    const client = world.clientOf(app)
    const directory = await client.newDirectory()
    await client.update(directory.accountCreationPolicy.href, { welcomeEmailStatus: 'ENABLED' })
    const account = await client.newAccount(directory)
    const again = await client.post(directory.accounts.href, accountValues({ email: account.email }))
    expect(again.status).toBe(409)
    await app.deliverMail()
    expect(smtp.recipients).toEqual([[account.email]])
  })

  test('what waits at a stop is sent after the next start, unless its link has ended or its account is gone', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({ sendMail: () => Promise.reject(new Error('down')) })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 3)
    for (const account of accounts) await forget(client, application, account)
    await client.remove(accounts[1].href)
    await client.update(accounts[2].href, { email: `moved-${accounts[2].email}` })
    await app.close()
    world.clock.advance(MINUTE)
    const next = await world.open({ mail: { url: smtp.url } })
    await next.deliverMail()
    expect(smtp.recipients).toEqual([[accounts[0].email]])
    expect(await next.engine.services.store.outbox.counts()).toMatchObject({ waiting: 0, dead: 0 })
  })

  test('GOAL-M6 what waits is sealed anew with everything else, and sent under the new key', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({ sendMail: () => Promise.reject(new Error('down')) })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 1)
    await forget(client, application, accounts[0])
    await app.deliverMail()
    const { store, seal } = app.engine.services
    const places: string[] = []
    await store.resealAll((sealed, place) => {
      if (place.table === 'outbox') places.push(place.column)
      return seal.seal(seal.open(sealed, place), place)
    })
    expect(places).toEqual(['payload'])
    await app.close()
    world.clock.advance(MINUTE)
    await (await world.open({ mail: { url: smtp.url } })).deliverMail()
    expect(smtp.recipients).toEqual([[accounts[0].email]])
  })

  test('GOAL-F5 a link that has ended in the queue is not sent', async () => {
    await using world = await openWorld(database)
    await using smtp = await startSmtp()
    const app = await world.open({ sendMail: () => Promise.reject(new Error('down')) })
    const client = world.clientOf(app)
    const { application, accounts } = await people(client, 1)
    await forget(client, application, accounts[0])
    await app.close()
    world.clock.advance(24 * 60 * MINUTE)
    const next = await world.open({ mail: { url: smtp.url } })
    await next.deliverMail()
    expect(smtp.received).toEqual([])
    expect(await next.engine.services.store.outbox.counts()).toMatchObject({ waiting: 0 })
  })
})

test('pauses grow, and no two mails meet again', () => {
  expect([1, 2, 3, 9].map((attempts) => pauseAfter(attempts, () => 1))).toEqual([10_000, 30_000, 90_000, 14_400_000])
  expect(pauseAfter(2, () => 0)).toBe(15_000)
})
