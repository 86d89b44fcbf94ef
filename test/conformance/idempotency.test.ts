import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createApp } from '../../src/server/app.ts'
import { createManualClock } from '../../src/std/clock.ts'
import {
  type Answer,
  accountValues,
  Client,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  type Json,
  unique,
} from './harness.ts'

const HOUR = 60 * 60_000
const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } })
const replayed = ({ headers }: Answer) => headers.get('idempotent-replayed')

describeConformance('Idempotency keys', (service) => {
  const post = (to: string, body: unknown, key: string) => service().post(to, body, keyed(key))

  test('GOAL-D9 the same creation again creates nothing and is answered alike, body and address', async () => {
    const directory = await service().newDirectory()
    const [body, key] = [accountValues(), unique('key')]
    const first = expectStatus(await post(directory.accounts.href, body, key), 201)
    expect(replayed(first)).toBeNull()
    service().clock.advance(23 * HOUR)
    const again = expectStatus(await post(directory.accounts.href, body, key), 201)
    expect(again.text).toBe(first.text)
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(replayed(again)).toBe('true')
    expect((await service().read(directory.accounts.href)).size).toBe(1)
  })

  test('GOAL-D9 what was created stays answered as it was, whatever became of it', async () => {
    const [body, key] = [{ name: unique('Directory') }, unique('key')]
    const first = expectStatus(await post('/directories', body, key), 201)
    await service().update(first.body.href, { description: 'changed' })
    expect((await post('/directories', body, key)).text).toBe(first.text)
    await service().remove(first.body.href)
    expect((await post('/directories', body, key)).text).toBe(first.text)
    expectNotFound(await service().get(first.body.href))
  })

  test('GOAL-D9 another request under the same key is refused, and does nothing', async () => {
    const [name, key] = [unique('Directory'), unique('key')]
    expectStatus(await post('/directories', { name }, key), 201)
    for (const [to, body] of [
      ['/directories', { name: `${name}-other` }],
      ['/directories?expand=tenant', { name }],
      ['/applications', { name }],
    ] as const) {
      expectError(await post(to, body, key), 422, 422, { message: expect.stringContaining('Idempotency-Key') })
    }
    expect((await service().read(`/directories?name=${name}*`)).size).toBe(1)
  })

  test('GOAL-D9 after a day the key is forgotten', async () => {
    const account = await service().newAccount(await service().newDirectory())
    const key = unique('key')
    const first = expectStatus(await post(account.apiKeys.href, undefined, key), 201)
    service().clock.advance(24 * HOUR)
    const later = expectStatus(await post(account.apiKeys.href, { name: 'another' }, key), 201)
    expect(replayed(later)).toBeNull()
    expect(later.body.id).not.toBe(first.body.id)
    const { store, clock } = service().app.engine.services
    service().clock.advance(25 * HOUR)
    expect(await store.removeExpired(clock.now(), 1000)).toBeGreaterThan(0)
  })

  test('GOAL-D9 the secret of an API key is told again to whoever made it', async () => {
    const account = await service().newAccount(await service().newDirectory())
    const key = unique('key')
    const first = expectStatus(await post(account.apiKeys.href, { name: 'x' }, key), 201)
    expect((await post(account.apiKeys.href, { name: 'x' }, key)).body).toEqual(first.body)
    expect((await service().read(account.apiKeys.href)).size).toBe(1)
  })

  test('GOAL-D9 a key is of one caller alone: another tenant has its own', async () => {
    const stranger = await service().secondTenant()
    const [name, key] = [unique('Directory'), unique('key')]
    const ours = expectStatus(await post('/directories', { name }, key), 201)
    const theirs = expectStatus(await stranger.post('/directories', { name }, keyed(key)), 201)
    expect(theirs.body.href).not.toBe(ours.body.href)
    expect(replayed(theirs)).toBeNull()
  })

  test('GOAL-D9 what is refused leaves the key free', async () => {
    const directory = await service().newDirectory()
    const [body, key] = [accountValues(), unique('key')]
    const taken = await service().newAccount(directory, body)
    expectError(await post(directory.accounts.href, body, key), 409, 2001)
    expectError(await post(directory.accounts.href, { ...body, email: 'none' }, key), 400, 2006)
    await service().remove(taken.href)
    const made = expectStatus(await post(directory.accounts.href, body, key), 201)
    expect(replayed(made)).toBeNull()
    expect((await post(directory.accounts.href, body, key)).text).toBe(made.text)
  })

  test('GOAL-D9 64 callers with one key create one account', async () => {
    const directory = await service().newDirectory()
    const [body, key] = [accountValues(), unique('key')]
    const answers = await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (;;) {
          const answer = await post(directory.accounts.href, body, key)
          if (answer.status === 201) return answer
          expect([409, 503]).toContain(answer.status)
          if (answer.status === 409) expectError(answer, 409, 409)
          expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
          await pause(20)
        }
      }),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter((answer) => replayed(answer) === null)).toHaveLength(1)
    expect((await service().read(directory.accounts.href)).size).toBe(1)
  })

  test('GOAL-D9 the address of somebody registered is answered alike, and their mail goes once', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    await service().update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
    const values = accountValues()
    await service().newAccount(directory, values)
    const before = (await service().mailsTo(values.email as string)).length
    const [to, key] = [`${application.accounts.href}?existing=notify`, unique('key')]
    for (let i = 0; i < 3; i++) expectStatus(await post(to, values, key), 202)
    expect(await service().mailsTo(values.email as string)).toHaveLength(before + 1)
  })

  test('GOAL-D9 a key in quotes is the same key, and what is none is refused', async () => {
    const [name, key] = [unique('Directory'), unique('key')]
    const first = expectStatus(await post('/directories', { name }, key), 201)
    expect((await post('/directories', { name }, `"${key}"`)).text).toBe(first.text)
    for (const bad of ['""', 'x'.repeat(256), 'two words']) {
      expectError(await post('/directories', { name }, bad), 400, 2002)
    }
  })
})

test('GOAL-D9 a repetition after a restart is answered alike', async () => {
  const data = await mkdtemp(join(tmpdir(), 'latchkey-idempotency-'))
  const clock = createManualClock(Date.UTC(2026, 2, 10))
  const key = { id: '7RESTARTEDKEY00000TEST', secret: 'a-secret-that-outlives-a-restart-0123456789' }
  const open = () =>
    createApp({ data, apiKey: key, environment: {}, clock, insecureTestCost: true, baseUrl: 'http://latchkey.test' })
  const ask = async (name: string) => {
    const app = await open()
    const client = new Client(({ url, ...request }) => app.fetch(new Request(url, request)), `${app.baseUrl}/v1`, key)
    const answer = await client.post('/directories', { name }, keyed('of-before'))
    const { size }: Json = await client.read(`/directories?name=${name}`)
    await app.close()
    return { ...answer, size }
  }
  try {
    const [first, again] = [await ask('Once'), await ask('Once')]
    expect([first.status, again.status, again.text, again.size]).toEqual([201, 201, first.text, 1])
    expect(replayed(again)).toBe('true')
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
