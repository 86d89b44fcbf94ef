import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp, createAppInside } from './app.ts'

let app: App
beforeAll(async () => {
  app = await createApp({ inMemory: true, insecureTestCost: true, environment: {} })
})
afterAll(() => app.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  app.fetch(new Request(app.baseUrl + path, { headers }))

describe('an app', () => {
  test('needs nothing to be set', () => {
    expect(app.baseUrl).toBe('http://127.0.0.1:4000')
    expect(app.firstStart?.apiKey).toEqual({
      id: expect.stringMatching(/^[A-Z0-9]{26}$/),
      secret: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(app.firstStart?.apiKeyFile).toBeUndefined()
  })

  test('answers the REST API to the key it made', async () => {
    const { id, secret } = app.firstStart?.apiKey ?? { id: '', secret: '' }
    const authorization = `Basic ${btoa(`${id}:${secret}`)}`
    const found = await app.fetch(
      new Request(`${app.baseUrl}/v1/tenants/current`, { headers: { authorization }, redirect: 'manual' }),
    )
    expect(found.status).toBe(302)
    const tenant = await app.fetch(new Request(found.headers.get('location') as string, { headers: { authorization } }))
    expect(await tenant.json()).toMatchObject({
      href: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4000\/v1\/tenants\//),
      key: expect.stringMatching(/^[a-z]+-[a-z]+$/),
    })
  })

  test('says that it lives and is ready, and no more', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const answer = await get(path)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({ status: 'ok' })
    }
    expect((await app.fetch(new Request(`${app.baseUrl}/healthz`, { method: 'POST' }))).status).toBe(405)
  })

  test.each(['/', '/v2', '/v1x', '/owner/', '/constructor', '/healthz/x'])('knows nothing at %s', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({
      status: 404,
      code: 404,
      message: 'The requested resource does not exist.',
    })
  })
})

describe('in development', () => {
  test.each([['localhost'], ['localhost:4000'], ['127.0.0.1:1234'], ['[::1]:4000'], ['acme.localhost:4000']])(
    'requests to %s are answered',
    async (host) => {
      expect((await get('/healthz', { host })).status).toBe(200)
    },
  )

  test.each([
    ['evil.example'],
    ['localhost.evil.example'],
    ['10.0.0.1:4000'],
    ['127.0.0.1.evil.example'],
    ['localhost@evil.example'],
    [''],
  ])('requests to %j are not', async (host) => {
    const answer = await get('/healthz', { host })
    expect(answer.status).toBe(421)
    const { developerMessage } = (await answer.json()) as { developerMessage: string }
    expect(developerMessage).toContain('--base-url')
    expect(developerMessage).toContain('LATCHKEY_BASE_URL')
  })

  test.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'])(
    'requests with %s are not',
    async (name) => {
      const answer = await get('/v1/tenants/current', { [name]: 'x' })
      expect(answer.status).toBe(400)
      expect(JSON.stringify(await answer.json())).toContain(`carries a ${name} header`)
    },
  )

  test('and with a base URL all are', async () => {
    await using given = Object.assign(
      await createApp({
        inMemory: true,
        insecureTestCost: true,
        environment: {},
        baseUrl: 'https://id.example.com',
        mail: { url: 'none' },
      }),
      { [Symbol.asyncDispose]: () => given.close() },
    )
    const headers = { host: 'other.example', 'x-forwarded-for': '192.0.2.1' }
    expect((await given.fetch(new Request('https://id.example.com/healthz', { headers }))).status).toBe(200)
  })
})

describe('readiness ends', () => {
  const fresh = () => createApp({ inMemory: true, insecureTestCost: true, environment: {} })
  const ready = async (app: App) => (await app.fetch(new Request(`${app.baseUrl}/readyz`))).status
  const alive = async (app: App) => (await app.fetch(new Request(`${app.baseUrl}/healthz`))).status

  test('with the drain', async () => {
    const app = await fresh()
    app.drain()
    expect([await ready(app), await alive(app)]).toEqual([503, 200])
    await app.close()
  })

  test('with the store', async () => {
    const app = await fresh()
    await app.close()
    expect([await ready(app), await alive(app)]).toEqual([503, 200])
  })
})

describe('switches for tests', () => {
  test('are settings that there are not, for an app whose settings may come out of a file', async () => {
    for (const name of ['insecureTestCost', 'inMemory', 'inside', 'meters', 'opened']) {
      await expect(createAppInside({ [name]: true })).rejects.toMatchObject({
        name: 'Mistake',
        message: `unknown setting ${name} in the options of latchkey()`,
      })
    }
  })
  test('leave the cost of passwords alone in production', async () => {
    const environment = { NODE_ENV: 'production' }
    const options = { inMemory: true, insecureTestCost: true, environment, baseUrl: 'https://id.example.com' }
    await expect(createApp(options)).rejects.toMatchObject({
      name: 'Mistake',
      message: expect.stringContaining('insecureTestCost is on, and NODE_ENV is production'),
    })
  })
})
