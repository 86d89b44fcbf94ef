import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../core/engine.ts'
import { createHrefs } from '../core/href.ts'
import { generateKey, parseKeyRing } from '../crypto/key-ring.ts'
import { createPasswords } from '../crypto/passwords/passwords.ts'
import { createSeal } from '../crypto/seal.ts'
import { Problem } from '../schema/problems.ts'
import { createManualClock } from '../std/clock.ts'
import { BodyAborted, BodyTooLarge, type Handler, type LightRequest } from '../std/exchange.ts'
import { createIds } from '../std/id.ts'
import { createMigrator } from '../storage/migrations/runner.ts'
import { openSqlite } from '../storage/sqlite/database.ts'
import { createStore } from '../storage/store.ts'
import { createAuthenticator } from './authenticate.ts'
import { createRest } from './handler.ts'
import { bodyLimits } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are examined member by member, as a client would
type Json = any
type Key = { id: string; secret: string }

const base = 'https://id.example.com/v1'
const clock = createManualClock(Date.UTC(2026, 2, 10))

let engine: Engine
let rest: Handler
let close: () => Promise<void>
let ours: Key
let theirs: Key
let tenant: string
const logged: { error: unknown; requestId: string }[] = []

beforeAll(async () => {
  const database = await openSqlite({ inMemory: true, clock })
  await createMigrator(database).up()
  const store = createStore(database, { clock })
  const passwords = createPasswords({ insecureTestCost: { memoryKiB: 8, passes: 1 } })
  engine = createEngine({
    appsDomain: 'apps.example.com',
    store,
    clock,
    ids: createIds(clock),
    passwords,
    seal: createSeal(parseKeyRing(generateKey())),
    breachedPasswords: { includes: async () => false },
    providers: { identify: async () => ({ refused: 'there is none' }) },
    mail: { enabled: false, from: { name: '', address: 'no-reply@example.com' }, check: async () => undefined },
    webhooks: { allowPrivateTargets: false },
    origin: 'https://id.example.com',
    hrefs: createHrefs(base),
  })
  close = async () => {
    await passwords.close()
    await store.close()
  }
  rest = handlerOf(engine)
  const first = await engine.createTenant({ key: 'ours', preset: 'modern', ownerEmail: 'owner@example.com' })
  ours = first.apiKey
  tenant = first.tenant.id
  theirs = (await engine.createTenant({ key: 'theirs', preset: 'modern', ownerEmail: 'owner@example.com' })).apiKey
})
afterAll(() => close())
beforeEach(() => void logged.splice(0))

function handlerOf(through: Engine): Handler {
  return createRest({
    engine: through,
    authenticate: createAuthenticator({ engine, clock }),
    log: (error, requestId) => logged.push({ error, requestId }),
  })
}

interface Sending {
  body?: unknown
  headers?: Record<string, string>
  key?: Key | null
  handler?: Handler
}

/** `to` is an href, or a path below the base URL. */
async function send(method: string, to: string, { body, headers = {}, key = ours, handler = rest }: Sending = {}) {
  const target = to.startsWith(base) ? to.slice('https://id.example.com'.length) : `/v1${to}`
  const [path = '', query = ''] = target.split('?')
  const bytes =
    body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
  const all: Record<string, string> = {
    ...(bytes.length > 0 && { 'content-type': 'application/json' }),
    ...(key && { authorization: `Basic ${btoa(`${key.id}:${key.secret}`)}` }),
    ...headers,
  }
  const request: LightRequest = {
    method,
    path,
    query,
    peer: undefined,
    header: (name) => all[name],
    headerValues: (name) => (all[name] === undefined ? [] : [all[name]]),
    async body(limit) {
      if (bytes.length > limit) throw new BodyTooLarge(limit)
      return bytes
    },
  }
  const response = await handler(request)
  const text = response.body as string | undefined
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text ? (JSON.parse(text) as Json) : undefined,
  }
}

let serial = 0
const name = () => `name-${++serial}`
const create = async (to: string, body: unknown = { name: name() }) => {
  const answer = await send('POST', to, { body })
  expect(answer.text).toSatisfy(() => answer.status === 201)
  return answer.json
}
const person = () => ({ email: `${name()}@example.com`, password: 'Copper-Kettle-4471' })

