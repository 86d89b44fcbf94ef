import { expect, test } from 'vitest'
import {
  accountValues,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  idOf,
  link,
  unique,
} from './harness.ts'

const JSON_UTF8 = 'application/json;charset=UTF-8'
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

describeConformance('JSON over HTTP', (service) => {
  test('REST-A1 text of any script comes back as it was sent', async () => {
    const description = 'Grüße, 你好, שלום, 🔑 "quoted" \\ \u2028'
    const directory = await service().newDirectory({ description })
    expect((await service().read(directory.href)).description).toBe(description)
  })

  test('REST-A1 every answer with a body is application/json;charset=UTF-8', async () => {
    const created = await service().post('/directories', { name: unique('Directory') })
    const read = await service().get(created.body.href)
    const updated = await service().post(created.body.href, { description: 'x' })
    const listed = await service().get('/directories')
    const refused = await service().get('/directories/nothing')
    for (const answer of [created, read, updated, listed, refused]) {
      expect(answer.headers.get('content-type')).toBe(JSON_UTF8)
    }
  })

  test.each(['application/json', '*/*', 'text/html, */*;q=0.1'])(
    'REST-A1 a client that accepts %s is answered in JSON',
    async (accept) => {
      const answer = await service().get(service().tenant.href, { headers: { accept } })
      expect(expectStatus(answer, 200).headers.get('content-type')).toBe(JSON_UTF8)
    },
  )

  test('REST-A2 TRAP-T8 a creation answers 201 with Location and the whole resource', async () => {
    const answer = await service().post('/directories', { name: unique('Directory') })
    expectStatus(answer, 201)
    expect(answer.headers.get('location')).toBe(answer.body.href)
    expect(await service().read(answer.body.href)).toEqual(answer.body)
  })

  test('REST-A3 an update changes the attributes that were sent and no others', async () => {
    const name = unique('Directory')
    const { href } = await service().newDirectory({ name, description: 'before', status: 'DISABLED' })
    const answer = await service().post(href, { description: 'after' })
    expectStatus(answer, 200)
    expect(answer.body).toMatchObject({ href, name, description: 'after', status: 'DISABLED' })
    expect(await service().read(href)).toEqual(answer.body)
  })

  test('REST-A3 null clears an optional attribute', async () => {
    const { href } = await service().newDirectory({ description: 'before' })
    await service().update(href, { description: null })
    expect((await service().read(href)).description).toBeNull()
  })

  test('REST-A4 a deletion answers 204 without a body, and the resource is gone', async () => {
    const { href } = await service().newDirectory()
    const answer = await service().delete(href)
    expectStatus(answer, 204)
    expect(answer.text).toBe('')
    expectNotFound(await service().get(href))
    expectNotFound(await service().post(href, { name: 'again' }))
  })

  test('REST-A4 deleting what is already deleted answers 204 again, and 404 for what never was', async () => {
    const { href } = await service().newDirectory()
    await service().remove(href)
    expectStatus(await service().delete(href), 204)
    expectNotFound(await service().delete('/directories/neverThere0000000000'))
  })

  test('REST-A5 POST with _method=DELETE deletes', async () => {
    const { href } = await service().newDirectory()
    expectStatus(await service().post(`${href}?_method=DELETE`), 204)
    expectNotFound(await service().get(href))
  })

  test.each(['PUT', 'PATCH'])('REST-A6 %s is not supported', async (method) => {
    const { href } = await service().newDirectory()
    expectError(await service().request(method, href, { body: { name: 'x' } }), 405, 1100)
  })

  test('REST-A6 what cannot be created, changed or deleted answers 405', async () => {
    const { href } = service().tenant
    const directory = await service().newDirectory()
    expectError(await service().delete(href), 405, 1100)
    expectError(await service().delete(directory.provider.href), 405, 1100)
    expectError(await service().delete('/directories'), 405, 1100)
    expectError(await service().post('/groups', { name: 'nowhere' }), 405, 1100)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data'])(
    'REST-A7 a body of type %s is refused and the expected type named',
    async (contentType) => {
      const answer = await service().post('/directories', '{"name":"x"}', { headers: { 'content-type': contentType } })
      expectError(answer, 415, 1101, { developerMessage: expect.stringContaining('application/json') })
    },
  )

  test.each(['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'APPLICATION/JSON'])(
    'REST-A7 a body of type %s is taken',
    async (contentType) => {
      const headers = { 'content-type': contentType }
      expectStatus(await service().post('/directories', { name: unique('Directory') }, { headers }), 201)
    },
  )

  test('REST-A8 TRAP-T26 every kind of error is JSON with all its members', async () => {
    const name = unique('Directory')
    const { href } = await service().newDirectory({ name })
    expectError(await service().post('/directories', '{"name": '), 400, 400)
    expectError(await service().post(href, { unheardOf: 1 }), 400, 2015)
    expectError(await service().get(href, { auth: null }), 401, 401)
    expectError(await service().get(`${href}/unheardOf`), 404, 404)
    expectError(await service().get('/unheardOf'), 404, 404)
    expectError(await service().request('PUT', href, { body: {} }), 405, 1100)
    expectError(await service().post('/directories', { name }), 409, 2001)
    expectError(await service().post('/directories', 'x', { headers: { 'content-type': 'text/plain' } }), 415, 1101)
  })

  test.each(['[]', '"text"', '42', 'true', 'nonsense', '{"name":"a"} {"name":"b"}', '{name:"a"}', '\u0000'])(
    'REST-A8 the body %j is no object and is refused without harm',
    async (body) => {
      const answer = await service().post('/directories', body)
      expect(answer.status).toBe(400)
      expectError(answer, 400, answer.body.code)
    },
  )

  test('REST-A8 two errors have different request ids', async () => {
    const [one, other] = [await service().get('/x'), await service().get('/x')]
    expect(one.body.requestId).not.toBe(other.body.requestId)
  })

  test('REST-A8 a body above 1 MiB is refused and nothing stored', async () => {
    const name = unique('Directory')
    const answer = await service().post('/directories', { name, description: 'x'.repeat(1024 * 1024) })
    expect([400, 413]).toContain(answer.status)
    expectError(answer, answer.status, answer.body.code)
    expect((await service().read(`/directories?name=${name}`)).size).toBe(0)
  })

  test('REST-A8 a body nested deeper than 100 levels is refused and nothing stored', async () => {
    const { customData } = await service().newDirectory()
    const deep = `{"deep":${'['.repeat(150)}${']'.repeat(150)}}`
    expectStatus(await service().post(customData.href, deep), 400)
    expect(await service().read(customData.href)).not.toHaveProperty('deep')
  })

  test('REST-A9 successful answers carry a request id, each its own', async () => {
    const name = unique('Directory')
    const created = await service().post('/directories', { name })
    const answers = [created, await service().get(created.body.href), await service().get('/directories')]
    const ids = answers.map(({ headers }) => headers.get('stormpath-request-id'))
    for (const id of ids) expect(id).toMatch(UUID)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('REST-A10 TRAP-T16 an unknown resource is 404 with the standard sentence', async () => {
    expectNotFound(await service().get('/accounts/1234567890abcdefghij'))
    expectNotFound(await service().post('/groups/1234567890abcdefghij', { name: 'x' }))
    expectNotFound(await service().get('/directories/1234567890abcdefghij/accounts'))
    expectNotFound(await service().get('/tenants/1234567890abcdefghij'))
  })

  test('REST-A10 an id of one kind of resource does not open another kind', async () => {
    const directory = await service().newDirectory()
    expectNotFound(await service().get(`/applications/${idOf(directory)}`))
    expectNotFound(await service().get(`/groups/${idOf(directory)}`))
  })

  test('REST-A10 a doubled slash before an unknown id is a JSON 404, never a redirect', async () => {
    expectNotFound(await service().get(`${service().baseUrl}//accounts/XXX/`))
  })

  test('REST-A10 a trailing slash is no difference', async () => {
    const directory = await service().newDirectory()
    expect(await service().read(`${directory.href}/`)).toEqual(directory)
    expect((await service().read(`${directory.accounts.href}/`)).href).toBe(directory.accounts.href)
    expectStatus(await service().post('/directories/', { name: unique('Directory') }), 201)
  })

  test.each(['%00', '%FF', '..%2F..%2Fetc', "'", '%25', 'a'.repeat(3000)])(
    'REST-A10 TRAP-T26 the strange id %s is simply unknown',
    async (id) => {
      const { status } = await service().get(`/accounts/${id}`)
      expect([400, 404]).toContain(status)
    },
  )

  test('REST-A16 timestamps are ISO-8601 UTC with milliseconds, and modifiedAt moves on a change', async () => {
    const before = await service().newDirectory()
    expect(before.createdAt).toMatch(TIMESTAMP)
    expect(before.createdAt).toBe(new Date(service().clock.now()).toISOString())
    expect(before.modifiedAt).toBe(before.createdAt)
    service().clock.advance(1234)
    const after = await service().update(before.href, { description: 'moved' })
    expect(after.createdAt).toBe(before.createdAt)
    expect(Date.parse(after.modifiedAt) - Date.parse(before.modifiedAt)).toBe(1234)
  })

  test('REST-A19 an unknown query parameter on a single resource is ignored', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory)
    expect(await service().read(`${account.href}?nocache=true`)).toEqual(account)
    expect(await service().read(`${directory.href}?nocache=true&whatever=1`)).toEqual(directory)
  })

  test('TRAP-T25 GET and DELETE may carry a content type', async () => {
    const { href } = await service().newDirectory()
    const headers = { 'content-type': 'application/json' }
    expectStatus(await service().get(href, { headers }), 200)
    expectStatus(await service().delete(href, { headers }), 204)
  })

  test('TRAP-T25 parameters for the encryption of secrets do no harm where there is no secret', async () => {
    const query = '?encryptSecret=true&encryptionKeySize=256&encryptionKeyIterations=1024&encryptionKeySalt=c2FsdA'
    const answer = await service().post(`/directories${query}`, { name: unique('Directory') })
    expectStatus(answer, 201)
    expectStatus(await service().get(answer.body.href + query), 200)
    expectStatus(await service().delete(answer.body.href + query), 204)
  })
})

describeConformance('Hrefs', (service) => {
  /** Every href in a representation, at any depth. */
  function hrefsIn(value: unknown): string[] {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, member]) => (key === 'href' ? [member as string] : hrefsIn(member)))
  }

  test('REST-A11 TRAP-T2 all hrefs begin with the base URL', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    await service().newAccount(directory)
    const representation = await service().read(
      `${application.href}?expand=accounts,tenant,accountStoreMappings,customData`,
    )
    const hrefs = hrefsIn(representation)
    expect(hrefs.length).toBeGreaterThan(20)
    for (const href of hrefs) expect(href.startsWith(`${service().baseUrl}/`), href).toBe(true)
  })

  test('REST-A11 TRAP-T2 OPS-O14 hrefs and Location do not follow the host by which the client calls', async () => {
    const { send, baseUrl, key } = service()
    const alias = baseUrl.replace('127.0.0.1', 'localhost').replace('latchkey.test', 'alias.latchkey.test')
    const authorization = `Basic ${btoa(`${key.id}:${key.secret}`)}`
    const response = await send({
      method: 'POST',
      url: `${alias}/directories`,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name: unique('Directory') }),
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('location')?.startsWith(`${baseUrl}/directories/`)).toBe(true)
    for (const href of hrefsIn(await response.json())) expect(href.startsWith(`${baseUrl}/`), href).toBe(true)
  })

  test('TRAP-T2 a duplicated identical parameter is tolerated', async () => {
    const { href } = service().tenant
    const tenant = await service().read(`${href}?expand=customData&expand=customData`)
    expect(tenant.customData).toHaveProperty('createdAt')
  })

  test('TRAP-T7 a link that is not expanded holds its href and nothing else', async () => {
    const { application } = await service().newApplicationWithDirectory()
    for (const [name, value] of Object.entries(application)) {
      if (value !== null && typeof value === 'object' && 'href' in value)
        expect(Object.keys(value), name).toEqual(['href'])
    }
  })
})

