import { describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { bytesToText, textToBytes } from '../../src/std/base64url.ts'
import type { LightRequest, LightResponse } from '../../src/std/exchange.ts'
import { account, base, json, scripted } from './scripted.ts'

describe('requests of the client', () => {
  it('asks with the key by HTTP Basic, in UTF-8', async () => {
    const { client, requests } = scripted([json(account('a'))])
    await client.accounts.get('a')
    expect(requests).toEqual([
      {
        method: 'GET',
        url: `${base}/accounts/a`,
        headers: { authorization: `Basic ${Buffer.from('KEY:sécret').toString('base64')}`, accept: 'application/json' },
        body: undefined,
      },
    ])
  })

  it.each(['https://h', 'https://h/', 'https://h/v1', 'https://h/v1/'])('finds the API under %s', async (url) => {
    const seen: string[] = []
    const fetch = async (url: string) => {
      seen.push(url)
      return json({ href: url })
    }
    await createClient({ url, apiKey: { id: 'a', secret: 'b' }, fetch }).accounts.get('x')
    expect(seen).toEqual(['https://h/v1/accounts/x'])
  })

  it('refuses a URL that is none', () => {
    expect(() => createClient({ url: 'users.example.com', apiKey: { id: 'a', secret: 'b' } })).toThrow(TypeError)
  })

  it('sends a draft, options of the creation and what to read along', async () => {
    const { client, requests } = scripted([json({ href: `${base}/applications/A`, name: 'Shop' }, 201)])
    const application = await client.applications.create(
      { name: 'Shop' },
      { createDirectory: 'Shop users', expand: ['customData', 'groups(limit:5)'] },
    )
    expect(application.id).toBe('A')
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: `${base}/applications?createDirectory=Shop%20users&expand=customData%2Cgroups(limit%3A5)`,
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Shop"}',
    })
  })

  it('names resources in a draft by their address alone', async () => {
    const { client, requests } = scripted([json(account('a')), json({ href: `${base}/groupMemberships/M` }, 201)])
    await client.groupMemberships.create({ account: await client.accounts.get('a'), group: client.groups.link('g') })
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({
      account: { href: `${base}/accounts/a` },
      group: { href: `${base}/groups/g` },
    })
  })

  it('writes a query as the contract spells it', async () => {
    const { client, requests } = scripted([json({ items: [], offset: 0, limit: 25, size: 0 })])
    await client.accounts
      .list({
        q: 'jo e',
        email: '*@example.com',
        status: 'ENABLED',
        createdAt: '[2026-01,]',
        orderBy: ['surname desc', 'customData.rank'],
        customData: { plan: 'pro', 'address.city': 'B*', seats: 3 },
      })
      .page()
    expect(Object.fromEntries(new URL(requests[0]?.url ?? '').searchParams)).toEqual({
      q: 'jo e',
      email: '*@example.com',
      status: 'ENABLED',
      createdAt: '[2026-01,]',
      orderBy: 'surname desc,customData.rank',
      'customData.plan': 'pro',
      'customData.address.city': 'B*',
      'customData.seats': '3',
      offset: '0',
      limit: '25',
    })
    expect(requests[0]?.url).toContain('q=jo%20e')
  })

  it('takes ids as they are and addresses of the service only', async () => {
    const { client, requests } = scripted([json(account('a'))])
    await client.accounts.get(`${base}/accounts/a`)
    await client.accounts.get('a?expand=tenant#')
    expect(requests.map(({ url }) => url)).toEqual([`${base}/accounts/a`, `${base}/accounts/a%3Fexpand%3Dtenant%23`])
    for (const foreign of [
      'https://evil.example/v1/accounts/a',
      'https://users.example.com.evil/v1/a',
      '/v1/accounts/a',
    ]) {
      await expect(client.accounts.get(foreign)).rejects.toThrow(TypeError)
    }
    expect(requests).toHaveLength(2)
  })

  it('says so when the service goes by another address', async () => {
    const { client, requests } = scripted([json({ href: 'http://10.0.0.1:4000/v1/accounts/a' })])
    await expect(client.accounts.get('a')).rejects.toThrow('give the client the base URL that the service itself uses')
    expect(requests).toHaveLength(1)
  })

  it('follows the redirect to its tenant when the handler does not, but to nobody else', async () => {
    const to = (location: string) => new Response(null, { status: 302, headers: { location } })
    const { client, requests } = scripted([
      to(`${base}/tenants/T?expand=customData`),
      json({ href: `${base}/tenants/T`, key: 'quiet-river', customData: { href: 'x', createdAt: '', modifiedAt: '' } }),
      to('https://evil.example/v1/tenants/T'),
    ])
    const tenant = await client.tenant({ expand: ['customData'] })
    expect(tenant.key).toBe('quiet-river')
    await expect(client.tenant()).rejects.toMatchObject({ name: 'ResponseError', status: 302 })
    expect(requests.map(({ url }) => url)).toEqual([
      `${base}/tenants/current?expand=customData`,
      `${base}/tenants/T?expand=customData`,
      `${base}/tenants/current`,
    ])
  })

  it('calls an engine in this process as the service is called', async () => {
    const seen: unknown[] = []
    const engine = {
      baseUrl: 'http://localhost:4000',
      async handle(request: LightRequest): Promise<LightResponse> {
        const { method, path, query, peer } = request
        const body = bytesToText(await request.body(100))
        const headers = ['authorization', 'content-type', 'host'].map((name) => request.header(name))
        seen.push({ method, path, query, peer, body, headers, values: request.headerValues('accept') })
        if (path === '/v1/tenants/current')
          return { status: 302, headers: { Location: `${root}/tenants/T` }, body: undefined }
        return { status: 200, headers: {}, body: textToBytes(`{"href":"${root}/x/ü"}`) }
      },
    }
    const root = `${engine.baseUrl}/v1`
    const client = createClient({ engine, apiKey: { id: 'a', secret: 'b' } })
    const { href } = await client.directories.create({ name: 'Pö' }, { expand: ['accounts'] })
    expect(href).toBe(`${root}/x/ü`)
    const common = { peer: undefined, values: ['application/json'] }
    expect(seen).toEqual([
      {
        ...common,
        method: 'POST',
        path: '/v1/directories',
        query: 'expand=accounts',
        body: '{"name":"Pö"}',
        headers: ['Basic YTpi', 'application/json', undefined],
      },
    ])
    await client.tenant()
    expect(seen.slice(1)).toEqual(
      ['/v1/tenants/current', '/v1/tenants/T'].map((path) => ({
        ...common,
        method: 'GET',
        path,
        query: '',
        body: '',
        headers: ['Basic YTpi', undefined, undefined],
      })),
    )
    await expect(client.directories.create({ name: 'x'.repeat(100) })).rejects.toMatchObject({ cause: { limit: 100 } })
  })

  it('takes the key that an engine brings', async () => {
    const apiKey = { id: 'a', secret: 'b' }
    const handle = async (request: LightRequest) => ({
      status: 200,
      headers: {},
      body: `{"href":"http://localhost/v1/tenants/T","key":"${request.header('authorization')}"}`,
    })
    const client = createClient({ engine: { baseUrl: 'http://localhost', handle, apiKey } })
    expect((await client.tenant()).key).toBe('Basic YTpi')
    expect(() => createClient({ engine: { baseUrl: 'http://localhost', handle } })).toThrow(TypeError)
  })

  it('is no promise, and may be returned from an asynchronous function', async () => {
    const { client } = scripted([])
    expect(await Promise.resolve(client)).toBe(client)
    expect(client.groups).toBe(client.groups)
  })

  it('checks a login and password', async () => {
    const loginAttempts = { href: `${base}/applications/A/loginAttempts` }
    const { client, requests } = scripted([
      json({ href: `${base}/applications/A`, loginAttempts }),
      json({ account: account('joe') }),
    ])
    const application = await client.applications.get('A')
    const joe = await application.authenticate({
      login: 'joe',
      password: 'pä:ss',
      accountStore: { nameKey: 'acme' },
    })
    expect(joe.email).toBe('joe@example.com')
    expect(requests[1]).toMatchObject({ method: 'POST', url: `${loginAttempts.href}?expand=account` })
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({
      type: 'basic',
      value: Buffer.from('joe:pä:ss').toString('base64'),
      accountStore: { nameKey: 'acme' },
    })
  })

  it('names an account store by its address alone', async () => {
    const { client, requests } = scripted([
      json({ href: `${base}/applications/A`, loginAttempts: { href: `${base}/applications/A/loginAttempts` } }),
      json({ account: account('joe') }),
    ])
    const application = await client.applications.get('A')
    const accountStore = client.directories.link('D')
    await application.authenticate({ login: 'joe', password: 'x', accountStore })
    expect(JSON.parse(requests[1]?.body ?? '').accountStore).toEqual({ href: `${base}/directories/D` })
  })
})
