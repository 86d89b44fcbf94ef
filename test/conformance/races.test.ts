import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  type Answer,
  accountValues,
  describeConformance,
  expectError,
  expectStatus,
  hrefsOf,
  type Json,
  link,
  unique,
} from './harness.ts'

const MANY = 64

/** Exactly one creation succeeds, all others are told that the value is taken. */
function expectOneWinner(answers: readonly Answer[]): Answer {
  const winners = answers.filter(({ status }) => status === 201)
  expect(winners).toHaveLength(1)
  for (const answer of answers) if (answer.status !== 201) expectError(answer, 409, 2001)
  return winners[0] as Answer
}

/** The same request many times at once. What is turned away for want of room comes again, as it is told to. */
const atOnce = (act: (index: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: MANY }, (_, index) => insist(() => act(index))))

async function insist(act: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await act()
    if (answer.status !== 503) return answer
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    await pause(20)
  }
}

describeConformance('Races', (service) => {
  test('REST-K2 of 64 creations with one e-mail address exactly one succeeds', async () => {
    const { accounts } = await service().newDirectory()
    const email = 'wanted@example.com'
    const forms = [email, 'Wanted@example.com', 'WANTED@EXAMPLE.COM', 'wanted@Example.Com']
    expectOneWinner(await atOnce((index) => service().post(accounts.href, accountValues({ email: forms[index % 4] }))))
    expect((await service().read(accounts.href)).size).toBe(1)
  })

  test('REST-K2 of 64 creations with one username exactly one succeeds', async () => {
    const { accounts } = await service().newDirectory()
    const forms = ['wanted', 'Wanted', 'WANTED']
    expectOneWinner(
      await atOnce((index) => service().post(accounts.href, accountValues({ username: forms[index % 3] }))),
    )
    expect((await service().read(accounts.href)).size).toBe(1)
  })

  test('REST-I1 of 64 creations with one group name exactly one succeeds', async () => {
    const { groups } = await service().newDirectory()
    expectOneWinner(await atOnce((index) => service().post(groups.href, { name: index % 2 ? 'Admins' : 'admins' })))
    expect((await service().read(groups.href)).size).toBe(1)
  })

  test('REST-E1 of 64 creations with one application name exactly one succeeds, directory included', async () => {
    const [name, directory] = [unique('Wanted'), unique('People')]
    expectOneWinner(
      await atOnce((index) => service().post(`/applications?createDirectory=${directory}-${index}`, { name })),
    )
    expect((await service().read(`/applications?name=${name}`)).size).toBe(1)
    expect((await service().read(`/directories?name=${directory}-*`)).size).toBe(1)
  })

  test('REST-J1 of 64 creations with one nameKey exactly one succeeds', async () => {
    const nameKey = unique('wanted')
    expectOneWinner(await atOnce(() => service().post('/organizations', { name: unique('Organization'), nameKey })))
  })

  test('REST-G1 of 64 creations with one directory name exactly one succeeds', async () => {
    const name = unique('Wanted')
    expectOneWinner(await atOnce(() => service().post('/directories', { name })))
  })

  test('REST-I3 of 64 creations of one membership exactly one succeeds', async () => {
    const directory = await service().newDirectory()
    const [account, group] = [await service().newAccount(directory), await service().newGroup(directory)]
    expectOneWinner(
      await atOnce(() => service().post('/groupMemberships', { account: link(account), group: link(group) })),
    )
    expect((await service().read(group.accounts.href)).size).toBe(1)
  })

  test('REST-K2 of 64 changes to one username exactly one succeeds', async () => {
    const directory = await service().newDirectory()
    const accounts = await atOnce(() => service().post(directory.accounts.href, accountValues()))
    const answers = await atOnce((index) => service().post(accounts[index]?.body.href, { username: 'wanted' }))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const answer of answers) if (answer.status !== 200) expectError(answer, 409, 2001)
  })

  test('REST-F3 mappings created all at once have dense indexes and at most one default', async () => {
    const application = await service().newApplication()
    const directories: Json[] = await Promise.all(Array.from({ length: 12 }, () => service().newDirectory()))
    await Promise.all(
      directories.map((store) =>
        service().newMapping(application, store, { listIndex: 0, isDefaultAccountStore: true }),
      ),
    )
    const { items } = await service().read(application.accountStoreMappings.href)
    expect(items.map(({ listIndex }: Json) => listIndex)).toEqual(items.map((_: Json, index: number) => index))
    const defaults = items.filter(({ isDefaultAccountStore }: Json) => isDefaultAccountStore)
    expect((await service().read(application.href)).defaultAccountStoreMapping).toEqual(link(defaults[0]))
    expect(defaults).toHaveLength(1)
  })

  test('REST-F4 of 64 mappings of one store exactly one succeeds', async () => {
    const values = {
      application: link(await service().newApplication()),
      accountStore: link(await service().newDirectory()),
    }
    const answers = await atOnce(() => service().post('/accountStoreMappings', values))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const answer of answers) if (answer.status !== 201) expectError(answer, 400, 5104)
  })

  test('REST-N4 no member is lost when 64 merges meet', async () => {
    const { customData } = await service().newDirectory()
    for (const answer of await atOnce((index) => service().post(customData.href, { [`key${index}`]: index })))
      expectStatus(answer, 200)
    const read = await service().read(customData.href)
    for (let index = 0; index < MANY; index++) expect(read[`key${index}`]).toBe(index)
  })

  test('REST-A4 64 deletions of one resource all succeed', async () => {
    const { href } = await service().newDirectory()
    for (const answer of await atOnce(() => service().delete(href))) expectStatus(answer, 204)
  })

  test('REST-G2 accounts that arrive while their directory is deleted leave nothing behind', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const creations = Promise.all(
      Array.from({ length: 16 }, () => service().post(directory.accounts.href, accountValues())),
    )
    await service().remove(directory.href)
    const survivors = []
    for (const { status, body } of await creations) {
      expect([201, 400, 404, 503]).toContain(status)
      if (status === 201) survivors.push((await service().get(body.href)).status)
    }
    expect(survivors.filter((status) => status !== 404)).toEqual([])
    expect(hrefsOf(await service().read(application.accounts.href))).toEqual([])
  })
})
