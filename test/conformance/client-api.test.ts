import { expect, test } from 'vitest'
import {
  type Answer,
  type Body,
  basic,
  type Client,
  describeConformance,
  expectError,
  expectStatus,
  idOf,
  type Json,
  link,
  PASSWORD,
  type Service,
  unique,
} from './harness.ts'

const SPA = 'https://spa.example.com'

/** The Client API of one application, as a front end calls it. */
class Front {
  readonly #service: Service
  readonly address: string

  constructor(service: Service, { dnsLabel }: Json) {
    this.#service = service
    this.address = `${service.app.baseUrl}/client/${dnsLabel}`
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const response = await this.#service.send({
      method,
      url: `${this.address}${path}`,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(text !== undefined && { body: text }),
    })
    const answer = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && answer !== ''
    return {
      status: response.status,
      headers: response.headers,
      text: answer,
      body: isJson ? JSON.parse(answer) : undefined,
    }
  }

  get = (path: string, headers?: Record<string, string>) => this.ask('GET', path, undefined, headers)
  post = (path: string, body?: unknown, headers?: Record<string, string>) => this.ask('POST', path, body, headers)

  form(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const type = { 'content-type': 'application/x-www-form-urlencoded', ...headers }
    return this.post(path, new URLSearchParams(fields).toString(), type)
  }

  async logIn(username: string, password = PASSWORD): Promise<Json> {
    return expectStatus(await this.form('/oauth/token', { grant_type: 'password', username, password }), 200).body
  }

  me = (token: string) => this.get('/me', { authorization: `Bearer ${token}` })
}

