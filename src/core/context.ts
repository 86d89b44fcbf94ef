import type { Passwords } from '../crypto/passwords/passwords.ts'
import type { Seal } from '../crypto/seal.ts'
import type { Entity, ResourceName } from '../resources/registry.ts'
import type { Clock } from '../std/clock.ts'
import type { Ids } from '../std/id.ts'
import type { Hrefs } from './href.ts'
import type { Limits } from './limits/limits.ts'
import type { BreachedPasswords, PasswordRule } from './policies/new-password.ts'
import type { Actor, Mail, Providers, Ref, Store, Transaction, Webhooks } from './ports.ts'
import type { Listen } from './signals.ts'

/** On whose behalf the engine is asked. Everything it touches stays inside `tenant`. */
export interface Context {
  tenant: string
  actor: Actor
  requestId: string
  /** Where the end user is on whose behalf the caller asks, as far as the caller says. */
  source?: Source
}

/** What an application knows of its user's end of the line; believed because its API key is. */
export interface Source {
  /** IP address. */
  address?: string
  userAgent?: string
  /** Something only this browser or app has and shows again, such as the value of a cookie. */
  device?: string
}

/** Who makes a request: an administrator of `tenant`, by an API key. */
export interface Caller {
  tenant: string
  key: Entity<'apiKey'>
  actor: Actor
}

/** What the engine is built from. */
export interface Services {
  store: Store
  clock: Clock
  ids: Ids
  passwords: Passwords
  seal: Seal
  limits: Limits
  /** Hears at once what operators watch. */
  signal: Listen
  breachedPasswords: BreachedPasswords
  /** The application's own, where it is embedded. */
  passwordRule?: PasswordRule | undefined
  mail: Mail
  webhooks: Webhooks
  providers: Providers
  /** Scheme, host and port under which browsers reach the service. */
  origin: string
  /** Below it every application has a host name of its own for its Client API. */
  appsDomain: string
  /** The addresses of resources, as tokens name them. */
  hrefs: Hrefs
}

/** One transaction under way, as every behaviour sees it. */
export interface Work {
  tx: Transaction
  context: Context
  services: Services
  /** The moment of the whole transaction, in milliseconds. */
  now: number
  /** Writes a new resource with everything that comes with it: parts, custom data, event. */
  insert<N extends ResourceName>(name: N, draft: Draft<N>): Promise<Entity<N>>
  /** Changes a resource; `before` is its locked current state. Returns the new state. */
  change<N extends ResourceName>(name: N, before: Entity<N>, changes: Changes<N>): Promise<Entity<N>>
  /** Deletes a resource with all that hangs on it. */
  remove<N extends ResourceName>(name: N, entity: Entity<N>): Promise<void>
}

/** JSON members of custom data; numbers that JavaScript cannot hold are raw JSON (std/json). */
export type CustomDataMembers = Readonly<Record<string, unknown>>

export interface CreateOptions {
  /** Create and map a directory too: named after the resource, or as given (applications, organizations). */
  createDirectory?: true | string
  /** The password is a hash to import. */
  passwordFormat?: 'mcf'
  /** False leaves out verification and mails; otherwise the directory's policy holds. */
  registrationWorkflowEnabled?: boolean
  /** `notify`: an address that has an account answers like a new one, and its owner is mailed (accounts). */
  existing?: 'notify'
}

/** What is asked to be created: attributes and links already parsed, ids instead of hrefs. */
export interface Draft<N extends ResourceName = ResourceName> {
  values: Partial<Entity<N>>
  customData?: CustomDataMembers
  /** Parts that came nested, by the name of their resource. */
  parts?: Readonly<Partial<Record<string, PartDraft>>>
  /** The application or organization through which it is created: its default store decides where it goes. */
  via?: Ref
  /** The group a new account joins, because that group is the default store. */
  joins?: string
  options?: CreateOptions
}

/** A part that comes with a creation of its owner. */
export interface PartDraft {
  values: Record<string, unknown>
  parts?: Readonly<Partial<Record<string, PartDraft>>>
}

export interface Changes<N extends ResourceName = ResourceName> {
  values: Partial<Entity<N>>
  customData?: CustomDataMembers
}

/**
 * What one kind of resource does beyond create, read, update, delete. Steps before the transaction may hash and
 * read; steps inside touch nothing but their work.
 */
export interface Behaviour<N extends ResourceName = ResourceName> {
  /** Before the transaction of a creation: resolves, hashes, refuses early; completes `draft.values`. */
  prepare?(services: Services, context: Context, draft: Draft<N>): Promise<void>
  /** Before the row is written; may set members of `entity`. */
  creating?(work: Work, entity: Entity<N>, draft: Draft<N>): Promise<void>
  /** After the row is written. */
  created?(work: Work, entity: Entity<N>, draft: Draft<N>): Promise<void>
  /** Attributes of parts that are not their declared defaults. */
  partValues?(work: Work, entity: Entity<N>): Promise<Partial<Record<ResourceName, Record<string, unknown>>>>
  /** Before the transaction of an update. */
  prepareUpdate?(services: Services, context: Context, before: Entity<N>, changes: Changes<N>): Promise<void>
  /** Before the row is changed; may add to `values`. */
  updating?(work: Work, before: Entity<N>, values: Partial<Entity<N>>): Promise<void>
  /** Before the row is deleted. */
  deleting?(work: Work, entity: Entity<N>): Promise<void>
}

/** What the caller demands of a resource that is to be changed: told by the moment of its last change. */
export type Condition = (modifiedAt: number) => boolean

/** By kind of resource; absent where there is nothing but create, read, update and delete. */
export type Behaviours = { readonly [N in ResourceName]?: Behaviour<N> }
