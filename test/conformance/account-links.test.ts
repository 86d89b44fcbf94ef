import { expect, test } from 'vitest'
import {
  type Answer,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  hrefsOf,
  type Json,
  link,
} from './harness.ts'

describeConformance('Account links', (service) => {
  test('REST-Q1 REST-K12 a link shows in both accounts, and each in the other', async () => {
    const [left, right] = [await service().newStranger(), await service().newStranger()]
    const made = await newLink(left, right)
    expect(made).toMatchObject({ leftAccount: link(left), rightAccount: link(right) })
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      expect(one.accountLinks).toEqual({ href: `${one.href}/accountLinks` })
      expect(await service().read(one.accountLinks.href)).toMatchObject({ size: 1, items: [made] })
      expect(await service().read(one.linkedAccounts.href)).toMatchObject({ size: 1, items: [other] })
    }
    const expanded = await service().read(`${made.href}?expand=leftAccount,rightAccount`)
    expect(expanded).toMatchObject({ leftAccount: left, rightAccount: right })
    const whole = await service().read(`${left.href}?expand=linkedAccounts,accountLinks(limit:1)`)
    expect(whole.linkedAccounts.items).toEqual([right])
    expect(whole.accountLinks.items).toEqual([made])
  })

  test('REST-Q1 a deleted link is gone from both, and the accounts are not', async () => {
    const [left, right] = [await service().newStranger(), await service().newStranger()]
    const { href } = await newLink(left, right)
    await service().remove(href)
    expectNotFound(await service().get(href))
    for (const account of [left, right]) {
      expect((await service().read(account.linkedAccounts.href)).size).toBe(0)
      expectStatus(await service().get(account.href), 200)
    }
    await newLink(right, left)
  })

  test('REST-Q1 REST-K13 a link ends with either account', async () => {
    for (const side of [0, 1]) {
      const pair = [await service().newStranger(), await service().newStranger()] as const
      const { href } = await newLink(...pair)
      await service().remove(pair[side]?.href)
      expectNotFound(await service().get(href))
      expect((await service().read(pair[1 - side]?.accountLinks.href)).size).toBe(0)
    }
  })

  test('REST-Q1 REST-K12 an account has links to many directories, in pages and in an order', async () => {
    const account = await service().newStranger()
    const others: Json[] = []
    for (let made = 0; made < 3; made++) {
      others.push(await service().newStranger())
      await (made % 2 === 0 ? newLink(account, others[made]) : newLink(others[made], account))
      service().clock.advance(1000)
    }
    const links = await service().read(`${account.accountLinks.href}?orderBy=createdAt desc&limit=2`)
    expect(links.size).toBe(3)
    expect(hrefsOf(links)).toHaveLength(2)
    expect(links.items[1].leftAccount).toEqual(link(others[1]))
    const linked = await service().read(`${account.linkedAccounts.href}?orderBy=createdAt`)
    expect(hrefsOf(linked)).toEqual(hrefsOf({ items: others }))
    const [second] = others.slice(1)
    const found = await service().read(`${account.linkedAccounts.href}?username=${second.username}`)
    expect(hrefsOf(found)).toEqual([second.href])
  })

  test('REST-Q2 TRAP-T20 two accounts are linked once, whichever is on the left', async () => {
    const [left, right] = [await service().newStranger(), await service().newStranger()]
    const { href } = await newLink(left, right)
    for (const answer of [await tryLink(left, right), await tryLink(right, left)]) {
      expectError(answer, 409, 7500, { message: 'These accounts are already linked.' })
      expect(answer.headers.get('location')).toBe(href)
      expect(answer.body.href).toBe(href)
    }
  })

  test('REST-Q2 nobody is linked to themselves', async () => {
    const account = await service().newStranger()
    expectError(await tryLink(account, account), 400, 7501)
  })

  test('REST-Q2 a link needs two accounts', async () => {
    const account = link(await service().newStranger())
    const directory = link(await service().newDirectory())
    const wrong: unknown[] = [undefined, null, 'account', {}, { href: 'not found' }, { href: 7 }, directory]
    for (const rightAccount of wrong) {
      expectError(await service().post('/accountLinks', { leftAccount: account, rightAccount }), 400, 7502)
      expectError(
        await service().post('/accountLinks', { leftAccount: rightAccount, rightAccount: account }),
        400,
        7502,
      )
    }
    expectError(await service().post('/accountLinks', {}), 400, 7502)
  })

  test('REST-Q2 TRAP-T20 an account that does not exist is not found', async () => {
    const account = await service().newStranger()
    const nobody = { href: account.href.replace(/\w{6}$/, 'zzzzzz') }
    expectNotFound(await tryLink(account, nobody))
    expectNotFound(await tryLink(nobody, account))
    const stranger = await service().secondTenant()
    const theirs = await stranger.newStranger()
    expectNotFound(await tryLink(account, theirs))
  })

  test('REST-Q2 accounts of one directory are not linked', async () => {
    const directory = await service().newDirectory()
    const [one, other] = [await service().newAccount(directory), await service().newAccount(directory)]
    expectError(await tryLink(one, other), 409, 7504)
  })

  test('REST-Q2 an account is linked to one account of a directory', async () => {
    const directory = await service().newDirectory()
    const [one, other] = [await service().newAccount(directory), await service().newAccount(directory)]
    const account = await service().newStranger()
    await newLink(account, one)
    expectError(await tryLink(account, other), 409, 7505)
    expectError(await tryLink(other, account), 409, 7505)
  })

  test('REST-Q2 of ten at once that link the same two, one does', async () => {
    const [left, right] = [await service().newStranger(), await service().newStranger()]
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? tryLink(left, right) : tryLink(right, left))),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9)
  })

  test('REST-Q2 an account has a hundred links and no more', { timeout: 60_000 }, async () => {
    const account = await service().newStranger()
    for (let made = 0; made < 100; made++) await newLink(account, await service().newStranger())
    const last = await service().newStranger()
    expectError(await tryLink(account, last), 400, 7503)
    expectError(await tryLink(last, account), 400, 7503)
  })

  const tryLink = (left: { href: string }, right: { href: string }): Promise<Answer> =>
    service().post('/accountLinks', { leftAccount: link(left), rightAccount: link(right) })

  async function newLink(left: Json, right: Json): Promise<Json> {
    return expectStatus(await tryLink(left, right), 201).body
  }
})