describeConformance('Bodies', (service) => {
  test('REST-A12 TRAP-T3 computed, read-only and linked members are ignored and stay as they are', async () => {
    const directory = await service().newDirectory()
    const other = await service().newDirectory()
    const account = await service().newAccount(directory)
    const after = await service().update(account.href, {
      href: other.href,
      createdAt: '2001-01-01T00:00:00.000Z',
      modifiedAt: '2001-01-01T00:00:00.000Z',
      passwordModifiedAt: '2001-01-01T00:00:00.000Z',
      fullName: 'Somebody Else',
      tenant: { href: `${service().baseUrl}/tenants/other` },
      directory: link(other),
      groups: { href: 'nowhere', items: [{ name: 'root' }] },
      middleName: 'King',
    })
    expect(after).toEqual({
      ...account,
      middleName: 'King',
      fullName: 'Ada King Lovelace',
      modifiedAt: after.modifiedAt,
    })
    expect(await service().read(account.href)).toEqual(after)
  })

  test('REST-A12 TRAP-T3 a representation with expanded links can be posted back whole', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    await service().newAccount(directory)
    await service().newGroup(directory)
    await service().update(application.customData.href, { plan: 'free' })
    const whole = await service().read(
      `${application.href}?expand=tenant,customData,accounts,groups,accountStoreMappings`,
    )
    const answer = await service().post(application.href, { ...whole, description: 'saved' })
    expectStatus(answer, 200)
    const after = await service().read(application.href)
    expect(answer.body).toEqual(after)
    expect({ ...after, modifiedAt: '' }).toEqual({ ...application, description: 'saved', modifiedAt: '' })
    expect((await service().read(application.customData.href)).plan).toBe('free')
  })

  test('REST-A12 nulls for links that are null are accepted', async () => {
    const application = await service().newApplication()
    expect(application.defaultAccountStoreMapping).toBeNull()
    await service().update(application.href, { ...application, description: 'x' })
  })

  test('REST-A12 the answer to a save shows custom data as a bare link', async () => {
    const directory = await service().newDirectory()
    const answer = await service().update(directory.href, { customData: { a: 1 } })
    expect(answer.customData).toEqual(link(directory.customData))
  })

  test('REST-A13 an unknown member is refused by name, on creation and on change', async () => {
    const { href, name } = await service().newDirectory()
    const names = { developerMessage: expect.stringContaining('unheardOf') }
    expectError(await service().post('/directories', { name: unique('Directory'), unheardOf: 1 }), 400, 2015, names)
    expectError(await service().post(href, { name: 'changed', unheardOf: null }), 400, 2015, names)
    expect((await service().read(href)).name).toBe(name)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'REST-A13 %s is an unknown member like any other',
    async (name) => {
      const body = `{"name":${JSON.stringify(unique('Directory'))},"${name}":{"status":"DISABLED"}}`
      expectError(await service().post('/directories', body), 400, 2015)
    },
  )

  test.each([
    ['null', { name: null }],
    ['missing', {}],
    ['empty', { name: '' }],
    ['blank', { name: ' \t ' }],
  ])('REST-A14 a required property that is %s is refused with the exact sentence', async (_, body) => {
    const text = 'Application name is required; it cannot be null, empty, or blank.'
    expectError(await service().post('/applications', { description: 'x', ...body }), 400, 2000, {
      developerMessage: text,
    })
  })

  test.each([
    ['null', null],
    ['empty', ''],
    ['blank', '  '],
  ])('REST-A14 a required property cannot become %s', async (_, name) => {
    const application = await service().newApplication()
    expectError(await service().post(application.href, { name }), 400, 2000)
    expect((await service().read(application.href)).name).toBe(application.name)
  })

  test('REST-A14 the e-mail address of an account is required', async () => {
    const directory = await service().newDirectory()
    const { email: _, ...values } = accountValues()
    const text = 'Account email is required; it cannot be null, empty, or blank.'
    expectError(await service().post(directory.accounts.href, values), 400, 2000, { developerMessage: text })
  })

  test('REST-A14 the password of an account is required', async () => {
    const directory = await service().newDirectory()
    const { password: _, ...values } = accountValues()
    const text = 'Account password is required; it cannot be null, empty, or blank.'
    expectError(await service().post(directory.accounts.href, values), 400, 2000, { developerMessage: text })
  })

  test('REST-A14 an update without any attribute is refused', async () => {
    const { href } = await service().newDirectory()
    expectError(await service().post(href, {}), 400, 2000)
  })

  test.each(['disabled', 'Disabled', 'DISABLED'])('REST-A15 TRAP-T21 the status %s is understood', async (status) => {
    expect((await service().newDirectory({ status })).status).toBe('DISABLED')
  })

  test('REST-A15 TRAP-T21 booleans and numbers may come as strings', async () => {
    const application = await service().newApplication()
    const values = { isDefaultAccountStore: 'true', isDefaultGroupStore: 'false', listIndex: '0' }
    const mapping = await service().newMapping(application, await service().newDirectory(), values)
    expect(mapping).toMatchObject({ isDefaultAccountStore: true, isDefaultGroupStore: false, listIndex: 0 })
  })

  test('REST-A17 TRAP-T25 a body may be absent, empty, {} or null where nothing is required', async () => {
    const account = await service().newAccount(await service().newDirectory())
    const headers = { 'content-type': 'application/json' }
    for (const body of [undefined, '', '{}', 'null', ' ']) {
      const answer = await service().post(account.apiKeys.href, body, body === undefined ? {} : { headers })
      expectStatus(answer, 201)
    }
    expectStatus(await service().post(account.apiKeys.href, undefined, { headers }), 201)
  })

  test('REST-A17 TRAP-T25 an empty body where something is required is told so', async () => {
    for (const body of [undefined, '', '{}', 'null']) {
      expectError(await service().post('/applications', body), 400, 2000)
    }
  })

  test.each([
    ['name', { a: 1 }],
    ['name', ['a']],
    ['name', 42],
    ['name', true],
    ['description', {}],
    ['status', []],
    ['authorizedCallbackUris', 'https://example.com'],
    ['authorizedCallbackUris', [1]],
    ['customData', 'text'],
  ])('REST-A18 the property %s set to %j has the wrong type', async (property, value) => {
    const answer = await service().post('/applications', { name: unique('Application'), [property]: value })
    expectError(answer, 400, 2004, { developerMessage: expect.stringContaining(property) })
  })

  test.each(['plain', 'a@', '@b.example', 'a b@c.example', 'a@b@c.example', 'a@b.example\r\nBcc: x@y.example'])(
    'REST-A18 the e-mail %j has a bad format',
    async (email) => {
      const directory = await service().newDirectory()
      expectError(await service().post(directory.accounts.href, accountValues({ email })), 400, 2006)
    },
  )

  test('REST-A18 texts longer than allowed are refused, and of just the allowed length taken', async () => {
    const texts: [string, string, number][] = [
      ['/directories', 'name', 255],
      ['/directories', 'description', 1000],
      ['/applications', 'name', 255],
      ['/applications', 'description', 4000],
      ['/organizations', 'description', 1000],
    ]
    for (const [to, property, length] of texts) {
      const values = { name: unique('thing'), ...(to === '/organizations' ? { nameKey: unique('key') } : {}) }
      const fitting = unique('text').padEnd(length, 'x')
      expectStatus(await service().post(to, { ...values, [property]: fitting }), 201)
      expectError(await service().post(to, { ...values, [property]: `${fitting}x` }), 400, 2008)
    }
  })

  test('REST-A18 an address of more than 255 characters is too long', async () => {
    const directory = await service().newDirectory()
    const values = accountValues({
      email: `someone@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`,
    })
    expectError(await service().post(directory.accounts.href, values), 400, 2008)
  })

  test('REST-A18 numbers outside of their range are refused', async () => {
    const directory = await service().newDirectory()
    const { strength } = await service().read(directory.passwordPolicy.href)
    for (const [values, codes] of [
      [{ minLength: 0 }, [2009, 2013]],
      [{ minLength: 256 }, [2010, 2013]],
      [{ minSymbol: -1 }, [2009, 2013]],
      [{ minSymbol: 256 }, [2010, 2013]],
    ] as const) {
      const answer = await service().post(strength.href, values)
      expect(codes).toContain(answer.body.code)
      expectError(answer, 400, answer.body.code)
    }
  })

  test.each([1.5, 'many', '1.5', {}, true])('REST-A18 %j is no whole number', async (minLength) => {
    const directory = await service().newDirectory()
    const { strength } = await service().read(directory.passwordPolicy.href)
    expectError(await service().post(strength.href, { minLength }), 400, 2004)
  })

  test('REST-A18 a word outside of an enumeration is an unsupported value', async () => {
    expectError(await service().post('/directories', { name: unique('Directory'), status: 'SLEEPING' }), 400, 2003)
  })

  test('REST-A18 a reference to nothing is told from a reference that is no href', async () => {
    const account = await service().newAccount(await service().newDirectory())
    const nonsense = { account: link(account), group: { href: 'not found' } }
    expectError(await service().post('/groupMemberships', nonsense), 400, 2002)
    const dangling = { account: link(account), group: { href: `${service().baseUrl}/groups/1234567890abcdefghij` } }
    expectError(await service().post('/groupMemberships', dangling), 400, 2014)
  })

  test('TRAP-T20 a value that must be unique is a conflict, most other refusals are bad requests', async () => {
    const { name } = await service().newDirectory()
    expectError(await service().post('/directories', { name }), 409, 2001, {
      developerMessage: expect.stringContaining('name'),
    })
    expectError(await service().post('/directories', { name: 7 }), 400, 2004)
  })

  test('TRAP-T30 the origins of an application are understood in three spellings', async () => {
    const { href } = await service().newApplication()
    for (const spelling of ['Uris', 'URIs', 'URLs']) {
      const uri = `https://${spelling.toLowerCase()}.example.com`
      const after = await service().update(href, { [`authorizedOrigin${spelling}`]: [uri] })
      expect(after.authorizedOriginUris).toContain(uri)
      expect(after).not.toHaveProperty('authorizedOriginURIs')
    }
  })

  test('TRAP-T30 the origins of the ID Site are understood in three spellings', async () => {
    const { items } = await service().read(service().tenant.idSites.href)
    for (const spelling of ['Uris', 'URIs', 'URLs']) {
      const uris = [`https://${spelling.toLowerCase()}.example.com`]
      const after = await service().update(items[0].href, { [`authorizedOrigin${spelling}`]: uris })
      expect(after.authorizedOriginUris).toEqual(uris)
      expect(after).not.toHaveProperty('authorizedOriginURIs')
      expect(after).not.toHaveProperty('authorizedOriginURLs')
    }
  })
})
