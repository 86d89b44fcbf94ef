import type { Registry, ResourceName } from '../../resources/registry.ts'
import type { Representation } from '../../schema/infer.ts'
import type { CustomData, ReadCustomData } from '../custom-data.ts'
import type { ClearOptions } from '../handle.ts'
import type { List, Page } from '../list.ts'
import type { LoginAttempt } from '../login-attempt.ts'
import type { ActionLinks } from '../mail-links.ts'
import type { ProviderLogin } from '../provider-login.ts'
import type { Reference } from '../reference.ts'
import type { Tokens } from '../tokens.ts'
import type { CallOptions } from '../transport.ts'
import type { Changes, CreateOptions, Draft, IsPlaced } from './draft.ts'
import type { Attributes, CollectionName, CustomDataOf, Links, ShownLinks, TenantLink } from './names.ts'
import type { Expand, Expanded, ListQuery, ReadOptions } from './query.ts'

type Operations<N extends ResourceName> = Registry[N]['operations'][number]

/**
 * A resource as it was read: attributes, links, and what may be done with it. Links named in `E` were read along. The
 * object never changes; `update` and `refresh` resolve to a new one.
 *
 * @example
 * const account = await client.accounts.get(id, { expand: ['directory'] })
 * account.email
 * account.directory.name // compiles only because of `expand`
 * for await (const group of account.groups.list()) console.log(group.name)
 */
export type Resource<N extends ResourceName, E extends Expand<N> = never, C = {}> = Link<N, C> &
  Representation<Attributes<N>> &
  Members<N, Expanded<E>, C> &
  Actions<N, C> &
  Seen<N, C>

interface Seen<in out N extends ResourceName, in out C> {
  /** ISO 8601, UTC, milliseconds. */
  readonly createdAt: string
  /** ISO 8601, UTC, milliseconds. */
  readonly modifiedAt: string
  /** Reads it again: `get`, under the name that fits what one already has. */
  refresh: Readable<N, C>['get']
}

/** Where a resource is, and what may be done with it unread. */
export type Link<N extends ResourceName, C = {}> = Located<N> &
  Readable<N, C> &
  ('update' extends Operations<N> ? Updatable<N, C> : unknown) &
  ('delete' extends Operations<N> ? Deletable : unknown) &
  OwnTokens<N>

// What links are made of are interfaces, one for each verb, that say how they vary. The compiler then takes them by name;
// literals, and a choice of members, it follows from link to link through all resources.
interface Located<in out N extends ResourceName> {
  readonly href: string
  readonly id: string
  /** The collection it belongs to, `directories` for instance; tells apart what a link with several targets leads to. */
  readonly collection: CollectionName<N>
}

/** What applications have besides: the token endpoint and its neighbours. */
type OwnTokens<N extends ResourceName> = N extends 'application' ? WithTokens : unknown

interface WithTokens {
  readonly tokens: Tokens
}

interface Readable<in out N extends ResourceName, in out C> {
  /** Reads it. @throws {ApiError} 404 when it is gone */
  get<const E extends Expand<N> = never>(options?: ReadOptions<N, E>): Promise<OneOf<N, E, C>>
}

interface Updatable<in out N extends ResourceName, in out C> {
  /** Writes these attributes and leaves the others alone. Resolves to the resource as it is now. */
  update<const E extends Expand<N> = never>(
    changes: Changes<N, C>,
    options?: ReadOptions<N, E>,
  ): Promise<OneOf<N, E, C>>
}

interface Deletable {
  /** Deletes it with all that depends on it. Deleting what is already gone is no error. */
  delete(options?: CallOptions): Promise<void>
}

/** A resource of one of several kinds. */
type OneOf<N extends ResourceName, E, C> = N extends ResourceName ? Resource<N, E & Expand<N>, C> : never

type Members<N extends ResourceName, E, C> = {
  readonly [K in keyof ShownLinks<N>]: K extends keyof ActionLinks<C>
    ? ActionLinks<C>[K]
    : Member<N, ShownLinks<N>[K], K extends E ? true : false, C>
}
type Member<N, L, Read, C> = L extends { kind: 'one'; targets: readonly (infer T extends ResourceName)[] }
  ? One<T, Read, C> | (L extends { required: true } ? never : null)
  : L extends { kind: 'part'; target: infer T extends ResourceName }
    ? T extends 'customData'
      ? OwnData<CustomDataOf<N, C>, Read>
      : One<T, Read, C>
    : L extends { kind: 'many'; target: infer T extends ResourceName }
      ? Collection<T, C, L> & (Read extends true ? Page<Resource<T, never, C>> : unknown)
      : L extends { kind: 'secret' }
        ? Reference | null
        : Reference
