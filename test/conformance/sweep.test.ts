import { expect, test } from 'vitest'
import { smtpServerValues } from '../support/smtp.ts'
import { NOWHERE, triedWebhook } from '../support/webhooks.ts'
import {
  accountValues,
  type Body,
  type Client,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  idOf,
  type Json,
  link,
  type Service,
  unique,
} from './harness.ts'

interface Sort {
  /** URL segment after the base. */
  segment: string
  /** Where it is created and with what. */
  creation(service: Service): Promise<[to: string, body: Body | undefined]>
  /** A change that any of its kind accepts; absent where there is none. */
  change?: Body
}

/** Every resource of this release that clients create. */
const SORTS: Sort[] = [
  {
    segment: 'applications',
    creation: async () => ['/applications', { name: unique('Application') }],
    change: { description: 'changed' },
  },
  {
    segment: 'directories',
    creation: async () => ['/directories', { name: unique('Directory') }],
    change: { description: 'changed' },
  },
  {
    segment: 'organizations',
    creation: async () => ['/organizations', { name: unique('Organization'), nameKey: unique('organization') }],
    change: { description: 'changed' },
  },
  {
    segment: 'groups',
    creation: async (service) => [(await service.newDirectory()).groups.href, { name: unique('Group') }],
    change: { description: 'changed' },
  },
  {
    segment: 'accounts',
    creation: async (service) => [(await service.newDirectory()).accounts.href, accountValues()],
    change: { emailVerificationStatus: 'VERIFIED' },
  },
  {
    segment: 'groupMemberships',
    async creation(service) {
      const directory = await service.newDirectory()
      const [account, group] = [await service.newAccount(directory), await service.newGroup(directory)]
      return ['/groupMemberships', { account: link(account), group: link(group) }]
    },
  },
  {
    segment: 'accountStoreMappings',
    async creation(service) {
      const [application, store] = [await service.newApplication(), await service.newDirectory()]
      return ['/accountStoreMappings', { application: link(application), accountStore: link(store) }]
    },
    change: { isDefaultAccountStore: true },
  },
  {
    segment: 'organizationAccountStoreMappings',
    async creation(service) {
      const [organization, store] = [await service.newOrganization(), await service.newDirectory()]
      return ['/organizationAccountStoreMappings', { organization: link(organization), accountStore: link(store) }]
    },
    change: { isDefaultAccountStore: true },
  },
  {
    segment: 'accountLinks',
    async creation(service) {
      const [leftAccount, rightAccount] = [await service.newStranger(), await service.newStranger()]
      return ['/accountLinks', { leftAccount: link(leftAccount), rightAccount: link(rightAccount) }]
    },
  },
  {
    segment: 'apiKeys',
    creation: async (service) => [(await service.newAccount(await service.newDirectory())).apiKeys.href, undefined],
    change: { name: 'changed' },
  },
  {
    segment: 'smtpServers',
    async creation(service) {
      // one in a tenant
      for (const { href } of (await service.read(service.tenant.smtpServers.href)).items) await service.remove(href)
      return ['/smtpServers', { ...(await smtpServerValues()), status: 'DISABLED' }]
    },
    change: { name: 'changed' },
  },
  {
    segment: 'webhooks',
    creation: async () => ['/webhooks', { url: NOWHERE, status: 'DISABLED' }],
    change: { description: 'changed' },
  },
]

/** What log-ins make: to be read and deleted, never to be created. */
const MADE_BY_LOGIN = ['sessions', 'accessTokens', 'refreshTokens']

const TABLE = SORTS.map((sort) => [sort.segment, sort] as const)

