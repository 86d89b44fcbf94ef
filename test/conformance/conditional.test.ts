import { expect, test } from 'vitest'
import { type Answer, describeConformance, expectError, expectStatus, type Json } from './harness.ts'

const etag = ({ headers }: Answer): string => headers.get('etag') ?? expect.fail('there is no ETag')
const ifMatch = (tag: string) => ({ headers: { 'If-Match': tag } })
const ifNoneMatch = (tag: string) => ({ headers: { 'If-None-Match': tag } })

describeConformance('Conditional requests', (service) => {
  test('GOAL-D10 a resource has a tag that is another after each change, also within one millisecond', async () => {
    const { href } = await service().newDirectory()
    const tags = [etag(await service().get(href))]
    for (let i = 0; i < 5; i++) tags.push(etag(await service().post(href, { description: `${i}` })))
    expect(new Set(tags).size).toBe(6)
    expect(etag(await service().get(href))).toBe(tags.at(-1))
    expect(tags[0]).toMatch(/^"[0-9a-z]+"$/)
    // what changes nothing is no change
    expect(etag(await service().post(href, { description: '4' }))).toBe(tags.at(-1))
  })

  test('GOAL-D10 an update of what is no longer as it was is refused, and changes nothing', async () => {
    const { href } = await service().newDirectory()
    const old = etag(await service().get(href))
    const mine = expectStatus(await service().post(href, { description: 'mine' }, ifMatch(old)), 200)
    expectError(await service().post(href, { description: 'theirs' }, ifMatch(old)), 412, 412)
    expectError(await service().post(href, { description: 'theirs' }, ifMatch(`W/${etag(mine)}`)), 412, 412)
    expect((await service().read(href)).description).toBe('mine')
    expectStatus(await service().post(href, { description: 'again' }, ifMatch(`"other", ${etag(mine)}`)), 200)
    expectStatus(await service().post(href, { description: 'any' }, ifMatch('*')), 200)
  })

  test('GOAL-D10 of many who know the same state one changes it', async () => {
    const group = await service().newGroup(await service().newDirectory())
    const tag = etag(await service().get(group.href))
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => service().post(group.href, { description: `${i}` }, ifMatch(tag))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const answer of answers) if (answer.status !== 200) expectError(answer, 412, 412)
  })

  test('GOAL-D10 an account is not hashed for in vain, and not deleted by who knows it otherwise', async () => {
    const account = await service().newAccount(await service().newDirectory())
    const old = etag(await service().get(account.href))
    await service().update(account.href, { givenName: 'Grace' })
    expectError(await service().post(account.href, { password: 'Another-Kettle-77' }, ifMatch(old)), 412, 412)
    expectError(await service().delete(account.href, ifMatch(old)), 412, 412)
    expectStatus(await service().delete(account.href, ifMatch(etag(await service().get(account.href)))), 204)
  })

  test('GOAL-D10 custom data has tags of its own', async () => {
    const { customData } = await service().newDirectory()
    const old = etag(await service().get(customData.href))
    const now = etag(await service().post(customData.href, { a: 1 }, ifMatch(old)))
    expectError(await service().post(customData.href, { a: 2 }, ifMatch(old)), 412, 412)
    expectError(await service().delete(`${customData.href}/a`, ifMatch(old)), 412, 412)
    expectError(await service().delete(customData.href, ifMatch(old)), 412, 412)
    expectStatus(await service().get(customData.href, ifNoneMatch(now)), 304)
    expectStatus(await service().delete(`${customData.href}/a`, ifMatch(now)), 204)
    expect(await service().read(customData.href)).not.toHaveProperty('a')
  })

  test('what a reader has already is not sent again', async () => {
    const { href } = await service().newDirectory()
    const tag = etag(await service().get(href))
    for (const known of [tag, `W/${tag}`, '*', `"x", ${tag}`]) {
      const answer = expectStatus(await service().get(href, ifNoneMatch(known)), 304)
      expect([answer.text, etag(answer)]).toEqual(['', tag])
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    expectStatus(await service().get(href, ifNoneMatch('"x"')), 200)
    await service().update(href, { description: 'changed' })
    expectStatus(await service().get(href, ifNoneMatch(tag)), 200)
    expectError(await service().get(href, ifMatch(tag)), 412, 412)
  })

  test('what shows more than one row has no tag', async () => {
    const account = await service().newAccount(await service().newDirectory())
    const key: Json = await service().newApiKey(account)
    const query = '?encryptSecret=true&encryptionKeySalt=c2FsdA'
    for (const href of [`${account.href}?expand=directory`, account.apiKeys.href, `${key.href}${query}`]) {
      expect((await service().get(href)).headers.get('etag')).toBeNull()
    }
    const stale = ifMatch('"stale"')
    expectError(await service().post(account.apiKeys.href, {}, stale), 412, 412)
    expect((await service().read(account.apiKeys.href)).size).toBe(1)
  })

  test('the links of an application and the order of its stores change its tags', async () => {
    const application = await service().newApplication()
    const [one, two] = [await service().newDirectory(), await service().newDirectory()]
    const first = await service().newMapping(application, one)
    const before = [etag(await service().get(application.href)), etag(await service().get(first.href))]
    await service().newMapping(application, two, { listIndex: 0, isDefaultAccountStore: true })
    expect(etag(await service().get(application.href))).not.toBe(before[0])
    expect(etag(await service().get(first.href))).not.toBe(before[1])
  })

  test('nobody learns from a condition what is not theirs', async () => {
    const { href } = await service().newDirectory()
    const tag = etag(await service().get(href))
    const stranger = await service().secondTenant()
    for (const headers of [ifMatch(tag), ifMatch('"x"'), ifNoneMatch(tag)]) {
      expectError(await stranger.get(href, headers), 404, 404)
      expectError(await stranger.post(href, { description: 'x' }, headers), 404, 404)
      expectError(await stranger.delete(href, headers), 404, 404)
    }
  })
})
