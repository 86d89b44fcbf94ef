import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { type DialectName, dialects, type PlainRequest, sign, type WireRequest } from '../../test/support/signer.ts'
import type { ApiKeyStanding } from '../core/ports.ts'
import type { Entity } from '../resources/registry.ts'
import { Problem } from '../schema/problems.ts'
import { createManualClock } from '../std/clock.ts'
import { type LightRequest, splitTarget } from '../std/exchange.ts'
import { createAuthenticator } from './authenticate.ts'

const names = Object.keys(dialects) as DialectName[]
const start = Date.UTC(2026, 2, 10, 9, 30, 15)
const minutes = (count: number) => count * 60_000
const key = { id: '7KEYOFTHEOWNER000000000TEST', secret: 'a:secret/of+any~characters*ü' }
const origin = 'https://id.example.com:8443'

/** An engine that knows API keys and nonces and nothing else; a sealed secret is its clear text after `sealed:`. */
function createKeys() {
  const standings = new Map<string, ApiKeyStanding>()
  const nonces = new Set<string>()
  const digest = (secret: string) => createHash('sha256').update(secret).digest('hex')
  const add = (id: string, secret: string, { administrator = true, status = 'ENABLED' } = {}) => {
    const key = { id, tenant: 'TENANT', secret: `sealed:${secret}`, secretDigest: digest(secret), status }
    standings.set(id, { key: key as Entity<'apiKey'>, administrator })
  }
  return {
    add,
    standings,
    apiKeyStanding: vi.fn(async (id: string) => standings.get(id)),
    isSecretOf: vi.fn((key: Entity<'apiKey'>, secret: string) => key.secretDigest === digest(secret)),
    secretOf: vi.fn((key: Entity<'apiKey'>) => key.secret.slice('sealed:'.length)),
    claimNonce: vi.fn(async (keyId: string, nonce: string, _requestedAt: number, _expiresAt: number) => {
      const known = nonces.has(keyId + nonce)
      nonces.add(keyId + nonce)
      return !known
    }),
  }
}

const clock = createManualClock(start)
let engine = createKeys()
let authenticate = createAuthenticator({ engine, clock })

beforeEach(() => {
  clock.set(start + 250)
  engine = createKeys()
  engine.add(key.id, key.secret)
  authenticate = createAuthenticator({ engine, clock })
})

function toLight({ method, url, headers, body }: WireRequest): LightRequest {
  const target = url.slice(url.indexOf('/', 'https://'.length))
  const valuesOf = (name: string) =>
    Object.entries(headers).flatMap(([each, value]) => (each.toLowerCase() === name ? value.split('\n') : []))
  return {
    ...splitTarget(url.indexOf('/', 'https://'.length) === -1 ? '' : target),
    method,
    peer: undefined,
    header: (name) => valuesOf(name).join(', ') || undefined,
    headerValues: valuesOf,
    body: async () => Buffer.from(body ?? ''),
  }
}

const send = (request: WireRequest) => authenticate(toLight(request), 1024 * 1024)
const withHeader = (authorization?: string) => ({
  method: 'GET',
  url: `${origin}/v1/tenants/current`,
  headers: { Host: 'id.example.com:8443', ...(authorization !== undefined && { Authorization: authorization }) },
})
const basic = (text: string) => withHeader(`Basic ${Buffer.from(text).toString('base64')}`)

/** The reason of a refusal; anything but a refusal fails. */
async function reasonOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
  } catch (error) {
    if (Problem.is(error, 'unauthenticated')) return error.detail.reason ?? ''
    throw error
  }
  return 'none: it was accepted'
}

const get = (path: string, query: [string, string][] = []): PlainRequest => ({ method: 'GET', origin, path, query })
const post = (path: string, body: string): PlainRequest => ({ method: 'POST', origin, path, body })
const current = get('/v1/tenants/current')