describeConformance(
  'Every resource',
  (service) => {
    test.each(TABLE)('REST-A2 %s are created with Location and read the same', async (segment, { creation }) => {
      const answer = await service().post(...(await creation(service())))
      expectStatus(answer, 201)
      expect(answer.body.href).toMatch(new RegExp(`^${service().baseUrl}/${segment}/[0-9A-Za-z]{10,40}$`))
      expect(answer.headers.get('location')).toBe(answer.body.href)
      expect(await service().read(answer.body.href)).toEqual(answer.body)
    })

    test.each(TABLE)('REST-A16 %s carry the moments of creation and change', async (_, { creation, change }) => {
      const created = await service().create(...(await creation(service())))
      expect(created).toMatchObject({ createdAt: moment(service()), modifiedAt: moment(service()) })
      if (!change) return
      service().clock.advance(1000)
      const changed = await service().update(created.href, change)
      expect(changed).toMatchObject({ ...change, createdAt: created.createdAt, modifiedAt: moment(service()) })
      expect(await service().read(created.href)).toEqual(changed)
    })

    test.each(TABLE)(
      'REST-A12 TRAP-T3 %s can be posted back whole, all links expanded',
      async (_, { creation, change }) => {
        const created = await service().create(...(await creation(service())))
        if (!change) return
        const links = Object.keys(created).filter((name) => created[name]?.href)
        const expandable = []
        for (const name of links)
          if ((await service().get(`${created.href}?expand=${name}`)).status === 200) expandable.push(name)
        const whole = await service().read(`${created.href}?expand=${expandable.join(',')}`)
        const saved = await service().update(created.href, whole)
        expect({ ...saved, modifiedAt: '' }).toEqual({ ...created, modifiedAt: '' })
        const changed = await service().update(created.href, { ...whole, ...change })
        expect({ ...changed, modifiedAt: '' }).toEqual({ ...created, ...change, modifiedAt: '' })
      },
    )

    test.each(TABLE)('REST-A13 %s refuse an unknown member', async (_, { creation, change }) => {
      const [to, body] = await creation(service())
      expectError(await service().post(to, { ...body, unheardOf: 1 }), 400, 2015)
      const { href } = await service().create(to, body)
      if (change) expectError(await service().post(href, { ...change, unheardOf: 1 }), 400, 2015)
    })

    test.each(TABLE)('REST-A4 %s are deleted and gone', async (_, { creation }) => {
      const { href } = await service().create(...(await creation(service())))
      await service().remove(href)
      expectNotFound(await service().get(href))
      expectStatus(await service().delete(href), 204)
    })

    test.each(TABLE)('REST-A5 %s are deleted by POST with _method=DELETE', async (_, { creation }) => {
      const { href } = await service().create(...(await creation(service())))
      expectStatus(await service().post(`${href}?_method=DELETE`), 204)
      expectNotFound(await service().get(href))
    })

    test.each(TABLE)('REST-A10 %s of one tenant do not exist for another', async (_, { creation, change }) => {
      const stranger = await service().secondTenant()
      const [to, body] = await creation(service())
      const created = await service().create(to, body)
      expectNotFound(await stranger.get(created.href))
      expectNotFound(await stranger.delete(created.href))
      if (change) expectNotFound(await stranger.post(created.href, change))
      expect(await service().read(created.href)).toEqual(created)
    })

    test('REST-A12 REST-A13 what exists once can be posted back whole, and refuses an unknown member', async () => {
      const { passwordPolicy, accountCreationPolicy } = await service().newDirectory()
      const { oAuthPolicy, accountLinkingPolicy, webConfig } = await service().newApplication()
      const organization = await service().newOrganization()
      const settings = [
        accountLinkingPolicy.href,
        webConfig.href,
        organization.accountLinkingPolicy.href,
        service().tenant.href,
        (await service().read(service().tenant.idSites.href)).items[0].href,
        passwordPolicy.href,
        `${passwordPolicy.href}/strength`,
        accountCreationPolicy.href,
        oAuthPolicy.href,
      ]
      for (const href of settings) {
        const before = await service().read(href)
        const after = await service().update(href, before)
        expect({ ...after, modifiedAt: '' }).toEqual({ ...before, modifiedAt: '' })
        expectError(await service().post(href, { ...before, unheardOf: 1 }), 400, 2015)
      }
    })

    const moment = ({ clock }: Service) => new Date(clock.now()).toISOString()
  },
  { presets: ['modern', 'stormpath'] },
)

const METHODS = ['GET', 'POST', 'DELETE'] as const

interface Operation {
  method: (typeof METHODS)[number]
  /** The template, as in `/accounts/{accountId}`. */
  path: string
  /** With the ids of things that exist. */
  href: string
  isCollection: boolean
}

/** Answers nothing without an id (contract/rest.md 12). */
const KEY_LOOK_UP = /^\/applications\/[^/]+\/apiKeys$/

