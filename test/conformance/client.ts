import { expect } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: answers are examined member by member, as a client of another language would
export type Json = any

export interface KeyPair {
  id: string
  secret: string
}

/** What came back, before and after parsing. `body` is undefined when there was none. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  body: Json
}

export interface RequestOptions {
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown
  headers?: Record<string, string>
  /** Another key than the client's own; null sends no credentials. */
  auth?: KeyPair | null
}

/** Sends one request to the service and does not follow redirects. */
export type Send = (request: {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
}) => Promise<Response>

export type Body = Record<string, unknown>

/** Satisfies the password rules of both presets. */
export const PASSWORD = 'Copper-Kettle-4471'

export const basic = ({ id, secret }: KeyPair): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

let serial = 0
/** A name that no other test of the file uses. */
export const unique = (prefix: string): string => `${prefix}-${++serial}`

/** Speaks to the service as one API key. */
export class Client {
  readonly baseUrl: string
  readonly key: KeyPair
  readonly #send: Send

  constructor(send: Send, baseUrl: string, key: KeyPair) {
    this.#send = send
    this.baseUrl = baseUrl
    this.key = key
  }

  /** The same service with another key. */
  as(key: KeyPair): Client {
    return new Client(this.#send, this.baseUrl, key)
  }

  /** `to` is an absolute href or a path below the base URL. */
  async request(method: string, to: string, options: RequestOptions = {}): Promise<Answer> {
    const { body, auth = this.key } = options
    const headers: Record<string, string> = { accept: 'application/json' }
    if (auth) headers.authorization = basic(auth)
    if (body !== undefined) headers['content-type'] = 'application/json'
    const response = await this.#send({
      method,
      url: to.startsWith('/') ? this.baseUrl + to : to,
      headers: { ...headers, ...lowerCaseNames(options.headers) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }

  get(to: string, options?: RequestOptions): Promise<Answer> {
    return this.request('GET', to, options)
  }

  post(to: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('POST', to, { ...options, body })
  }

  delete(to: string, options?: RequestOptions): Promise<Answer> {
    return this.request('DELETE', to, options)
  }

  /** Reads what must be there. */
  async read(to: string): Promise<Json> {
    return expectStatus(await this.get(to), 200).body
  }

  /** Creates what must be creatable. */
  async create(to: string, body?: unknown): Promise<Json> {
    return expectStatus(await this.post(to, body), 201).body
  }

  /** Changes what must be changeable. */
  async update(to: string, body: unknown): Promise<Json> {
    return expectStatus(await this.post(to, body), 200).body
  }

  async remove(to: string): Promise<void> {
    expectStatus(await this.delete(to), 204)
  }

  newApplication(values: Body = {}): Promise<Json> {
    return this.create('/applications', { name: unique('Application'), ...values })
  }

  newDirectory(values: Body = {}): Promise<Json> {
    return this.create('/directories', { name: unique('Directory'), ...values })
  }

  newOrganization(values: Body = {}): Promise<Json> {
    const nameKey = unique('organization')
    return this.create('/organizations', { name: nameKey, nameKey, ...values })
  }

  /** `owner` is a directory, application or organization. */
  newGroup(owner: Json, values: Body = {}): Promise<Json> {
    return this.create(owner.groups.href, { name: unique('Group'), ...values })
  }

  /** `owner` is a directory, application or organization. */
  newAccount(owner: Json, values: Body = {}): Promise<Json> {
    return this.create(owner.accounts.href, accountValues(values))
  }

  newMapping(application: Json, accountStore: Json, values: Body = {}): Promise<Json> {
    return this.create('/accountStoreMappings', {
      application: link(application),
      accountStore: link(accountStore),
      ...values,
    })
  }

  newOrganizationMapping(organization: Json, accountStore: Json, values: Body = {}): Promise<Json> {
    return this.create('/organizationAccountStoreMappings', {
      organization: link(organization),
      accountStore: link(accountStore),
      ...values,
    })
  }

  newMembership(account: Json, group: Json): Promise<Json> {
    return this.create('/groupMemberships', { account: link(account), group: link(group) })
  }

  /** An account in a directory of its own. */
  async newStranger(values: Body = {}): Promise<Json> {
    return this.newAccount(await this.newDirectory(), values)
  }

  newApiKey(account: Json, values?: Body): Promise<Json> {
    return this.create(account.apiKeys.href, values)
  }

  /** An application whose default account and group store is a directory of its own. */
  async newApplicationWithDirectory(): Promise<{ application: Json; directory: Json }> {
    const directory = await this.newDirectory()
    const { href } = await this.newApplication()
    await this.newMapping({ href }, directory, { isDefaultAccountStore: true, isDefaultGroupStore: true })
    return { application: await this.read(href), directory }
  }

  /** Posts a form to the token endpoint of an application, or to one of its neighbours. */
  token(application: { href: string }, form: Record<string, string>, endpoint = 'token', options: RequestOptions = {}) {
    return this.post(`${application.href}/oauth/${endpoint}`, new URLSearchParams(form).toString(), {
      ...options,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers },
    })
  }

  /** The tokens that must be given for a password. */
  async grantByPassword(
    application: { href: string },
    username: string,
    password = PASSWORD,
    more = {},
  ): Promise<Json> {
    const answer = await this.token(application, { grant_type: 'password', username, password, ...more })
    return expectStatus(answer, 200).body
  }

  /** `more` holds further members of the body, such as `accountStore`. */
  login(application: Json, login: string, password: string, more: Body = {}, query = ''): Promise<Answer> {
    const value = Buffer.from(`${login}:${password}`).toString('base64')
    return this.post(application.loginAttempts.href + query, { type: 'basic', value, ...more })
  }
}

/** A reference to a resource, as bodies carry it. */
export const link = ({ href }: { href: string }): { href: string } => ({ href })

/** A complete account with an address of its own. */
export function accountValues(values: Body = {}): Body {
  const name = unique('person')
  return {
    email: `${name}@example.com`,
    username: name,
    password: PASSWORD,
    givenName: 'Ada',
    surname: 'Lovelace',
    ...values,
  }
}

export const idOf = ({ href }: { href: string }): string => href.slice(href.lastIndexOf('/') + 1)

export const namesOf = (collection: Json): string[] => collection.items.map((item: Json) => item.name)
export const hrefsOf = (collection: Json): string[] => collection.items.map((item: Json) => item.href)

/** Fails with the whole answer when the status is another. */
export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) {
    expect.fail(`expected status ${status}, got ${answer.status}: ${answer.text.slice(0, 2000)}`)
  }
  return answer
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Fails unless the answer is an error of this status and code with all members (contract/rest.md 1.5). */
export function expectError(answer: Answer, status: number, code: number, texts: ErrorTexts = {}): Answer {
  expectStatus(answer, status)
  expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8')
  expect(answer.body).toMatchObject({ status, code })
  for (const member of ['message', 'developerMessage', 'moreInfo']) {
    expect(answer.body[member], member).toEqual(expect.any(String))
    expect(answer.body[member], member).not.toBe('')
  }
  expect(answer.body.requestId).toMatch(UUID)
  for (const [member, text] of Object.entries(texts)) expect(answer.body[member]).toEqual(text)
  return answer
}

/** Exact texts, or matchers such as `expect.stringContaining`. */
export interface ErrorTexts {
  message?: unknown
  developerMessage?: unknown
}

const NOT_FOUND = 'The requested resource does not exist.'

export function expectNotFound(answer: Answer): Answer {
  return expectError(answer, 404, 404, { message: NOT_FOUND, developerMessage: NOT_FOUND })
}

function lowerCaseNames(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