describe('who asks', () => {
  test('is known before anything else is told', async () => {
    for (const path of ['/accounts/nothing', '/unheardOf', '/tenants/current', '/accounts?nonsense']) {
      const { status, json, headers } = await send('GET', path, { key: null })
      expect(status).toBe(401)
      expect(json).toMatchObject({ status: 401, code: 401 })
      expect(headers).toHaveProperty('WWW-Authenticate')
    }
    expect((await send('PUT', '/accounts/x', { key: null })).status).toBe(401)
  })
  test('is asked before a body is read', async () => {
    const body = new Uint8Array(bodyLimits.usual + 1)
    expect((await send('POST', '/directories', { body, key: null })).status).toBe(401)
  })
  test('does not matter for the document of all routes', async () => {
    expect((await send('HEAD', '/openapi.json', { key: null })).status).toBe(200)
    expect((await send('POST', '/openapi.json')).status).toBe(405)
    const { status, json, headers } = await send('GET', '/openapi.json', { key: null })
    expect(status).toBe(200)
    expect(json).toHaveProperty('openapi')
    expect(headers['Stormpath-Request-Id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('methods', () => {
  test('HEAD is answered like GET', async () => {
    const { href } = await create('/directories')
    expect((await send('HEAD', href)).status).toBe(200)
    expect((await send('HEAD', `${base}/directories/nothing`)).status).toBe(404)
  })
  test('POST may delete, and nothing but that (REST-A5)', async () => {
    const { href } = await create('/directories')
    expect((await send('POST', `${href}?_method=PUT`)).json).toMatchObject({ status: 405, code: 1100 })
    expect((await send('POST', `${href}?_method=GET`)).json).toMatchObject({ status: 405, code: 1100 })
    expect((await send('GET', `${href}?_method=DELETE`)).status).toBe(200)
    expect((await send('POST', `${href}?_method=DELETE`)).status).toBe(204)
    expect((await send('GET', href)).status).toBe(404)
  })
  test('those a path has are named to who uses another (REST-A6)', async () => {
    const { headers } = await send('DELETE', '/groupMemberships')
    expect(headers.Allow).toBe('POST')
    expect((await send('PUT', '/nothing/like/this')).status).toBe(404)
  })
})

describe('bodies', () => {
  test('have a bound by what they are for', async () => {
    const directory = await create('/directories')
    const over = (limit: number) => new Uint8Array(limit + 1).fill(0x20)
    const application = await create('/applications')
    for (const [path, limit] of [
      ['/directories', bodyLimits.usual],
      [directory.accounts.href, bodyLimits.large],
      [directory.customData.href, bodyLimits.large],
      ['/accounts/nobody', bodyLimits.large],
      [application.loginAttempts.href, bodyLimits.authentication],
      ['/no/such/route', bodyLimits.usual],
    ] as const) {
      const { json } = await send('POST', path, { body: over(limit) })
      expect(json).toMatchObject({ status: 413, code: 413, message: expect.stringContaining(String(limit)) })
    }
  })
  test('may be 100 levels deep and no deeper', async () => {
    const { customData } = await create('/directories')
    const nested = (levels: number) => `{"deep":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    expect((await send('POST', customData.href, { body: nested(100) })).status).toBe(200)
    expect((await send('POST', customData.href, { body: nested(101) })).json).toMatchObject({ status: 400, code: 400 })
  })
  test('must be UTF-8; a byte order mark is let pass', async () => {
    const { json } = await send('POST', '/directories', { body: new Uint8Array([0x22, 0xff, 0x22]) })
    expect(json).toMatchObject({ status: 400, code: 2005 })
    expect((await send('POST', '/directories', { body: `\ufeff{"name":"${name()}"}` })).status).toBe(201)
  })
  test('of white space are none', async () => {
    const directory = await create('/directories')
    const account = await create(directory.accounts.href, person())
    expect((await send('POST', account.apiKeys.href, { body: ' \r\n' })).status).toBe(201)
  })
  test('are not looked at where none is wanted', async () => {
    const { href } = await create('/directories')
    const headers = { 'content-type': 'text/plain' }
    expect((await send('GET', href, { body: 'nonsense', headers })).status).toBe(200)
  })
})

describe('faults of ours', () => {
  const failing = (error: unknown) => handlerOf({ ...engine, read: () => Promise.reject<never>(error) })

  test('are logged whole with the request id and shown as a plain 500', async () => {
    const fault = new Error('the secret reason')
    const { status, json, text, headers } = await send('GET', '/accounts/a', { handler: failing(fault) })
    expect(status).toBe(500)
    expect(json).toMatchObject({ status: 500, code: 500 })
    expect(text).not.toContain('secret')
    expect(logged).toEqual([{ error: fault, requestId: headers['Stormpath-Request-Id'] }])
    expect(json.requestId).toBe(headers['Stormpath-Request-Id'])
  })
  test('are not what refusals are', async () => {
    const busy = new Problem('overloaded', { retryAfterSeconds: 2, reason: 'too many log-ins at once' })
    const { status, headers } = await send('GET', '/accounts/a', { handler: failing(busy) })
    expect([status, headers['Retry-After']]).toEqual([503, '2'])
    expect((await send('GET', '/a', { handler: failing(busy) })).status).toBe(404)
    expect(logged).toEqual([])
  })
  test('are logged when they caused a refusal', async () => {
    const down = new Problem('overloaded', { retryAfterSeconds: 1, reason: 'the database cannot be reached' })
    const { status } = await send('GET', '/accounts/a', { handler: failing(Object.assign(down, { cause: 'refused' })) })
    expect(status).toBe(503)
    expect(logged).toMatchObject([{ error: down }])
  })
  test('do not include a client that went away', async () => {
    await expect(send('GET', '/accounts/a', { handler: failing(new BodyAborted()) })).rejects.toThrow(BodyAborted)
    expect(logged).toEqual([])
  })
})

describe('the tenant', () => {
  test('is where the current one leads, with the query, kept by nobody (REST-D2, TRAP-T2)', async () => {
    const { status, headers, text } = await send('GET', '/tenants/current?expand=applications&x=%20')
    expect(status).toBe(302)
    expect(text).toBeUndefined()
    expect(headers).toMatchObject({
      Location: `${base}/tenants/${tenant}?expand=applications&x=%20`,
      'Cache-Control': 'no-cache, no-store, must-revalidate, max-age=0, proxy-revalidate, no-transform',
      Pragma: 'no-cache',
      Expires: '0',
    })
  })
  test('collections at the top level are those of the tenant, under their own address', async () => {
    const { json } = await send('GET', '/applications?name=stormpath')
    expect(json).toMatchObject({ href: `${base}/applications`, size: 1, offset: 0, limit: 25 })
    expect(json.items[0].name).toBe('Stormpath')
    const below = (await send('GET', `/tenants/${tenant}/applications`)).json
    expect(below.href).toBe(`${base}/tenants/${tenant}/applications`)
  })
  test('of others answers like nothing at all, for every kind of request (ATTACK-F9)', async () => {
    const directory = await create('/directories')
    const account = await create(directory.accounts.href, person())
    const hrefs = [
      directory.href,
      directory.accounts.href,
      directory.customData.href,
      directory.provider.href,
      account.href,
    ]
    for (const href of [...hrefs, `${base}/tenants/${tenant}`, `${base}/tenants/${tenant}/accounts`]) {
      for (const [method, body] of [['GET'], ['POST', { name: name(), ...person() }], ['DELETE']] as const) {
        const foreign = await send(method, href, { body, key: theirs })
        const nothing = await send(method, href.replace(/[0-9A-Za-z]{22}/, '0123456789012345678901'), {
          body,
          key: theirs,
        })
        expect(foreign.status).toBe(nothing.status)
        expect({ ...foreign.json, requestId: '' }).toEqual({ ...nothing.json, requestId: '' })
        expect([404, 405]).toContain(foreign.status)
      }
    }
    expect((await send('GET', account.href)).json).toEqual(account)
  })
  test('of others is an unknown reference too (ATTACK-R13)', async () => {
    const application = await create('/applications')
    const group = await create((await create('/directories')).groups.href)
    const body = { application: { href: application.href }, accountStore: { href: group.href } }
    expect((await send('POST', '/accountStoreMappings', { body, key: theirs })).json).toMatchObject({ code: 2014 })
    const nameless = { accountStore: { href: group.href } }
    expect((await send('POST', application.accountStoreMappings.href, { body: nameless, key: theirs })).status).toBe(
      404,
    )
  })
})

describe('creation in a collection', () => {
  test('takes its owner from the path, whatever the body says (REST-F1)', async () => {
    const application = await create('/applications')
    const other = await create('/applications')
    const directory = await create('/directories')
    const mapping = await create(application.accountStoreMappings.href, {
      application: { href: other.href },
      accountStore: { href: directory.href },
      organization: { href: 'anything' },
    })
    expect(mapping.application).toEqual({ href: application.href })
    expect(mapping.href).toMatch(/\/accountStoreMappings\//)
  })
  test('makes the mapping of an organization where an old client asks for it (TRAP-T3)', async () => {
    const organization = await create('/organizations', { name: name(), nameKey: name() })
    const directory = await create('/directories')
    const body = { organization: { href: organization.href }, accountStore: { href: directory.href } }
    const { json } = await send('POST', '/accountStoreMappings', { body })
    expect(json).toMatchObject({ href: expect.stringContaining('/organizationAccountStoreMappings/'), ...body })
  })
  test('shows what it links to when asked (REST-C21)', async () => {
    const { json, headers } = await send('POST', '/directories?expand=provider,customData,tenant', {
      body: { name: name(), customData: { n: 1 } },
    })
    expect(json.provider).toMatchObject({ href: `${json.href}/provider`, providerId: 'stormpath' })
    expect(json.customData).toMatchObject({ href: `${json.href}/customData`, n: 1 })
    expect(headers.Location).toBe(json.href)
  })
  test.each(['true', 'True', 'TRUE'])('makes a directory with createDirectory=%s (REST-E2)', async (flag) => {
    const application = await create(`/applications?createDirectory=${flag}`)
    const { json } = await send('GET', `${application.defaultAccountStoreMapping.href}?expand=accountStore`)
    expect(json.accountStore.name).toBe(application.name)
  })
  test('knows its flags and refuses their nonsense', async () => {
    const directory = await create('/directories')
    const post = (query: string) => send('POST', `${directory.accounts.href}?${query}`, { body: person() })
    expect((await post('registrationWorkflowEnabled=false&createDirectory=true')).status).toBe(201)
    expect((await post('registrationWorkflowEnabled=maybe')).json).toMatchObject({ code: 2103 })
    expect((await post('passwordFormat=rot13')).json).toMatchObject({ code: 2003 })
    expect((await post('passwordFormat=mcf')).json).toMatchObject({ code: 2006 })
  })
})

describe('expansion', () => {
  test('reads what items share once and what each has together (REST-C20)', async () => {
    const directory = await create('/directories')
    for (let n = 0; n < 3; n++) await create(directory.accounts.href, { ...person(), customData: { n } })
    const calls: string[] = []
    const counting = handlerOf({
      ...engine,
      read: (context, resource, id) => {
        calls.push(resource)
        return engine.read(context, resource, id)
      },
      customDataOf: (context, resource, ids) => {
        calls.push('customData')
        return engine.customDataOf(context, resource, ids)
      },
    })
    const { json } = await send('GET', `${directory.accounts.href}?expand=directory,customData`, { handler: counting })
    expect(json.items.map(({ customData }: Json) => customData.n)).toEqual([0, 1, 2])
    expect(json.items[2].directory).toEqual(directory)
    expect(calls.toSorted()).toEqual(['customData', 'directory', 'directory'])
  })
  test('costs a bounded number of members (ATTACK-R14)', async () => {
    const { json } = await send('GET', '/accounts?limit=100&expand=groups(limit:100),applications(limit:100)')
    expect(json).toMatchObject({ status: 400, code: 2103 })
  })
})

describe('secrets of API keys', () => {
  const salt = randomBytes(16).toString('base64url')
  const query = `encryptSecret=true&encryptionKeySalt=${salt}&encryptionKeySize=256&encryptionKeyIterations=2`

  test('are encrypted wherever a key is shown (REST-O4)', async () => {
    const directory = await create('/directories')
    const account = await create(directory.accounts.href, person())
    const made = (await send('POST', `${account.apiKeys.href}?${query}`)).json
    const clear = (await send('GET', made.href)).json.secret
    const shown = [
      made.secret,
      (await send('GET', `${made.href}?${query}`)).json.secret,
      (await send('POST', `${made.href}?${query}`, { body: { name: 'x' } })).json.secret,
      (await send('GET', `${account.apiKeys.href}?${query}`)).json.items[0].secret,
      (await send('GET', `${account.href}?expand=apiKeys&${query}`)).json.apiKeys.items[0].secret,
    ]
    for (const secret of shown) {
      expect(secret).not.toContain(clear)
      expect(Buffer.from(secret, 'base64').length).toBe(64)
    }
    expect(made.id).toBe(made.href.split('/').at(-1))
  })
  test('need a salt, a size and a count that make sense, before anything is done', async () => {
    const directory = await create('/directories')
    const account = await create(directory.accounts.href, person())
    const post = async (more: string) => (await send('POST', `${account.apiKeys.href}?encryptSecret=${more}`)).json.code
    expect(await post('true')).toBe(2101)
    expect(await post('true&encryptionKeySalt=*')).toBe(2103)
    expect(await post(`true&encryptionKeySalt=${salt}&encryptionKeySize=129`)).toBe(2103)
    expect(await post(`true&encryptionKeySalt=${salt}&encryptionKeyIterations=0`)).toBe(2103)
    expect(await post(`true&encryptionKeySalt=${salt}&encryptionKeyIterations=65537`)).toBe(2103)
    expect(await post('perhaps')).toBe(2103)
    expect((await send('GET', account.apiKeys.href)).json.size).toBe(0)
    expect((await send('POST', `${account.apiKeys.href}?encryptSecret=false`)).json.secret).toHaveLength(43)
  })
  test('are looked up through an application by id only (REST-E9)', async () => {
    const { json } = await send('GET', '/applications?name=stormpath')
    const { href } = json.items[0].apiKeys
    expect((await send('GET', href)).json).toMatchObject({ code: 2101 })
    expect((await send('GET', `${href}?id=${ours.id}`)).json.items[0].secret).toBe(ours.secret)
    expect((await send('GET', `${href}?id=${theirs.id}`)).json.items).toEqual([])
  })
})

describe('custom data', () => {
  test('merges, keeps numbers and nulls, ignores what we show (REST-N3, REST-N8)', async () => {
    const { customData } = await create('/directories')
    const body = `{"href":"x","createdAt":1,"n":0.00,"big":${'9'.repeat(100)},"none":null}`
    await send('POST', customData.href, { body })
    const { text } = await send('POST', customData.href, { body: '{"more":[1e2]}' })
    expect(text).toContain(`"n":0.00,"big":${'9'.repeat(100)},"none":null,"more":[1e2]}`)
    expect(text).toContain(`{"href":"${customData.href}","createdAt":"2026-`)
  })
  test('of only what we show changes nothing, of nothing is refused', async () => {
    const { customData } = await create('/directories')
    const before = (await send('GET', customData.href)).json
    clock.advance(1000)
    expect((await send('POST', customData.href, { body: before })).json).toEqual(before)
    expect((await send('POST', customData.href, { body: {} })).json).toMatchObject({ code: 2000 })
    expect((await send('POST', customData.href, { body: [] })).status).toBe(400)
  })
  test('loses fields by any name there can be (REST-N6)', async () => {
    const { customData } = await create('/directories')
    await send('POST', customData.href, { body: { a: 1, b: 2 } })
    expect((await send('DELETE', `${customData.href}/a`)).status).toBe(204)
    expect((await send('DELETE', `${customData.href}/%C3%A9`)).status).toBe(204)
    expect((await send('DELETE', `${customData.href}/%FF`)).status).toBe(404)
    expect((await send('GET', customData.href)).json).toMatchObject({ b: 2 })
    expect((await send('DELETE', customData.href)).status).toBe(204)
    expect(Object.keys((await send('GET', customData.href)).json)).toEqual(['href', 'createdAt', 'modifiedAt'])
  })
})

describe('log-in attempts', () => {
  test('say what is wrong with them', async () => {
    const application = await create('/applications?createDirectory=true')
    const { email, password } = person()
    await create(application.accounts.href, { email, password })
    const value = (text: string) => Buffer.from(text).toString('base64')
    const attempt = async (body: unknown) => (await send('POST', application.loginAttempts.href, { body })).json
    const good = { type: 'basic', value: value(`${email}:${password}`) }
    expect(Object.keys(await attempt(good))).toEqual(['account'])
    expect(await attempt({ ...good, value: good.value.replace(/(.{10})/g, '$1\n') })).toHaveProperty('account')
    expect(await attempt({ ...good, type: 'digest' })).toMatchObject({ code: 2003 })
    expect(await attempt({ value: good.value })).toMatchObject({
      code: 2000,
      message: 'type property is required; it cannot be null, empty, or blank.',
    })
    expect(await attempt({ ...good, value: '%%%' })).toMatchObject({ code: 2006 })
    expect(await attempt({ ...good, value: value('no colon') })).toMatchObject({ code: 2006 })
    expect(await attempt({ ...good, value: value('nul\0:x') })).toMatchObject({ code: 2005 })
    expect(await attempt({ ...good, value: Buffer.from([0xff, 0x3a]).toString('base64') })).toMatchObject({
      code: 2005,
    })
    expect(await attempt({ ...good, accountStore: { href: 'x' } })).toMatchObject({ code: 2002 })
    expect(await attempt({ ...good, accountStore: 'x' })).toMatchObject({ code: 2004 })
    expect(await attempt({ ...good, accountStore: { nameKey: 7 } })).toMatchObject({ code: 2004 })
    expect(await attempt({ ...good, secondFactor: 1 })).toMatchObject({ code: 2015 })
    expect(await attempt({ ...good, value: value(`${email}:wrong`) })).toMatchObject({ code: 7100 })
    expect(await attempt({ ...good, value: value('nobody:wrong') })).toMatchObject({ code: 7104 })
    expect((await send('POST', `${base}/applications/nothing/loginAttempts`, { body: good })).status).toBe(404)
  })
})