describe('HTTP Basic', () => {
  test('REST-B1 tells who calls', async () => {
    expect(await send(basic(`${key.id}:${key.secret}`))).toEqual({
      tenant: 'TENANT',
      key: engine.standings.get(key.id)?.key,
      actor: { kind: 'apiKey', id: key.id },
    })
  })

  test('REST-B1 any case of the scheme, blanks, the other alphabet, no padding', async () => {
    engine.add('KEY', '??>>')
    for (const text of ['Basic S0VZOj8/Pj4=', 'bAsIc  S0VZOj8/Pj4 ', 'BASIC\tS0VZOj8_Pj4']) {
      expect((await send(withHeader(text))).actor.id).toBe('KEY')
    }
  })

  test('REST-B5 wrong secrets and unknown keys', async () => {
    for (const secret of ['', 'x', key.secret.slice(1), `${key.secret}x`, key.secret.toUpperCase()]) {
      expect(await reasonOf(send(basic(`${key.id}:${secret}`)))).toBe('wrong API key secret')
    }
    expect(await reasonOf(send(basic(`OTHER:${key.secret}`)))).toBe('unknown API key')
    expect(await reasonOf(send(withHeader()))).toBe('no Authorization header')
  })

  test('ATTACK-I4 a secret is compared for an unknown key too', async () => {
    await reasonOf(send(basic('OTHER:guess')))
    expect(engine.isSecretOf).toHaveBeenCalledTimes(1)
  })

  test('ATTACK-R10 a secret may hold colons: the first one separates', async () => {
    engine.add('KEY', ':a:b:')
    expect((await send(basic('KEY::a:b:'))).key.id).toBe('KEY')
  })
})

describe('who may call', () => {
  const both = ['basic', ...names] as const
  const call = (scheme: (typeof both)[number], { id, secret }: typeof key) =>
    send(scheme === 'basic' ? basic(`${id}:${secret}`) : sign(scheme, { id, secret }, current, { at: start }))

  test.each(both)('REST-B6 no disabled key: %s', async (scheme) => {
    engine.add('KEY', 'secret', { status: 'DISABLED' })
    expect(await reasonOf(call(scheme, { id: 'KEY', secret: 'secret' }))).toBe('the API key is disabled')
    expect(await reasonOf(call(scheme, { id: 'KEY', secret: 'other' }))).not.toContain('disabled')
  })

  test.each(both)('REST-B7 no key of an ordinary account: %s', async (scheme) => {
    engine.add('KEY', 'secret', { administrator: false })
    expect(await reasonOf(call(scheme, { id: 'KEY', secret: 'secret' }))).toContain('does not administer')
    expect(engine.claimNonce).not.toHaveBeenCalled()
  })

  test.each(both)('REST-B8 any key whose account stands as administrator: %s', async (scheme) => {
    engine.add('KEY', 'secret')
    expect((await call(scheme, { id: 'KEY', secret: 'secret' })).key.id).toBe('KEY')
  })
})