describeConformance('Client API', (service) => {
  test('REST-U1 REST-E8-webconfig an application has a web configuration, with the defaults of the preset', async () => {
    const old = await service().secondTenant('stormpath')
    for (const [client, status] of [
      [service(), 'DISABLED'],
      [old, 'ENABLED'],
    ] as const) {
      const application = await client.newApplication()
      const config = await client.read(application.webConfig.href)
      expect(config).toMatchObject({
        href: `${service().baseUrl}/applicationWebConfigs/${idOf(application)}`,
        dnsLabel: expect.stringMatching(/^[a-z]+-[a-z]+-[a-z0-9]{6}$/),
        status,
        oauth2: { enabled: true },
        register: { enabled: true },
        login: { enabled: true },
        verifyEmail: { enabled: null },
        forgotPassword: { enabled: null },
        changePassword: { enabled: null },
        me: { enabled: true, expand: { apiKeys: false, customData: false, groups: false, tenant: false } },
        signingApiKey: { href: `${service().baseUrl}/apiKeys/${client.key.id}` },
        application: link(application),
      })
      expect(config.domainName).toBe(`${config.dnsLabel}.${appsDomain()}`)
      expect((await client.read(`${application.href}?expand=webConfig`)).webConfig).toEqual(config)
    }
  })

  test('REST-U1 updates merge, null inherits, and a label is taken once in the whole service', async () => {
    const { webConfig } = await service().newApplication()
    const { href } = webConfig
    await service().update(href, { me: { expand: { groups: 'true' } }, verifyEmail: { enabled: false } })
    const changed = await service().update(href, { me: { expand: { customData: true } }, login: { enabled: false } })
    expect(changed).toMatchObject({
      me: { enabled: true, expand: { groups: true, customData: true, tenant: false } },
      verifyEmail: { enabled: false },
      login: { enabled: false },
    })
    expect((await service().update(href, { verifyEmail: { enabled: null } })).verifyEmail).toEqual({ enabled: null })
    const dnsLabel = unique('label')
    const named = await service().update(href, { dnsLabel })
    expect(named).toMatchObject({ dnsLabel, domainName: `${dnsLabel}.${appsDomain()}` })
    const stranger = await service().secondTenant()
    const theirs = (await stranger.newApplication()).webConfig
    expectError(await stranger.post(theirs.href, { dnsLabel }), 409, 2001)
    for (const bad of ['-a', 'a_b', 'A', 'a.b', 'x'.repeat(64)]) {
      expectStatus(await service().post(href, { dnsLabel: bad }), 400)
    }
    expectError(await service().post(href, { me: { expand: { password: true } } }), 400, 2015)
    expectError(await service().post(href, { login: { enabled: 'perhaps' } }), 400, 2004)
  })

  test('REST-U1 only an API key of an administrator signs, and it may be nulled', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const ordinary = await service().newApiKey(await service().newAccount(directory))
    const { href } = application.webConfig
    expectError(await service().post(href, { signingApiKey: link(ordinary) }), 400, 2002)
    expect((await service().update(href, { signingApiKey: null })).signingApiKey).toBeNull()
    const own = { href: `${service().baseUrl}/apiKeys/${service().key.id}` }
    expect((await service().update(href, { signingApiKey: own })).signingApiKey).toEqual(own)
  })

  test('REST-U1 the application of administrators has no domain and cannot be opened', async () => {
    const { items } = await service().read('/applications?name=Stormpath')
    const config = await service().read(items[0].webConfig.href)
    expect(config).toMatchObject({ status: 'DISABLED', dnsLabel: null, domainName: null })
    expectError(await service().post(config.href, { status: 'ENABLED' }), 400, 2002)
    expectError(await service().post(config.href, { dnsLabel: unique('admin') }), 400, 2002)
  })

  test('REST-U2 what is disabled, unknown or switched off is not there', async () => {
    const { front, config, application } = await newFront()
    expectStatus(await front.get('/login'), 200)
    const switches = [
      ['login', 'GET', '/login'],
      ['register', 'POST', '/register'],
      ['oauth2', 'POST', '/oauth/token'],
      ['oauth2', 'POST', '/oauth/revoke'],
      ['me', 'GET', '/me'],
      ['forgotPassword', 'POST', '/forgot'],
      ['changePassword', 'POST', '/change'],
      ['verifyEmail', 'POST', '/verify'],
    ] as const
    for (const [name, method, path] of switches) {
      await service().update(config.href, { [name]: { enabled: false } })
      const answer = await front.ask(method, path, method === 'POST' ? {} : undefined)
      expectStatus(answer, 404)
      await service().update(config.href, { [name]: { enabled: true } })
    }
    expectStatus(await front.get('/logout'), 404)
    expectStatus(await new Front(service(), { dnsLabel: 'nobodys-label' }).get('/login'), 404)
    await service().update(application.href, { status: 'DISABLED' })
    expectStatus(await front.get('/login'), 404)
    await service().update(application.href, { status: 'ENABLED' })
    await service().update(config.href, { status: 'DISABLED' })
    expectStatus(await front.get('/login'), 404)
  })

  test('REST-U2 mail endpoints follow the workflows of the default store', async () => {
    const { front, directory } = await newFront()
    expectStatus(await front.get('/forgot'), 200)
    expectStatus(await front.post('/verify', { login: 'x' }), 404)
    await service().update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
    await service().update(directory.passwordPolicy.href, { resetEmailStatus: 'DISABLED' })
    expectStatus(await front.get('/forgot'), 404)
    expectStatus(await front.get('/change?sptoken=x'), 404)
    expectStatus(await front.post('/verify', { login: 'x' }), 200)
  })

  test('REST-U3 TRAP-T28 the view models of log-in and registration', async () => {
    const { front, directory } = await newFront()
    const names = ({ body }: Answer) => body.form.fields.map((field: Json) => [field.name, field.type, field.required])
    const login = expectStatus(await front.get('/login'), 200)
    expect(names(login)).toEqual([
      ['login', 'text', true],
      ['password', 'password', true],
    ])
    expect(login.body.form.fields[0]).toEqual({
      name: 'login',
      label: 'Username or Email',
      placeholder: 'Username or Email',
      required: true,
      type: 'text',
    })
    expect(login.body.accountStores).toEqual([])
    const { items } = await service().read(`${directory.accountSchema.href}/fields`)
    await service().update(items.find(({ name }: Json) => name === 'surname').href, { required: true })
    expect(names(expectStatus(await front.get('/register'), 200))).toEqual([
      ['givenName', 'text', false],
      ['surname', 'text', true],
      ['email', 'email', true],
      ['password', 'password', true],
    ])
  })

  test('REST-U4 somebody registers, and the answer has attributes and no links', async () => {
    const { front, application } = await newFront()
    const person = { ...newPerson(), customData: { plan: 'gold', exact: 12345678901234 } }
    const { account } = expectStatus(await front.post('/register', person), 200).body
    expect(account).toMatchObject({ email: person.email, username: person.email, givenName: 'Ada', status: 'ENABLED' })
    for (const name of ['password', 'customData', 'directory', 'tenant', 'groups'])
      expect(account).not.toHaveProperty(name)
    expect((await service().read(application.accounts.href)).items[0].href).toBe(account.href)
    expect((await service().read(`${account.href}/customData`)).plan).toBe('gold')
    expectStatus(await service().login(application, person.email, PASSWORD), 200)
  })

  test('REST-U4 REST-U14 what is wrong with a registration is told as status and message', async () => {
    const { front } = await newFront()
    const taken = newPerson()
    expectStatus(await front.post('/register', taken), 200)
    const cases: [Body | string, number][] = [
      [{ email: taken.email, password: PASSWORD }, 409],
      [{ email: 'no address', password: PASSWORD }, 400],
      [{ password: PASSWORD }, 400],
      [{ ...newPerson(), password: 'short' }, 400],
      [{ ...newPerson(), status: 'ENABLED' }, 400],
      [{ ...newPerson(), emailVerificationStatus: 'VERIFIED' }, 400],
      [{ ...newPerson(), directory: { href: 'x' } }, 400],
      ['no json', 400],
      ['[]', 400],
      [JSON.stringify({ ...newPerson(), customData: { large: 'x'.repeat(40_000) } }), 413],
    ]
    for (const [body, status] of cases) {
      const answer = expectStatus(await front.post('/register', body), status)
      expect(answer.body).toEqual({ status, message: expect.any(String) })
    }
  })

  test('REST-U4 where addresses are verified, one that has an account is answered like a new one, and its owner is mailed', async () => {
    const { front, directory } = await newFront()
    await service().update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
    const person = newPerson()
    const first = expectStatus(await front.post('/register', person), 200)
    const again = expectStatus(await front.post('/register', person), 200)
    expect(again.body).toEqual(first.body)
    expect(first.body.account).toMatchObject({ email: person.email, status: 'UNVERIFIED' })
    expect((await service().read(`${directory.accounts.href}?email=${person.email}`)).size).toBe(1)
    expect(await service().mailsTo(person.email)).toHaveLength(2)
  })

  test('REST-U5 tokens for a password and for a refresh token, without the address of a resource', async () => {
    const { front, directory } = await newFront()
    const account = await service().newAccount(directory)
    const answer = await front.form('/oauth/token', {
      grant_type: 'password',
      username: account.username,
      password: PASSWORD,
    })
    const tokens = expectStatus(answer, 200).body
    expect(tokens).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('set-cookie')).toBeNull()
    const renewed = await front.form('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect(expectStatus(renewed, 200).body).toHaveProperty('refresh_token')
    expectStatus(await front.me(renewed.body.access_token), 200)
  })

  test('REST-U5 a log-in may name an organization', async () => {
    const { front, application } = await newFront()
    const [organization, own] = [await service().newOrganization(), await service().newDirectory()]
    await service().newMapping(application, organization)
    await service().newOrganizationMapping(organization, own)
    const { username } = await service().newAccount(own)
    const form = { grant_type: 'password', username, password: PASSWORD }
    const named = { ...form, organizationNameKey: organization.nameKey }
    expectStatus(await front.form('/oauth/token', named), 200)
    expectStatus(await front.form('/oauth/token', { ...form, organizationNameKey: 'nobodys' }), 400)
  })

  test('REST-U6 the API key of an account gets an access token by Basic', async () => {
    const { front, directory } = await newFront()
    const account = await service().newAccount(directory)
    const key = await service().newApiKey(account)
    const form = { grant_type: 'client_credentials' }
    const answer = await front.form('/oauth/token', form, { authorization: basic(key) })
    expect(expectStatus(answer, 200).body).not.toHaveProperty('refresh_token')
    expect(expectStatus(await front.me(answer.body.access_token), 200).body.account.href).toBe(account.href)
    for (const headers of [{}, { authorization: basic({ ...key, secret: 'wrong' }) }, { authorization: 'Basic %%' }]) {
      const refused = await front.form('/oauth/token', form, headers as Record<string, string>)
      expect(expectStatus(refused, 400).body.error).toBe('invalid_client')
    }
  })

  test('REST-U7 either token revokes both, and garbage is passed over', async () => {
    const { front, directory } = await newFront()
    const { username } = await service().newAccount(directory)
    for (const which of ['access_token', 'refresh_token'] as const) {
      const tokens = await front.logIn(username)
      expectStatus(await front.me(tokens.access_token), 200)
      const answer = expectStatus(await front.form('/oauth/revoke', { token: tokens[which] }), 200)
      expect(answer.text).toBe('')
      expectStatus(await front.me(tokens.access_token), 401)
      const { refresh_token } = tokens
      expectStatus(await front.form('/oauth/token', { grant_type: 'refresh_token', refresh_token }), 400)
    }
    expectStatus(await front.form('/oauth/revoke', { token: 'garbage' }), 200)
  })

  test('REST-U8 me shows the attributes of the account, and what the configuration says besides', async () => {
    const { front, config, directory, application } = await newFront()
    const account = await service().newAccount(directory, { customData: { exact: 1 } })
    await service().update(`${account.href}/customData`, '{"exact":1234567890123456789.10}' as never)
    const group = await service().newGroup(directory)
    await service().newMembership(account, group)
    await service().newApiKey(account)
    const { access_token: token } = await front.logIn(account.username)
    const bare = expectStatus(await front.me(token), 200).body.account
    expect(Object.keys(bare).toSorted()).toEqual(
      [
        'href',
        'createdAt',
        'modifiedAt',
        'username',
        'email',
        'givenName',
        'middleName',
        'surname',
        'fullName',
        'status',
        'emailVerificationStatus',
        'passwordModifiedAt',
      ].toSorted(),
    )
    const all = Object.fromEntries(Object.keys(config.me.expand).map((name) => [name, true]))
    await service().update(config.href, { me: { expand: all } })
    const answer = expectStatus(await front.me(token), 200)
    const whole = answer.body.account
    expect(answer.text).toContain('1234567890123456789.10')
    expect(whole.groups).toMatchObject({ size: 1, items: [{ name: group.name }] })
    expect(whole.groupMemberships.size).toBe(1)
    expect(whole.applications.items[0].name).toBe(application.name)
    expect(whole.directory.name).toBe(directory.name)
    expect(whole.tenant.key).toBe(service().tenant.key)
    expect(whole.providerData.providerId).toBe('stormpath')
    expect(whole.apiKeys.items[0]).toHaveProperty('id')
    expect(whole.apiKeys.items[0]).not.toHaveProperty('secret')
  })

  test('REST-U8 without a good access token of this application me is 401', async () => {
    const { front, directory } = await newFront()
    const account = await service().newAccount(directory)
    const { access_token, refresh_token } = await front.logIn(account.username)
    for (const authorization of [undefined, 'Bearer x', `Bearer ${refresh_token}`, `Basic ${access_token}`]) {
      const answer = await front.get('/me', authorization === undefined ? {} : { authorization })
      expect(expectStatus(answer, 401).body).toEqual({ status: 401, message: expect.any(String) })
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    }
    await service().update(account.href, { status: 'DISABLED' })
    expectStatus(await front.me(access_token), 401)
  })

  test('REST-U9 TRAP-T28 forgot answers 200 whoever it is about, and mails those it knows', async () => {
    const { front, directory } = await newFront()
    const account = await service().newAccount(directory)
    for (const login of [account.email, account.username, 'nobody@example.com']) {
      const answer = expectStatus(await front.post('/forgot', { login }), 200)
      expect(answer.text).toBe('')
    }
    expect(await service().mailsTo(account.email)).toHaveLength(2)
    expectStatus(await front.post('/forgot', {}), 400)
  })

  test('REST-U10 a new password is set by the link of a mail, once', async () => {
    const { front, directory } = await newFront()
    const account = await service().newAccount(directory)
    await front.post('/forgot', { login: account.email })
    const sptoken = tokenIn((await service().mailTo(account.email)).text ?? '')
    expectStatus(await front.get(`/change?sptoken=${sptoken}`), 200)
    expectStatus(await front.get('/change?sptoken=x'), 404)
    expectStatus(await front.post('/change', { sptoken, password: 'short' }), 400)
    const password = 'Another-Kettle-9913'
    expect(expectStatus(await front.post('/change', { sptoken, password }), 200).text).toBe('')
    expectStatus(await front.post('/change', { sptoken, password }), 404)
    expectStatus(await front.get(`/change?sptoken=${sptoken}`), 404)
    await front.logIn(account.username, password)
  })

  test('REST-U11 TRAP-T28 an address is verified, and the mail sent again to whom it may concern', async () => {
    const { front, directory, application } = await newFront()
    await service().update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
    const person = newPerson()
    await front.post('/register', person)
    const form = { grant_type: 'password', username: person.email, password: PASSWORD }
    expectStatus(await front.form('/oauth/token', form), 400)
    for (const login of [person.email, 'nobody@example.com']) {
      const answer = await front.post('/verify', JSON.stringify({ login }), { 'content-type': 'text/plain' })
      expect(expectStatus(answer, 200).text).toBe('')
    }
    const sptoken = tokenIn((await service().mailTo(person.email)).text ?? '')
    const missing = expectStatus(await front.get('/verify'), 400)
    expect(missing.body).toEqual({ status: 400, message: 'sptoken parameter not provided.' })
    expectStatus(await front.get('/verify?sptoken=x'), 404)
    expect(expectStatus(await front.get(`/verify?sptoken=${sptoken}`), 200).text).toBe('')
    expectStatus(await front.get(`/verify?sptoken=${sptoken}`), 404)
    expectStatus(await service().login(application, person.email, PASSWORD), 200)
  })

  test('REST-U13 pages of authorized origins may ask, others may not', async () => {
    const { front } = await newFront()
    const allowed = expectStatus(await front.get('/login', { origin: SPA }), 200)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(SPA)
    expect(allowed.headers.get('vary')).toBe('Origin')
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    const preflight = await front.ask('OPTIONS', '/register', undefined, {
      origin: SPA,
      'access-control-request-method': 'POST',
    })
    expectStatus(preflight, 204)
    for (const name of ['Authorization', 'Content-Type', 'X-Stormpath-Agent']) {
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
    }
    const refused = expectStatus(await front.post('/register', newPerson(), { origin: SPA }), 200)
    expect(refused.headers.get('access-control-allow-origin')).toBe(SPA)
    const wrong = expectStatus(await front.form('/oauth/token', {}, { origin: SPA }), 400)
    expect(wrong.headers.get('access-control-allow-origin')).toBe(SPA)
    for (const origin of ['https://evil.example', `${SPA}.evil.example`, 'http://spa.example.com', 'null']) {
      for (const method of ['GET', 'OPTIONS'] as const) {
        const answer = expectStatus(await front.ask(method, '/login', undefined, { origin }), 403)
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      }
    }
  })

  test('REST-U14 TRAP-T28 errors of OAuth are a word and a message', async () => {
    const { front, directory } = await newFront()
    const { username } = await service().newAccount(directory)
    const wrong = { grant_type: 'password', username, password: 'Not-The-Password-1' }
    const answer = expectStatus(await front.form('/oauth/token', wrong), 400)
    expect(answer.body).toEqual({ error: 'invalid_grant', message: 'Invalid username or password.' })
    const unknown = expectStatus(await front.form('/oauth/token', { ...wrong, username: 'nobody' }), 400)
    expect(unknown.body).toEqual(answer.body)
    expect((await front.form('/oauth/token', { grant_type: 'magic' })).body.error).toBe('unsupported_grant_type')
    expect((await front.form('/oauth/token', {})).body.error).toBe('invalid_request')
    expectStatus(await front.ask('DELETE', '/login'), 405)
  })

  test('REST-U1 the API is reached by its host name too, and nothing else is there', async () => {
    const { config } = await newFront()
    const ask = (host: string, path: string) =>
      service().app.fetch(new Request(`${service().app.baseUrl}${path}`, { headers: { host } }))
    for (const host of [config.domainName, `${config.domainName}:8443`, config.domainName.toUpperCase()]) {
      expect((await ask(host, '/login')).status).toBe(200)
    }
    expect((await ask(config.domainName, '/v1/tenants/current')).status).toBe(404)
    expect((await ask(`${config.domainName}.evil.example`, '/login')).status).toBe(404)
  })

  test('REST-P19 tokens are signed with the key of the configuration, and any administrator validates them', async () => {
    const old = await service().secondTenant('stormpath')
    const { front, config, directory, application } = await newFront(old)
    const owner = await old.read(`${service().baseUrl}/apiKeys/${old.key.id}?expand=account`)
    const other = await old.newApiKey(owner.account)
    const { username } = await old.newAccount(directory)
    const kidOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[0] as string, 'base64url').toString()).kid
    const first = await front.logIn(username)
    expect(kidOf(first.access_token)).toBe(old.key.id)
    await old.update(config.href, { signingApiKey: link(other) })
    const second = await front.logIn(username)
    expect(kidOf(second.access_token)).toBe(other.id)
    for (const { access_token } of [first, second]) {
      expectStatus(await front.me(access_token), 200)
      expectStatus(await old.get(`${application.href}/authTokens/${access_token}`), 302)
    }
    await old.update(config.href, { signingApiKey: null })
    expectStatus(await front.me((await front.logIn(username)).access_token), 200)
    await old.remove(other.href)
    expectStatus(await front.me(second.access_token), 401)
  })

  const appsDomain = () => (service().way.transport === 'http' ? 'apps.localhost' : 'apps.latchkey.test')
  const newPerson = () => ({
    email: `${unique('front')}@example.com`,
    password: PASSWORD,
    givenName: 'Ada',
    surname: 'L',
  })
  const tokenIn = (text: string) => /sptoken=([\w.-]+)/.exec(text)?.[1] ?? expect.fail(`no token in ${text}`)

  async function newFront(client: Client = service()) {
    const { application, directory } = await client.newApplicationWithDirectory()
    await client.update(application.href, { authorizedOriginUris: [SPA] })
    const config = await client.update(application.webConfig.href, { status: 'ENABLED' })
    return { application, directory, config, front: new Front(service(), config) }
  }
})