type One<T extends ResourceName, Read, C> = Read extends true ? OneOf<T, never, C> : Link<T, C>
type OwnData<T, Read> = Read extends true ? ReadCustomData<T> : CustomData<T>

/** The link of a new member that the place of its creation settles. */
type Settled<L> = L extends { source: { by: infer K extends string } } ? K : never

interface Listable<in out N extends ResourceName, in out C, in out L> {
  /** The members that match; nothing is fetched until something is taken from the list. */
  list<const E extends Expand<N> = never>(query?: ListQuery<N, E, L>): List<Resource<N, E, C>>
}

interface Creatable<in out N extends ResourceName, in out C, in out L> {
  /** Creates a member. Never sent twice by itself: after a `NetworkError` look whether it is there. */
  create<const E extends Expand<N> = never>(
    ...draft: {} extends Draft<N, C, Settled<L>>
      ? [draft?: Draft<N, C, Settled<L>>, options?: CreateOptions<N, E>]
      : [draft: Draft<N, C, Settled<L>>, options?: CreateOptions<N, E>]
  ): Promise<Resource<N, E, C>>
}

interface Clearable {
  /** Deletes all members, or all but one. */
  clear(options?: ClearOptions): Promise<void>
}

/** A collection that a resource links to: `directory.accounts`. */
export type Collection<N extends ResourceName, C = {}, L = {}> = Reference &
  Listable<N, C, L> &
  (L extends { create: false } ? unknown : Creatable<N, C, L>) &
  (L extends { clear: true } ? Clearable : unknown)

/** All resources of one kind in the tenant: `client.accounts`. */
export type FirstLevelCollection<N extends ResourceName, C = {}> = {
  readonly href: string
  /** Reads one by its id or address. @throws {ApiError} 404 when there is none */
  get<const E extends Expand<N> = never>(idOrHref: string, options?: ReadOptions<N, E>): Promise<Resource<N, E, C>>
  /** The resource with this id or address, unread: to change, delete or name it without reading it. */
  link(idOrHref: string): Link<N, C>
} & ([TenantLink<N>] extends [never] ? unknown : Listable<N, C, TenantLink<N>>) &
  (IsPlaced<N> extends true ? ('create' extends Operations<N> ? Creatable<N, C, TenantLink<N>> : unknown) : unknown)

type Actions<N extends ResourceName, C> = (N extends 'application' | 'organization' ? Registration<C> : {}) &
  (Links<N> extends { loginAttempts: { kind: 'action' } } ? LoginAction<C> : {})

interface Registration<C> {
  /**
   * Creates an account for a front channel, which must not tell whether an address has one: where addresses are verified,
   * a known one is no error, its owner is mailed "you already have an account", and this resolves to undefined. Show the
   * same page for both. (decisions/0016)
   *
   * @throws {ApiError} 2001 for a known username, and for a known address where nothing is verified
   */
  register<const E extends Expand<'account'> = never>(
    draft: Draft<'account', C>,
    options?: Omit<CreateOptions<'account', E>, 'existing'>,
  ): Promise<Resource<'account', E, C> | undefined>
}

interface LoginAction<C> {
  /**
   * Checks a login and password against the application's account stores, in their order, and resolves to the account.
   *
   * @throws {ApiError} 7100 wrong password, 7104 unknown account, 7101 disabled, 7102 unverified … `message` does not
   * tell the first two apart and may be shown. (contract/rest.md §13.1)
   */
  authenticate(attempt: LoginAttempt, options?: CallOptions): Promise<Resource<'account', never, C>>
  /**
   * The account of a user of an identity provider whose directory is mapped; it is made if there is none.
   *
   * @throws {ApiError} 5201 no such directory, 7200 the provider refused, 7201 it tells no address
   */
  logInWithProvider(login: ProviderLogin, options?: CallOptions): Promise<Resource<'account', never, C>>
}
