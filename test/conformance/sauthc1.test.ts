import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase } from '../support/postgres.ts'
import { type RunningService, readKey, startService } from '../support/service.ts'
import { createSignedFetch, type DialectName, sign, type WireRequest } from '../support/signer.ts'
import {
  type Answer,
  accountValues,
  describeConformance,
  expectError,
  expectStatus,
  type Json,
  type KeyPair,
  type Service,
  unique,
} from './harness.ts'

/** The dialects as the checklist counts them. */
const clients: [ids: string, dialect: DialectName][] = [
  ['REST-B2', 'java'],
  ['REST-B3', 'python'],
  ['REST-B3', 'ruby'],
  ['REST-B3', 'php'],
  ['REST-B4', 'bare'],
  ['REST-B4', 'literal'],
]

describeConformance('SAuthc1', (service) => {
  describe.each(clients)('%s as %s signs', (_, dialect) => {
    test('TRAP-T4 the first call of every client', async () => {
      const answer = await call(service(), dialect, '/tenants/current')
      expectStatus(answer, 302)
      expect(answer.headers.get('location')).toBe(service().tenant.href)
    })

    test('creates, reads, changes, finds and deletes', async () => {
      const directory = await service().newDirectory()
      const values = accountValues({ givenName: 'Zoë', middleName: 'van der (*~+)', customData: { kept: 1 } })
      const created = await call(service(), dialect, directory.accounts.href, {
        method: 'POST',
        body: JSON.stringify(values),
      })
      const { href, email } = expectStatus(created, 201).body
      expect(expectStatus(await call(service(), dialect, href), 200).body.givenName).toBe('Zoë')
      const changed = await call(service(), dialect, href, { method: 'POST', body: '{ "surname":\r\n\t"Ωmega" }' })
      expect(expectStatus(changed, 200).body.surname).toBe('Ωmega')
      const query = new URLSearchParams({
        email,
        givenName: 'zoë*',
        middleName: '*(*~+)',
        limit: '5',
        expand: 'groups(offset:0,limit:5),customData',
      })
      const found = await call(service(), dialect, `${directory.accounts.href}?${query}`)
      expect(expectStatus(found, 200).body).toMatchObject({
        size: 1,
        items: [{ href, customData: { kept: 1 } }],
      })
      expectStatus(await call(service(), dialect, href, { method: 'DELETE' }), 204)
    })

    test.each(['a b', 'a+b', 'a*b', 'a~b', '(a),b:c', 'é你好🔑', "!'&=@;$"])(
      'REST-B4 blanks, signs and other scripts in the path: %s',
      async (name) => {
        const { customData } = await service().newAccount(await service().newDirectory(), { customData: { kept: 1 } })
        const field = `${customData.href}/${encodeURIComponent(name)}`
        // No field can have such a name. What that means does not depend on the scheme.
        const basic = await service().delete(field)
        expect((await call(service(), dialect, field, { method: 'DELETE' })).status).toBe(basic.status)
        expect(basic.status).not.toBe(401)
      },
    )

    test('REST-B4 blanks, signs and other scripts in the query', async () => {
      const directory = await service().newDirectory()
      for (const name of ['a b', 'a+b', 'a*b', 'a~b', "(a),:'b!", '你好&=?#%', 'ü']) {
        await service().newGroup(directory, { name })
        const answer = await call(service(), dialect, `${directory.groups.href}?${new URLSearchParams({ name })}`)
        expect(expectStatus(answer, 200).body.items.map((group: Json) => group.name)).toEqual([name])
      }
    })

    test('slashes at the end and doubled ones', async () => {
      const { href } = await service().newDirectory()
      expectStatus(await call(service(), dialect, `${href}/`), 200)
      expectError(await call(service(), dialect, `${service().baseUrl}//accounts/XXX/`), 404, 404)
    })

    test('REST-B5 what was altered on the way is refused', async () => {
      const { href, groups } = await service().newDirectory()
      const signed = () => request(service(), dialect, 'POST', `${href}?expand=groups`, '{"description":"mine"}')
      const header = (name: string, value: string) => {
        const wire = signed()
        return { ...wire, headers: { ...wire.headers, [name]: value } }
      }
      const wire = signed()
      const altered: WireRequest[] = [
        { ...signed(), method: 'DELETE' },
        { ...signed(), url: `${groups.href}?expand=groups` },
        { ...signed(), url: `${href}?expand=accounts` },
        { ...signed(), url: `${href}?expand=groups&_method=DELETE` },
        header('Authorization', (wire.headers.Authorization as string).replace(/(?<=\/)[\da-f]{8}(?=-)/, '01234567')),
        header(
          'Authorization',
          (wire.headers.Authorization as string).replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        ),
        header(
          'X-Stormpath-Date',
          (wire.headers['X-Stormpath-Date'] as string).replace(/\dZ$/, (last) => (last === '1Z' ? '2Z' : '1Z')),
        ),
        { ...signed(), body: '{"description":"ours"}' },
      ]
      for (const each of altered) expectError(await send(service(), each), 401, 401)
      expect((await service().read(href)).description).toBeNull()
    })

    test('REST-B5 stale and early requests are refused', async () => {
      const at = (ms: number) =>
        send(service(), request(service(), dialect, 'GET', service().tenant.href, undefined, ms))
      const now = service().clock.now()
      for (const minutes of [-24 * 60, -6, 6, 24 * 60]) expectError(await at(now + minutes * 60_000), 401, 401)
      // On PostgreSQL nothing dated before the start of the server is heard, and the tests have just started it.
      const heard = service().way.database === 'postgres' ? [4] : [-4, 4]
      for (const minutes of heard) expectStatus(await at(now + minutes * 60_000), 200)
    })

    test('REST-B5 a request is heard once, however often and at once it is sent', async () => {
      const wire = request(service(), dialect, 'GET', service().tenant.href)
      const answers = await Promise.all(Array.from({ length: 20 }, () => send(service(), wire)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(19)
      expectError(await send(service(), wire), 401, 401)
    })

    test('REST-B5 a wrong secret and an unknown key are refused alike', async () => {
      const { id, secret } = service().key
      const refused: Answer[] = []
      for (const key of [
        { id, secret: `${secret}x` },
        { id: 'NOSUCHKEY0000000000000000', secret },
      ]) {
        refused.push(expectError(await call(service(), dialect, '/tenants/current', {}, key), 401, 401))
      }
      const [wrong, unknown] = refused.map(({ body: { requestId, ...told } }) => told)
      expect(wrong).toEqual(unknown)
    })
  })

  test('REST-B1 REST-B2 both schemes work for the same key', async () => {
    const key = await service().newApiKey(await administrator(service()))
    expectStatus(await service().as(key).get(service().tenant.href), 200)
    for (const [, dialect] of clients) expectStatus(await call(service(), dialect, service().tenant.href, {}, key), 200)
  })

  test('REST-B6 a disabled or deleted key signs in vain, and so does one of a disabled owner', async () => {
    const account = await administrator(service())
    const key = await service().newApiKey(account)
    const asking = () => call(service(), 'java', service().tenant.href, {}, key)
    await service().update(key.href, { status: 'DISABLED' })
    expectError(await asking(), 401, 401)
    await service().update(key.href, { status: 'ENABLED' })
    expectStatus(await asking(), 200)
    await service().update(account.href, { status: 'DISABLED' })
    expectError(await asking(), 401, 401)
    await service().update(account.href, { status: 'ENABLED' })
    expectStatus(await asking(), 200)
    await service().remove(key.href)
    expectError(await asking(), 401, 401)
  })

  test('REST-B7 the key of an ordinary account signs in vain', async () => {
    const key = await service().newApiKey(await service().newAccount(await service().newDirectory()))
    expectError(await call(service(), 'java', service().tenant.href, {}, key), 401, 401)
  })

  test('REST-B8 the key of an account in a store mapped to the Stormpath application signs well', async () => {
    const directory = await service().newDirectory()
    const key = await service().newApiKey(await service().newAccount(directory))
    const { items } = await service().read('/applications?name=Stormpath')
    await service().newMapping(items[0], directory)
    expectStatus(await call(service(), 'java', service().tenant.href, {}, key), 200)
  })
})

describe('SAuthc1 on two processes over one PostgreSQL', () => {
  const undo = new AsyncDisposableStack()
  let services: RunningService[] = []
  let key: KeyPair

  beforeAll(async () => {
    const database = undo.use(await createDatabase())
    const data = await mkdtemp(join(tmpdir(), 'latchkey-sauthc1-'))
    undo.defer(() => rm(data, { recursive: true, force: true }))
    const start = async () => {
      const started = await startService({
        data,
        env: { LATCHKEY_DATABASE_URL: database.url },
        args: ['--allow-undurable'],
      })
      undo.defer(async () => void (await started.stop()))
      return started
    }
    services = [await start(), await start()]
    key = await readKey(join(data, 'apiKey.properties'))
  })
  afterAll(() => undo.disposeAsync())

  test('REST-B5 a request heard by one is a replay to the other, and of many at once one is heard', async () => {
    for (let round = 0; round < 5; round++) {
      const [first = '', second = ''] = services.map(({ url }) => url)
      // Signed without the port, as PHP does, it would fit either of them.
      const { url, ...wire } = sign('php', key, { method: 'GET', origin: first, path: '/v1/directories' })
      const { Host: _, ...headers } = wire.headers
      const ask = (origin: string) => fetch(origin + url.slice(first.length), { ...wire, headers })
      const answers = await Promise.all([first, second, first, second, first, second].map(ask))
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401, 401])
      expect((await ask(second)).status).toBe(401)
    }
  })
})

interface Init {
  method?: string
  body?: string
}

/** Asks as a client of that dialect does; `to` is an absolute href or a path below the base URL. */
async function call(
  service: Service,
  dialect: DialectName,
  to: string,
  init: Init = {},
  key = service.key,
): Promise<Answer> {
  const ask = createSignedFetch({ key, dialect, now: () => service.clock.now(), send: (wire) => service.send(wire) })
  return toAnswer(await ask(to.startsWith('/') ? service.baseUrl + to : to, init))
}

/** A signed request that is not sent yet. */
function request(
  service: Service,
  dialect: DialectName,
  method: string,
  href: string,
  body?: string,
  at = service.clock.now(),
): WireRequest {
  const { origin, pathname, searchParams } = new URL(href)
  return sign(
    dialect,
    service.key,
    { method, origin, path: pathname, query: [...searchParams], ...(body !== undefined && { body }) },
    { at },
  )
}

async function send(service: Service, wire: WireRequest): Promise<Answer> {
  return toAnswer(await service.send(wire))
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

async function administrator(service: Service): Promise<Json> {
  const { items } = await service.read('/directories?name=Stormpath%20Administrators')
  return service.newAccount(items[0], { givenName: unique('Administrator') })
}
