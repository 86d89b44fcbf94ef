import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type AppOptions, createApp } from '../../src/server/app.ts'
import { type Listener, listen } from '../../src/server/listen.ts'
import { createManualClock } from '../../src/std/clock.ts'
import { type Answer, Client, expectError, expectStatus } from './client.ts'

const KEY = { id: '7BUDGETEDKEY00000000TEST', secret: 'a-secret-that-only-these-tests-know-0123456789' }
/** Documentation networks (RFC 5737, RFC 3849). */
const [HOME, ELSEWHERE, SITE] = ['192.0.2.10', '198.51.100.20', '2001:db8:1:2']
const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } })
const rate = ({ headers }: Answer) => [headers.get('ratelimit-policy'), headers.get('ratelimit')]

interface Running {
  client: Client
  app: App
  clock: ReturnType<typeof createManualClock>
  stop(): Promise<void>
}

async function start(made: AppOptions): Promise<Running> {
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, log: () => {} })
  const clock = createManualClock(Date.UTC(2026, 2, 10))
  const app = await createApp({
    inMemory: true,
    baseUrl: `http://127.0.0.1:${listener.port}`,
    trustedProxies: '127.0.0.1',
    apiKey: KEY,
    environment: {},
    clock,
    log: () => {},
    insecureTestCost: true,
    ...made,
  })
  listener.serve(app.handle)
  const client = new Client(
    ({ url, ...request }) => fetch(url, { ...request, redirect: 'manual' }),
    `${app.baseUrl}/v1`,
    KEY,
  )
  return {
    client,
    app,
    clock,
    async stop() {
      await listener.close(0)
      await app.close()
    },
  }
}

describe('Budgets of requests', () => {
  let it: Running
  beforeAll(async () => {
    it = await start({ limits: { perKey: 5, perAddress: 8 } })
  })
  afterAll(() => it?.stop())

  test('a key makes as many requests as it may, and is told what is left and when to come again', async () => {
    const { client, clock } = it
    const ask = () => client.get('/directories', from(HOME))
    expect(rate(expectStatus(await ask(), 200))).toEqual(['"key";q=5;w=60', '"key";r=4;t=12'])
    for (let i = 0; i < 4; i++) expectStatus(await ask(), 200)
    const refused = expectError(await ask(), 429, 429)
    expect(refused.headers.get('retry-after')).toBe('12')
    expect(rate(refused)[1]).toBe('"key";r=0;t=72')
    // of all endpoints together, those of tokens too
    const token = await client.token(
      { href: `${client.baseUrl}/applications/nowhere0000000000` },
      {},
      'token',
      from(HOME),
    )
    expect([token.status, token.body.error]).toEqual([429, 'temporarily_unavailable'])
    clock.advance(12_000)
    expectStatus(await ask(), 200)
    expectStatus(await ask(), 429)
    clock.advance(600_000)
  })

  test('a wrong secret costs the address, not the key', async () => {
    const { client, clock } = it
    const wrong = client.as({ ...KEY, secret: 'guessed-guessed-guessed-guessed-guessed' })
    for (let i = 0; i < 8; i++) expectError(await wrong.get('/directories', from(HOME)), 401, 401)
    const refused = expectError(await wrong.get('/directories', from(HOME)), 429, 429)
    expect(rate(refused)[0]).toBe('"address";q=8;w=60')
    expect(refused.headers.get('retry-after')).toBe('8')
    expectStatus(await client.get('/directories', from(ELSEWHERE)), 200)
    expect((await client.get('/openapi.json', from(HOME))).status).toBe(429)
    expect((await fetch(`${it.app.baseUrl}/healthz`, from(HOME))).status).toBe(200)
    clock.advance(600_000)
  })

  test('a site of IPv6 is one address, however many it has', async () => {
    const { client, clock } = it
    const answers = []
    for (let i = 0; i < 12; i++) answers.push(await client.get('/openapi.json', from(`${SITE}::${i + 1}`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(8)
    clock.advance(600_000)
  })

  test('what this machine and this process ask is not counted', async () => {
    const { client, app } = it
    for (let i = 0; i < 20; i++) {
      const answer = expectStatus(await client.get('/directories'), 200)
      expect(rate(answer)).toEqual([null, null])
    }
    const inside = new Client(({ url, ...request }) => app.fetch(new Request(url, request)), `${app.baseUrl}/v1`, KEY)
    for (let i = 0; i < 20; i++) expectStatus(await inside.get('/directories', from(HOME)), 200)
  })
})

describe('Budgets by default', () => {
  test.each([
    ['modern', '"key";q=60000;w=60'],
    ['stormpath', '"address";q=60000;w=60'],
  ] as const)('a key of the %s preset is held to %s', async (preset, policy) => {
    const { client, stop } = await start({ preset })
    const answer = expectStatus(await client.get('/directories', from(HOME)), 200)
    await stop()
    expect(rate(answer)[0]).toBe(policy)
  })

  test('off is off', async () => {
    const { client, stop } = await start({ limits: { perKey: 'off', perAddress: 'off' } })
    const answer = expectStatus(await client.get('/directories', from(HOME)), 200)
    await stop()
    expect(rate(answer)).toEqual([null, null])
  })

  test('an address that a proxy nobody trusts names is not believed', async () => {
    const { client, stop } = await start({ trustedProxies: [], limits: { perAddress: 2, perKey: 3 } })
    const answers = []
    for (let i = 0; i < 6; i++) answers.push(await client.get('/directories', from(`203.0.113.${i}`)))
    await stop()
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 429])
  })
})
