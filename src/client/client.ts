import type { Handler } from '../std/exchange.ts'
import { type Exchange, type Fetch, overFetch, overHandler } from './exchange.ts'
import { FirstLevel } from './first-level.ts'
import { Handle, read } from './handle.ts'
import { toBase64 } from './login-attempt.ts'
import type { EmailVerificationTokens } from './mail-links.ts'
import { createTransport, type Transport } from './transport.ts'
import type { CollectionName, CustomDataTypes, FirstLevelName } from './types/names.ts'
import type { Expand, ReadOptions } from './types/query.ts'
import type { FirstLevelCollection, Resource } from './types/resource.ts'

/** An API key of an administrator, as the service issued it. */
export interface ApiKeyPair {
  id: string
  secret: string
}

/** The same program in this process: what `createApp` returns. */
export interface Engine {
  /** Address under which the engine shows its resources. */
  readonly baseUrl: string
  readonly handle: Handler
  /** Taken where the options name no key. */
  readonly apiKey?: ApiKeyPair | undefined
}

interface CommonOptions {
  /** Longest time for one try of a request, in milliseconds. Default: 30,000. */
  timeout?: number
}

/** Over the network. */
export interface RemoteOptions extends CommonOptions {
  /** Where the service is: its base URL, with or without `/v1`. */
  url: string
  apiKey: ApiKeyPair
  /** Instead of the platform's own. */
  fetch?: Fetch
}

/** In this process: no network between. */
export interface EmbeddedOptions extends CommonOptions {
  engine: Engine
  /** May be left out where the engine brings one. */
  apiKey?: ApiKeyPair
}

export type ClientOptions = RemoteOptions | EmbeddedOptions

/** Everything the service has, by the names of its API. */
export type Client<C = {}> = {
  /** The tenant of the API key. */
  tenant<const E extends Expand<'tenant'> = never>(
    options?: ReadOptions<'tenant', E>,
  ): Promise<Resource<'tenant', E, C>>
  /** Verifies e-mail addresses by the tokens of mailed links. */
  readonly emailVerificationTokens: EmailVerificationTokens<C>
} & { readonly [N in FirstLevelName as CollectionName<N>]: FirstLevelCollection<N, C> }

/**
 * A client for the whole API, over the network or in this process: the same object either way.
 *
 * The type parameter says what you keep in custom data, by resource name.
 *
 * @throws {TypeError} when the URL is none
 * @example
 * const client = createClient<{ account: { plan?: string } }>({ url: 'https://users.example.com', apiKey })
 * const shop = await client.applications.create({ name: 'Shop' }, { createDirectory: true })
 *
 * const password = 'correct horse battery'
 * await shop.accounts.create({ email: 'joe@example.com', password, customData: { plan: 'pro' } })
 * const joe = await shop.authenticate({ login: 'joe@example.com', password })
 * await joe.update({ givenName: 'Joe' })
 *
 * for await (const account of shop.accounts.list({ email: '*@example.com', expand: ['customData', 'directory'] })) {
 *   console.log(account.givenName, account.directory.name, account.customData.data.plan)
 * }
 */
export function createClient<C extends CustomDataTypes = {}>(options: ClientOptions): Client<C> {
  return clientOver<C>(connect(options))
}

/** The way to the service alone, for what is no resource. @throws {TypeError} when the URL is none */
export function connect(options: ClientOptions): Transport {
  const { url, exchange, apiKey } = 'engine' in options ? embedded(options) : remote(options)
  return createTransport({
    base: toBase(url),
    exchange,
    authorization: `Basic ${toBase64(`${apiKey.id}:${apiKey.secret}`)}`,
    timeout: options.timeout ?? 30_000,
  })
}

/** A client over a way to the service. */
export function clientOver<C extends CustomDataTypes = {}>(transport: Transport): Client<C> {
  const known: Record<string, unknown> = {
    tenant: (options = {}) => read(transport, `${transport.base}/tenants/current`, options),
    emailVerificationTokens: new Handle(transport, `${transport.base}/accounts/emailVerificationTokens`),
  }
  // Any other name is a collection. Which there are is known to the types, so that the program carries no list of them.
  return new Proxy(known, {
    get(known, name) {
      const isNew = typeof name === 'string' && !(name in known)
      if (isNew) known[name] = new FirstLevel(transport, name)
      return Reflect.get(known, name)
    },
  }) as Client<C>
}

interface Place {
  url: string
  exchange: Exchange
  apiKey: ApiKeyPair
}

function remote({ url, apiKey, fetch: given }: RemoteOptions): Place {
  return { url, apiKey, exchange: overFetch(given ?? ((url, init) => fetch(url, init))) }
}

function embedded({ engine, apiKey = engine.apiKey }: EmbeddedOptions): Place {
  if (!apiKey) throw new TypeError('The engine brings no API key of its own: give one as apiKey.')
  return { url: engine.baseUrl, apiKey, exchange: overHandler(engine.handle, engine.baseUrl) }
}

function toBase(url: string): string {
  const base = new URL(url).href.replace(/\/+$/, '')
  return base.endsWith('/v1') ? base : `${base}/v1`
}
