import { toBody } from './body.ts'
import { toCustomData } from './custom-data.ts'
import { ResponseError } from './errors.ts'
import { createList, type List, type Page } from './list.ts'
import { type LoginAttempt, toLoginAttempt } from './login-attempt.ts'
import { type ProviderLogin, toProviderData } from './provider-login.ts'
import { toQuery } from './query.ts'
import { isReference } from './reference.ts'
import { Tokens } from './tokens.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Options of the call and, beside them, parameters of the query string. */
export type Options = CallOptions & Readonly<Record<string, unknown>>

/** Options of `clear`. */
export interface ClearOptions extends CallOptions {
  /** Id of a member to keep. */
  except?: string
}

/**
 * An address of the service and what may be done there. Every link and every resource is one; a resource carries its
 * data besides. As in HTTP, the verbs are the same everywhere: which of them a place offers is said by the types, and
 * those are read from the declarations, so that the running program needs none of them.
 */
export class Handle {
  readonly #transport: Transport
  readonly href: string

  constructor(transport: Transport, href: string) {
    this.#transport = transport
    this.href = href
  }

  get collection(): string {
    return segment(this.#transport, this.href, 0)
  }

  get id(): string {
    return segment(this.#transport, this.href, 1)
  }

  /** What lies here; of tokens, the one that is named. */
  get(what: string | Options = {}, options: Options = {}): Promise<Handle> {
    if (typeof what === 'string') return read(this.#transport, this.#below(what), options)
    return read(this.#transport, this.href, what)
  }

  /** Uses up a token; resolves to the account it is about. */
  async redeem(token: string, members: object = {}, options: Options = {}): Promise<Handle> {
    const answer = await write(this.#transport, this.#below(token), members, options)
    return (answer as Handle & { account?: Handle }).account ?? answer
  }

  async send(members: object, options: CallOptions = {}): Promise<void> {
    const body = toBody(members)
    await this.#transport.send({ method: 'POST', href: this.href, body, repeat: 'refused', ...options })
  }

  refresh(options: Options = {}): Promise<Handle> {
    return this.get(options)
  }

  update(changes: object, options: Options = {}): Promise<Handle> {
    return write(this.#transport, this.href, changes, options)
  }

  async delete(options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ method: 'DELETE', href: this.href, repeat: 'always', ...options })
  }

  create(draft: object = {}, options: Options = {}): Promise<Handle> {
    return write(this.#transport, this.href, draft, options, 'create')
  }

  list(query: Options = {}): List<Handle> {
    return list(this.#transport, this.href, query)
  }

  get tokens(): Tokens {
    return new Tokens(this.#transport, this.href)
  }

  async clear({ except, ...options }: ClearOptions = {}): Promise<void> {
    const query = except === undefined ? '' : `except=${encodeURIComponent(except)}`
    await this.#transport.send({ method: 'DELETE', href: this.href, query, repeat: 'always', ...options })
  }

  #below(name: string): string {
    return `${this.href}/${encodeURIComponent(name)}`
  }

  async register(this: Handle & { accounts: Handle }, draft: object, options: Options = {}) {
    try {
      return await this.accounts.create(draft, { ...options, existing: 'notify' })
    } catch (error) {
      if (error instanceof ResponseError && error.status === 202) return undefined
      throw error
    }
  }

  logInWithProvider(this: Handle & { accounts: Handle }, login: ProviderLogin, options: Options = {}) {
    return this.accounts.create(toProviderData(login), options)
  }

  async authenticate(this: Handle & { loginAttempts: Handle }, attempt: LoginAttempt, options?: CallOptions) {
    const answer = await this.#transport.send({
      method: 'POST',
      href: this.loginAttempts.href,
      query: 'expand=account',
      body: toBody(toLoginAttempt(attempt)),
      repeat: 'refused',
      expects: 'account',
      ...options,
    })
    return toResource(this.#transport, (answer as { account: Representation }).account)
  }
}

/** What the service says of a resource: its address and, unless it is only a link, its attributes and links. */
type Representation = Readonly<Record<string, unknown>> & { readonly href: string }

/** Reads one resource. */
export async function read(transport: Transport, href: string, options: Options): Promise<Handle> {
  const { signal, timeout, source, idempotencyKey: _, ...parameters } = options
  const query = toQuery(parameters)
  const call = { method: 'GET', href, query, repeat: 'always', expects: 'href', signal, timeout, source } as const
  return toResource(transport, await transport.send(call))
}

/** Creates or updates one resource. */
export async function write(
  transport: Transport,
  href: string,
  members: object,
  options: Options,
  what: 'create' | 'update' = 'update',
): Promise<Handle> {
  const { signal, timeout, source, idempotencyKey, ...parameters } = options
  const query = toQuery(parameters)
  const body = toBody(members)
  const isOnce = what === 'create' && idempotencyKey !== undefined
  // What is read along is read after the write, and may be refused when the write is done.
  const repeat = isOnce ? 'always' : parameters.expand ? 'never' : 'refused'
  const asked = { signal, timeout, source, ...(isOnce && { idempotencyKey }) }
  const call = { method: 'POST', href, query, body, repeat, expects: 'href', ...asked } as const
  return toResource(transport, await transport.send(call))
}

/** The members of a collection that match. */
export function list(transport: Transport, href: string, options: Options): List<Handle> {
  const { signal, timeout, source, idempotencyKey: _, offset: start, limit: most, ...filter } = options
  const readPage = async (offset: number, limit: number) => {
    const query = toQuery({ ...filter, offset, limit })
    const call = { method: 'GET', href, query, repeat: 'always', expects: 'items', signal, timeout, source } as const
    return toPage(transport, await transport.send(call))
  }
  return createList(readPage, { offset: start as number, limit: most as number })
}

/** A resource from its representation: a handle that carries the attributes, and each link as a handle of its own. */
function toResource(transport: Transport, json: unknown): Handle {
  const members = json as Representation
  const resource = new Handle(transport, members.href)
  if (!('id' in members)) define(resource, 'id', resource.id)
  for (const name in members) if (name !== 'href') define(resource, name, toMember(transport, name, members[name]))
  Object.freeze(resource)
  return resource
}

/** An object with an address is a link; one with more than an address was read along. (contract/rest.md §1.14) */
function toMember(transport: Transport, name: string, value: unknown): unknown {
  if (!isReference(value)) return value
  if (name === 'customData') return toCustomData(transport, value)
  if (Object.keys(value).length === 1) return new Handle(transport, value.href)
  if ('items' in value && 'limit' in value)
    return Object.assign(new Handle(transport, value.href), toPage(transport, value))
  return toResource(transport, value)
}

function toPage(transport: Transport, json: unknown): Page<Handle> {
  const { items, offset, limit, size } = json as Page<unknown>
  return { items: items.map((item) => toResource(transport, item)), offset, limit, size }
}

/** An attribute may bear any name: one that every handle has is covered, not assigned to. Assigning is much faster. */
function define(resource: object, name: string, value: unknown): void {
  if (name in resource) Object.defineProperty(resource, name, { value, enumerable: true })
  else (resource as Record<string, unknown>)[name] = value
}

function segment({ base }: Transport, href: string, index: number): string {
  return href.slice(base.length + 1).split('/')[index] ?? ''
}