describe.each(names)('SAuthc1 as %s signs', (dialect) => {
  const signed = (request: PlainRequest, options = {}) => sign(dialect, key, request, { at: start, ...options })

  test.each<[string, PlainRequest]>([
    ['the first call of every client', current],
    ['no path at all', get('')],
    ['the root', get('/')],
    ['a slash at the end', get('/v1/accounts/')],
    ['doubled slashes', get('/v1//accounts/nobody/')],
    [
      'a query',
      get('/v1/accounts', [
        ['limit', '100'],
        ['expand', 'groups(offset:0,limit:10),customData'],
        ['q', 'jo'],
      ]),
    ],
    [
      'blanks and signs',
      get('/v1/accounts', [
        ['q', 'a b+c*d~e'],
        ['email', 'x+y@example.com'],
        ['createdAt', '[2015-01-01, 2016)'],
      ]),
    ],
    [
      'names with signs',
      get('/v1/accounts', [
        ['customData.a b*~+', 'x'],
        ["!'()*", "!'()*"],
      ]),
    ],
    [
      'names that are the start of others',
      get('/v1/accounts', [
        ['a', '1'],
        ['a-b', '2'],
        ['a.b', '3'],
        ['ab', '4'],
      ]),
    ],
    [
      'names that sort otherwise when encoded',
      get('/v1/accounts', [
        ['a', '1'],
        ['a-b', '2'],
        ['customData.ü', '3'],
        ['customData.z', '4'],
      ]),
    ],
    [
      'another script',
      get('/v1/accounts', [
        ['q', 'Grüße 你好'],
        ['givenName', 'é*'],
        ['customData.ü', '🔑'],
        ['customData.z', '1'],
      ]),
    ],
    [
      'signs that open and close',
      get('/v1/accounts', [
        ['orderBy', 'surname desc,email'],
        ['expand', 'groups(limit:5)'],
        ['customData.x', '(1,2]'],
      ]),
    ],
    ['empty values', get('/v1/accounts', [['q', '']])],
    ['blanks, signs and another script in the path', get("/v1/accounts/x/customData/a b+c*d~e(ü),'你'!:;@&=$")],
    ['a body', post('/v1/accounts/x', '{"givenName":"Zoë",\r\n "surname": ""}')],
    ['an empty body', post('/v1/accounts/x/apiKeys', '')],
    ['a deletion', { method: 'DELETE', origin, path: '/v1/accounts/x' }],
    ['the usual port', { ...current, origin: 'https://id.example.com' }],
    ['a port of its own', { ...current, origin: 'http://127.0.0.1:49152' }],
    ['an IPv6 host', { ...current, origin: 'http://[::1]:3000' }],
    [
      'headers of its own',
      { ...current, headers: { 'X-Stormpath-Agent': '  stormpath-django/1.0  ', 'X-Other': 'x' } },
    ],
  ])('REST-B2 REST-B3 REST-B4 TRAP-T4 %s', async (_, request) => {
    expect((await send(signed(request))).actor).toEqual({ kind: 'apiKey', id: key.id })
  })

  test('REST-B4 any path and query', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 })
    const path = fc
      .array(
        text.filter((each) => !each.includes('/')),
        { maxLength: 4 },
      )
      .map((all) => `/${all.join('/')}`)
    const query = fc.uniqueArray(fc.tuple(text.filter(Boolean), text), { selector: ([name]) => name, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(path, query, async (path, query) => {
        expect((await send(signed(get(path, query)))).key.id).toBe(key.id)
      }),
    )
  })

  test('TRAP-T2 a pair sent twice is one to a client that keeps a map', async () => {
    const once = signed(
      get('/v1/tenants/x', [
        ['a', '1'],
        ['expand', 'customData'],
      ]),
    )
    const twice = signed(
      get('/v1/tenants/x', [
        ['a', '1'],
        ['expand', 'customData'],
        ['expand', 'customData'],
      ]),
    )
    expect((await send({ ...once, url: `${once.url}&expand=customData` })).key.id).toBe(key.id)
    expect((await send(twice)).key.id).toBe(key.id)
  })

  describe('REST-B5 refuses what was altered on the way', () => {
    const request = (): WireRequest =>
      signed({
        ...post('/v1/accounts/x y', '{"status":"ENABLED"}'),
        query: [
          ['expand', 'groups'],
          ['a', 'b c'],
        ],
      })
    const replaced = (name: string, value: string) => {
      const wire = request()
      return { ...wire, headers: { ...wire.headers, [name]: value } }
    }
    const authorization = (from: string | RegExp, to: string | ((found: string) => string)) => {
      const wire = request()
      const header = (wire.headers.Authorization as string).replace(from, to as string)
      expect(header).not.toBe(wire.headers.Authorization)
      return { ...wire, headers: { ...wire.headers, Authorization: header } }
    }
    const unfit = 'the signature does not fit the request'

    test.each<[string, () => WireRequest, string]>([
      ['method', () => ({ ...request(), method: 'DELETE' }), unfit],
      ['path', () => ({ ...request(), url: request().url.replace('/x', '/z') }), unfit],
      ['path: a blank to a plus', () => ({ ...request(), url: request().url.replace('x%20y', 'x+y') }), unfit],
      ['path: encoded twice', () => ({ ...request(), url: request().url.replace('%20', '%2520') }), unfit],
      ['query: a value', () => ({ ...request(), url: request().url.replace('groups', 'apiKeys') }), unfit],
      ['query: a parameter more', () => ({ ...request(), url: `${request().url}&_method=DELETE` }), unfit],
      ['query: a parameter less', () => ({ ...request(), url: request().url.replace(/expand=groups&/, '') }), unfit],
      ['query: a pair to another name', () => ({ ...request(), url: request().url.replace('a=b', 'ab=') }), unfit],
      ['query: broken', () => ({ ...request(), url: `${request().url}%` }), unfit],
      ['body', () => ({ ...request(), body: '{"status": "ENABLED"}' }), unfit],
      ['body taken away', () => ({ ...request(), body: '' }), unfit],
      ['host', () => replaced('Host', 'id.example.org:8443'), unfit],
      ['a signed header', () => replaced('Content-Type', 'text/plain'), unfit],
      ['a signed header taken away', () => replaced('Content-Type', ''), unfit],
      ['date within the window', () => replaced('X-Stormpath-Date', '20260310T093016Z'), unfit],
      [
        'date of another day',
        () => replaced('X-Stormpath-Date', '20260309T093015Z'),
        'the date of the id is not that of X-Stormpath-Date',
      ],
      [
        'date of the id',
        () => authorization('20260310', '20260309'),
        'the date of the id is not that of X-Stormpath-Date',
      ],
      ['nonce', () => authorization(/(?<=\/)[\da-f]{8}(?=-)/, '00000000'), unfit],
      ['key', () => authorization(key.id, 'ANOTHERKEY'), 'unknown API key'],
      ['signature', () => authorization(/(?<=Signature=)./, 'z'), 'malformed SAuthc1 header'],
      ['one digit of the signature', () => authorization(/.$/, (last) => (last === '0' ? '1' : '0')), unfit],
      ['order of the signed headers', () => authorization(/(SignedHeaders=)([^;]+);([^,]+)/, '$1$3;$2'), unfit],
      ['terminator', () => authorization('sauthc1_request', 'sauthc2_request'), 'malformed SAuthc1 header'],
    ])('%s', async (_, altered, reason) => {
      expect(await reasonOf(send(altered()))).toBe(reason)
      expect(engine.claimNonce).not.toHaveBeenCalled()
    })

    test('another secret', async () => {
      const wire = sign(dialect, { ...key, secret: 'another' }, current, { at: start })
      expect(await reasonOf(send(wire))).toBe(unfit)
    })

    test('anything else said by path or query', async () => {
      const text = fc.string({
        unit: fc.constantFrom('a', ' ', '+', '%', '2', '0', 'B', '*', '~', '/', '&', '=', ';', 'ü'),
        maxLength: 5,
      })
      await fc.assert(
        fc.asyncProperty(text, text, text, text, async (path, value, otherPath, otherValue) => {
          fc.pre(path !== otherPath || value !== otherValue)
          const mine = signed(get(`/${path}`, [['q', value]]))
          const other = signed(get(`/${otherPath}`, [['q', otherValue]]))
          // `%2F` and `/` are one to the rule of the contract, and these dialects write none.
          expect(await reasonOf(send({ ...mine, url: other.url }))).toBe(unfit)
        }),
      )
    })
  })

  test('REST-B5 refuses stale and early requests, by the window and not before', async () => {
    const far = 'X-Stormpath-Date is too far from now'
    clock.set(start)
    for (const at of [start - minutes(5), start + minutes(5), start - minutes(60), start + minutes(24 * 60)]) {
      expect(await reasonOf(send(signed(current, { at })))).toBe(far)
    }
    for (const at of [start - minutes(5) + 1000, start + minutes(5) - 1000]) {
      expect((await send(signed(current, { at }))).key.id).toBe(key.id)
    }
  })

  test('REST-B5 refuses a replay, and a nonce belongs to its key', async () => {
    engine.add('KEY', 'secret')
    const nonce = 'b376c73c-516f-4fdb-970d-497264dd76aa'
    const wire = signed(current, { nonce })
    await send(wire)
    expect(engine.claimNonce).toHaveBeenCalledWith(key.id, nonce, start, start + minutes(5))
    expect(await reasonOf(send(wire))).toBe('the nonce has been used before')
    expect(await reasonOf(send(signed(get('/v1/accounts/x'), { nonce })))).toBe('the nonce has been used before')
    await send(sign(dialect, { id: 'KEY', secret: 'secret' }, current, { at: start, nonce }))
  })

  test('ATTACK-A1 of many who send the same request at once one is heard', async () => {
    const wire = signed(current)
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => send(wire)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('SAuthc1', () => {
  const wire = () => sign('java', key, current, { at: start })
  const rewritten = (rewrite: (header: string) => string) => {
    const { headers, ...request } = wire()
    return { ...request, headers: { ...headers, Authorization: rewrite(headers.Authorization as string) } }
  }

  test('TRAP-T4 the header may be spaced, ordered and cased as one likes', async () => {
    for (const rewrite of [
      (text: string) => text.replaceAll(', ', ','),
      (text: string) => text.replaceAll(', ', '  ,   ').replaceAll('=', ' = '),
      (text: string) => text.replace('SAuthc1 ', 'sauthc1   '),
      (text: string) => text.replaceAll('sauthc1I', 'SAUTHC1i').replace(/[\da-f]{64}$/, (hex) => hex.toUpperCase()),
      (text: string) => `SAuthc1 ${text.slice('SAuthc1 '.length).split(', ').reverse().join(', ')}`,
    ]) {
      expect((await send(rewritten(rewrite))).key.id).toBe(key.id)
    }
  })

  test.each([
    (text: string) => text.replace(/, sauthc1Signature=.*/, ''),
    (text: string) => text.replace(/sauthc1Id=[^,]*, /, ''),
    (text: string) => text.replace(/sauthc1SignedHeaders=[^,]*, /, ''),
    (text: string) => `${text}, ${text.slice('SAuthc1 '.length)}`,
    (text: string) => text.replace('host;', ''),
    (text: string) => text.replace(';x-stormpath-date', ''),
    (text: string) => text.replace('host;', 'host;;'),
    (text: string) => text.replace('/sauthc1_request', ''),
    (text: string) => text.replace('/sauthc1_request', '/more/sauthc1_request'),
    (text: string) => text.replace(/\/[\da-f-]{36}/, '/'),
    (text: string) => text.replace(/\/[\da-f-]{36}/, `/${'a'.repeat(129)}`),
    (text: string) => text.replace(key.id, ''),
    (text: string) => text.replace(key.id, '\u0000'),
    (text: string) => text.replace(/.$/, ''),
    (text: string) => text.replace(/$/, '0'),
    () => 'SAuthc1 ,,,=,=',
    () => 'SAuthc1 sauthc1Id',
  ])('ATTACK-J14 malformed: %s', async (rewrite) => {
    expect(await reasonOf(send(rewritten(rewrite)))).toBe('malformed SAuthc1 header')
    expect(engine.apiKeyStanding).not.toHaveBeenCalled()
  })

  test.each([
    '',
    '20260310',
    '2026-03-10T09:30:15Z',
    '20260310T093015',
    '20260230T093015Z',
    '20260310T253015Z',
    '20260310T093015Z\n20260310T093015Z',
  ])('ATTACK-J14 a malformed date: %j', async (date) => {
    const { headers, ...request } = wire()
    expect(await reasonOf(send({ ...request, headers: { ...headers, 'X-Stormpath-Date': date } }))).toBe(
      'malformed X-Stormpath-Date',
    )
  })

  test('a signed header that is empty must be there', async () => {
    const { headers, ...request } = sign('java', key, { ...current, headers: { 'X-Empty': '' } }, { at: start })
    const { 'X-Empty': _, ...others } = headers
    expect(await reasonOf(send({ ...request, headers: others }))).toContain('does not fit')
    expect((await send({ ...request, headers })).key.id).toBe(key.id)
  })

  test('a header that came several times was signed as one, joined by commas', async () => {
    const request = sign('java', key, { ...current, headers: { 'X-Many': 'a,b' } }, { at: start })
    expect((await send({ ...request, headers: { ...request.headers, 'X-Many': 'a \n b' } })).key.id).toBe(key.id)
  })

  test('a secret is opened once a day and not again until it is another', async () => {
    for (let i = 0; i < 3; i++) await send(sign('java', key, current, { at: start }))
    expect(engine.secretOf).toHaveBeenCalledTimes(1)
    clock.advance(minutes(24 * 60))
    await send(sign('java', key, current, { at: clock.now() }))
    expect(engine.secretOf).toHaveBeenCalledTimes(2)
    engine.add(key.id, 'rotated')
    expect(await reasonOf(send(sign('java', key, current, { at: clock.now() })))).toContain('does not fit')
    await send(sign('java', { ...key, secret: 'rotated' }, current, { at: clock.now() }))
    expect(engine.secretOf).toHaveBeenCalledTimes(3)
  })

  test('on either side of midnight both days are known', async () => {
    const midnight = Date.UTC(2026, 2, 11)
    clock.set(midnight)
    for (const at of [midnight - 1000, midnight + 1000, midnight - 2000, midnight])
      await send(sign('java', key, current, { at }))
    expect(engine.secretOf).toHaveBeenCalledTimes(2)
  })

  test('the window is a setting', async () => {
    const wide = createAuthenticator({ engine, clock, windowMinutes: 15 })
    const early = sign('java', key, current, { at: start - minutes(14) })
    expect((await wide(toLight(early), 0)).key.id).toBe(key.id)
    for (const windowMinutes of [0, -1, 15.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => createAuthenticator({ engine, clock, windowMinutes })).toThrow(RangeError)
    }
  })
})

describe('ATTACK-J14 whatever the header holds', () => {
  test.each([
    '',
    ' ',
    'Basic',
    'Basic ',
    'Basic %%%',
    'Basic =',
    'Basic Og==',
    'Basic !!!!',
    `Basic ${Buffer.from('no colon').toString('base64')}`,
    `Basic ${Buffer.from('\0:\0').toString('base64')}`,
    `Basic ${Buffer.from([0xff, 0x3a, 0xff]).toString('base64')}`,
    `Basic ${Buffer.from(`${'K'.repeat(129)}:x`).toString('base64')}`,
    'Bearer ',
    'Bearer abc',
    'Digest username="x"',
    'nonsense',
    'SAuthc1',
  ])('%j', async (header) => {
    expect(await reasonOf(send(withHeader(header)))).not.toMatch(/^none/)
    expect(engine.apiKeyStanding).not.toHaveBeenCalled()
  })

  test('of any length', async () => {
    expect(await reasonOf(send(withHeader(`Basic ${'A'.repeat(100_000)}`)))).not.toMatch(/^none/)
    expect(await reasonOf(send(withHeader(`SAuthc1 ${'a=b,'.repeat(100_000)}`)))).not.toMatch(/^none/)
  })

  test('nothing but a refusal', async () => {
    const fields = fc
      .tuple(fc.constantFrom('sauthc1Id', 'sauthc1SignedHeaders', 'sauthc1Signature', 'x'), fc.string())
      .map((pair) => pair.join('='))
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((text) => `Basic ${text}`),
      fc.uint8Array().map((bytes) => `Basic ${Buffer.from(bytes).toString('base64')}`),
      fc.array(fields, { maxLength: 5 }).map((all) => `SAuthc1 ${all.join(',')}`),
    )
    const request = fc.record({
      method: fc.string(),
      path: fc.string({ unit: 'binary' }),
      query: fc.string({ unit: 'binary' }),
      date: fc.string(),
    })
    await fc.assert(
      fc.asyncProperty(header, request, async (authorization, { method, path, query, date }) => {
        const light = toLight({
          method,
          url: `${origin}/`,
          headers: { Authorization: authorization, Host: 'x', 'X-Stormpath-Date': date },
        })
        expect(await reasonOf(authenticate({ ...light, path, query }, 1024))).not.toMatch(/^none/)
      }),
      { numRuns: 1_000 },
    )
  })

  test('any target under a well-formed header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (path, query) => {
        const light = toLight(sign('java', key, current, { at: start }))
        expect(await reasonOf(authenticate({ ...light, path, query }, 1024))).toBe(
          'the signature does not fit the request',
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