describeConformance('Every route', (service) => {
  test('REST-A8 the document of all routes names every resource of this release', async () => {
    const { paths } = await service().read('/openapi.json')
    const segments = new Set(Object.keys(paths).map((path) => pathBelowBase(path).split('/')[1]))
    // What clients can delete, they have created: the table above must know how.
    const deleted = Object.keys(paths).filter(
      (path) => paths[path].delete && /^\/\w+\/\{id\}$/.test(pathBelowBase(path)),
    )
    const known = [...SORTS.map(({ segment }) => segment), ...MADE_BY_LOGIN].map((segment) => `/${segment}/{id}`)
    expect(known.toSorted()).toEqual(deleted.map(pathBelowBase).toSorted())
    for (const segment of ['tenants', 'idSites', 'passwordPolicies']) expect([...segments]).toContain(segment)
  })

  test('REST-B5 TRAP-T26 without credentials every route answers 401 in JSON', async () => {
    for (const { method, href } of await operations(service())) {
      const answer = await service().request(method, href, { auth: null, ...(method === 'POST' ? { body: {} } : {}) })
      expectError(answer, 401, 401)
    }
  })

  test('REST-A10 for another tenant every address of ours does not exist, and nothing changes', async () => {
    const all = await operations(service())
    const stranger = await service().secondTenant()
    const before = await snapshot(service(), all)
    for (const { method, href, path } of all.filter(({ path }) => path.includes('{'))) {
      const answer = await stranger.request(method, href, method === 'POST' ? { body: { customData: {} } } : {})
      expect(answer.status, `${method} ${path}`).toBe(404)
      expectNotFound(answer)
    }
    expect(await snapshot(service(), all)).toEqual(before)
  })

  test('REST-A6 a method that a path does not offer is 405', async () => {
    const all = await operations(service())
    for (const href of new Set(all.map((operation) => operation.href))) {
      const offered = new Set(all.filter((operation) => operation.href === href).map(({ method }) => method))
      for (const method of METHODS)
        if (!offered.has(method)) expectError(await service().request(method, href), 405, 1100)
      for (const method of ['PUT', 'PATCH']) expectError(await service().request(method, href, { body: {} }), 405, 1100)
    }
  })

  test('REST-A1 REST-A9 every GET answers JSON with a request id', async () => {
    for (const { href } of await reads(service())) {
      const answer = expectStatus(await service().get(href), 200)
      expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8')
      expect(answer.headers.get('stormpath-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('REST-A11 TRAP-T2 TRAP-T7 everything read begins with the base URL, unexpanded links are bare, and links lead on', async () => {
    const seen = new Set<string>()
    for (const { href } of await reads(service())) {
      const representation = await service().read(href)
      expect(representation.href).toBe(href)
      const items = representation.items ?? [representation]
      for (const item of items) {
        for (const [name, value] of Object.entries(item as Json)) {
          // no link, and nobody's resource
          if (value !== null && typeof value === 'object' && 'enabled' in value) continue
          if (name === 'expandedJwt' || name === 'defaultModel') continue
          if (value === null || typeof value !== 'object' || Array.isArray(value)) continue
          expect(Object.keys(value), name).toEqual(['href'])
          expect((value as Json).href.startsWith(`${service().baseUrl}/`), name).toBe(true)
          seen.add((value as Json).href)
        }
      }
    }
    // an action is only posted to, a look-up of keys needs an id
    for (const href of seen) expect([200, 405, 400], href).toContain((await service().get(href)).status)
  })

  test('REST-A19 every single resource ignores an unknown parameter', async () => {
    for (const { href, isCollection } of await reads(service())) {
      if (!isCollection) expectStatus(await service().get(`${href}?nocache=true`), 200)
    }
  })

  test('REST-C17 every collection refuses an unknown parameter and an unknown order', async () => {
    for (const { href, isCollection } of await reads(service())) {
      if (!isCollection) continue
      expectError(await service().get(`${href}?unheardOf=1`), 400, 2105)
      expectError(await service().get(`${href}?orderBy=unheardOf`), 400, 2106)
    }
  })

  test('REST-C22 every read refuses an unknown expansion', async () => {
    for (const { href, path } of await reads(service())) {
      // custom data has no links, its members are free
      if (path.endsWith('/customData')) continue
      expectError(await service().get(`${href}?expand=unheardOf`), 400, 2107)
    }
  })

  test('REST-C1 REST-C2 TRAP-T1 every collection is paged alike', async () => {
    for (const { href, isCollection } of await reads(service())) {
      if (!isCollection) continue
      const { size, items } = await service().read(href)
      expect(items.length).toBe(Math.min(size, 25))
      const page = await service().read(`${href}?offset=1&limit=1`)
      expect(page).toMatchObject({ href, offset: 1, limit: 1, size })
      expect(page.items).toEqual(items.slice(1, 2))
      expect(await service().read(`${href}?offset=${size}`)).toMatchObject({ href, offset: size, size, items: [] })
    }
  })

  test('REST-C3 the items of every collection are complete', async () => {
    for (const { href, isCollection } of await reads(service())) {
      if (!isCollection) continue
      for (const item of (await service().read(href)).items) expect(item).toEqual(await service().read(item.href))
    }
  })
})

const worlds = new WeakMap<Service, Promise<Operation[]>>()

/** Every documented operation on something that exists, made once for each way. */
function operations(service: Service): Promise<Operation[]> {
  const known = worlds.get(service) ?? describeOperations(service)
  worlds.set(service, known)
  return known
}

async function reads(service: Service): Promise<Operation[]> {
  return (await operations(service)).filter(({ method, path }) => method === 'GET' && !KEY_LOOK_UP.test(path))
}

async function describeOperations(service: Service): Promise<Operation[]> {
  const { paths } = await service.read('/openapi.json')
  const examples = await examplesOf(service)
  const found: Operation[] = []
  for (const [template, item] of Object.entries(paths as Record<string, Json>)) {
    const path = pathBelowBase(template)
    if (path === '/openapi.json' || path === '/tenants/current') continue
    const [, segment = '', parameter, ...rest] = path.split('/')
    if (parameter && !examples.has(segment)) throw new Error(`the sweep has no example for ${path}`)
    const token = examples.get('a token') as string
    const below = rest.map((part) => (part === '{token}' ? token : part.startsWith('{') ? 'aField' : part))
    // An address that ends in a secret belongs to no resource.
    const start = parameter?.startsWith('{') ? examples.get(segment) : `${service.baseUrl}/${segment}/${parameter}`
    const href = parameter ? [start, ...below].join('/') : `${service.baseUrl}${path}`
    const isCollection = 'get' in item && (await service.get(href)).body?.limit !== undefined
    for (const method of METHODS) {
      if (method.toLowerCase() in item) found.push({ method, path, href, isCollection })
    }
  }
  return found
}

const pathBelowBase = (path: string) => path.replace(/^\/v1(?=\/)/, '')

/** One existing resource for each first segment of an address, full of members. */
async function examplesOf(service: Service): Promise<Map<string, string>> {
  const { application, directory } = await service.newApplicationWithDirectory()
  const organization = await service.newOrganization()
  const mapping = await service.newOrganizationMapping(organization, directory, { isDefaultAccountStore: true })
  await service.newMapping(application, organization)
  const account = await service.newAccount(directory, { customData: { aField: 1 } })
  const group = await service.newGroup(directory)
  const membership = await service.newMembership(account, group)
  await service.newMembership(account, await service.newGroup(directory))
  const accountLink = await service.create('/accountLinks', {
    leftAccount: link(account),
    rightAccount: link(await service.newStranger()),
  })
  const key = await service.newApiKey(account)
  await service.update(application.oAuthPolicy.href, { passwordGrant: 'ENABLED' })
  for (let times = 0; times < 2; times++) await service.grantByPassword(application, account.username)
  const made = await Promise.all(MADE_BY_LOGIN.map(async (name) => (await service.read(account[name].href)).items[0]))
  const [idSite] = (await service.read(service.tenant.idSites.href)).items
  const [field] = (await service.read(`${directory.accountSchema.href}/fields`)).items
  const [template] = (await service.read(`${directory.passwordPolicy.href}/resetEmailTemplates`)).items
  const smtpServer = await service.create('/smtpServers', { ...(await smtpServerValues()), status: 'DISABLED' })
  const { webhook, delivery } = await triedWebhook(service)
  const [event] = (await service.read(service.tenant.events.href)).items
  const provider = { providerId: 'github', clientId: 'client', clientSecret: 'secret' }
  const mirror = await service.newDirectory({ provider })
  const { userInfoMappingRules } = await service.read(mirror.provider.href)
  const reset = await service.post(application.passwordResetTokens.href, { email: account.email })
  const examples = new Map<string, string>([['a token', idOf(reset.body)]])
  const note = (href: string) => {
    const [segment, id] = href.slice(service.baseUrl.length + 1).split('/')
    if (segment && id && !examples.has(segment)) examples.set(segment, `${service.baseUrl}/${segment}/${id}`)
  }
  for (const resource of [
    application,
    directory,
    organization,
    mapping,
    account,
    group,
    membership,
    accountLink,
    key,
    idSite,
    ...made,
    field,
    template,
    smtpServer,
    event,
    webhook,
    delivery,
    userInfoMappingRules,
  ]) {
    for (const value of [resource, ...Object.values(resource as Json)])
      if ((value as Json)?.href) note((value as Json).href)
  }
  return examples
}

/** Everything that can be read of the given operations. */
async function snapshot(client: Client, all: readonly Operation[]): Promise<Json[]> {
  const hrefs = all.filter(({ method, path }) => method === 'GET' && path.includes('{') && !KEY_LOOK_UP.test(path))
  return Promise.all(hrefs.map(({ href }) => client.read(href)))
}
