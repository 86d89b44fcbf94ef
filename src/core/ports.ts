import type { Entity, ResourceName } from '../resources/registry.ts'
import type { View } from '../schema/link.ts'
import type { MailKind } from './emails/default-templates.ts'
import type { Rule, Usage } from './limits/rule.ts'

/** Points at any resource. */
export interface Ref<N extends ResourceName = ResourceName> {
  resource: N
  id: string
}

/** Which members a list is drawn from. */
export type Scope =
  /** Members whose link `by` points at `id`; `by: 'tenant'` is the whole tenant. */
  | { by: string; id: string }
  /** Members whose link `by` points at some `of` whose link `whose` points at `id`: mappings to the groups of a directory. */
  | { by: string; of: ResourceName; whose: string; id: string }
  /** Members at the far end of a joining resource. */
  | { through: ResourceName; from: string; to: string; id: string }
  /** A virtual collection as seen from `of`. */
  | { view: View; of: Ref }

/** One condition; all conditions of a query hold together. Text is compared by its folded form (std/fold). */
export type Criterion =
  | { on: Operand; match: 'equals' | 'prefix' | 'suffix' | 'contains'; text: string }
  | { on: Operand; match: 'is'; value: string | number | boolean }
  | { on: Operand; match: 'range'; from?: Bound; to?: Bound }

export interface Bound {
  /** Milliseconds for datetimes; for custom data a number, or the text of a date. */
  value: number | string
  inclusive: boolean
}

/** What a condition or an ordering looks at: an attribute by name, or a path into custom data (`['a', 'b']`). */
export type Operand = { attribute: string } | { customData: readonly string[] }

export interface ListQuery<N extends ResourceName = ResourceName> {
  resource: N
  tenant: string
  scope: Scope
  /** Text contained in any searchable text attribute. */
  q?: string
  criteria?: readonly Criterion[]
  /** Creation order when empty. */
  orderBy?: readonly { on: Operand; descending: boolean }[]
  offset: number
  limit: number
}

export interface Page<N extends ResourceName = ResourceName> {
  items: Entity<N>[]
  /** Number of all matches, independent of the page. */
  size: number
}

/** Custom data of one owner: `json` is the text of one object, every number as written. */
export interface CustomDataRecord {
  json: string
  createdAt: number
  modifiedAt: number
}

/** Reads outside of any write, each from a committed state. */
export interface Reader {
  get<N extends ResourceName>(resource: N, tenant: string, id: string): Promise<Entity<N> | undefined>
  /** By a declared unique key: values of its `of` in order, after the `within` id where it has one. Text is folded here. */
  find<N extends ResourceName>(
    resource: N,
    tenant: string,
    key: readonly string[],
    values: readonly (string | Ref)[],
  ): Promise<Entity<N> | undefined>
  list<N extends ResourceName>(query: ListQuery<N>): Promise<Page<N>>
  customData(owner: Ref, tenant: string): Promise<CustomDataRecord | undefined>
  /** Custom data of many owners of one kind in one go, for expansion on a collection. */
  customDataOf(resource: ResourceName, tenant: string, ids: readonly string[]): Promise<Map<string, CustomDataRecord>>
  /** The payload of a one-time thing that could be consumed now. Looking uses nothing up and promises nothing. */
  peek(tenant: string, kind: string, key: string, now: number): Promise<string | undefined>
  /** What a request that carried a key was answered; undefined when there was none, or long ago. */
  keptAnswer(tenant: string, id: string, now: number): Promise<KeptAnswer | undefined>
  /** What is used of the limits under these keys, in their order. */
  usages(tenant: string, keys: readonly UsageKey[]): Promise<(Usage | undefined)[]>
  /** Whether an event says that this id existed and was deleted. */
  wasDeleted(resource: ResourceName, tenant: string, id: string): Promise<boolean>
  /** Everything a request signed by an API key needs to know, in one read; undefined for an unknown key id. */
  apiKeyStanding(keyId: string): Promise<ApiKeyStanding | undefined>
  /** Whether an account may use an application, in one read; undefined when one of the two does not exist. */
  admission(tenant: string, application: string, account: string): Promise<Admission | undefined>
  /** The tenant of an application, for what anybody may ask. */
  tenantOfApplication(application: string): Promise<string | undefined>
  /** The application whose Client API has this name. */
  applicationOfLabel(dnsLabel: string): Promise<{ tenant: string; application: string } | undefined>
  /**
   * The oldest tenant of all; undefined in an empty store. For whoever starts and operates the service. Asked inside a
   * transaction, it keeps others from making one until that ends.
   */
  firstTenant(): Promise<Entity<'tenant'> | undefined>
}

/** What is remembered of a request that is done once. */
export interface KeptAnswer {
  /** Tells one request from another. */
  fingerprint: string
  /** Sealed for the table `idempotencyKey`, column `answer`. */
  answer: string
}

export interface AnswerClaim {
  tenant: string
  /** Digest of the key and of whose it is. */
  id: string
  fingerprint: string
  expiresAt: number
  now: number
}

/** For whom a limit is counted. Only the digest of `key` is stored. */
export interface UsageKey {
  /** The name of the limit: each is counted under one rule. */
  limit: string
  key: string
}

export interface ApiKeyStanding {
  key: Entity<'apiKey'>
  /** The key's account may log in to the tenant's console application, and all on the way is enabled. */
  administrator: boolean
}

/** What stands between an account and an application. */
export interface Admission {
  application: Entity<'application'>['status']
  account: Entity<'account'>['status']
  /** The account is in a store that the application maps, past nothing disabled. */
  admitted: boolean
}

/** The same reads inside a write, and the changes. Everything here happens at once or not at all. */
export interface Transaction extends Reader {
  /** Reads and keeps others from changing it until the transaction ends. */
  lock<N extends ResourceName>(resource: N, tenant: string, id: string): Promise<Entity<N> | undefined>
  /** @throws Problem notUnique | invalidReference */
  insert<N extends ResourceName>(resource: N, entity: Entity<N>): Promise<void>
  /** Writes the members of `changes`, false when the row is gone. @throws Problem notUnique */
  update<N extends ResourceName>(resource: N, tenant: string, id: string, changes: Partial<Entity<N>>): Promise<boolean>
  /** Deletes the row and all that declares `onDelete: 'delete'` towards it. False when it was not there. */
  remove(resource: ResourceName, tenant: string, id: string): Promise<boolean>
  /** Replaces the custom data of an owner; the search index follows for owners that are searchable by it. */
  putCustomData(owner: Ref, tenant: string, record: CustomDataRecord): Promise<void>
  append(event: Event): Promise<void>
  /** Puts something into the outbox; it is there for senders once the transaction is committed. */
  queue(item: Queued): Promise<void>
  /** Keeps a one-time thing until it is consumed or expires. `key` is a secret: only its digest is stored. */
  issue(tenant: string, kind: string, key: string, payload: string, expiresAt: number): Promise<void>
  /** The only way to use up a one-time thing: its payload to exactly one caller, undefined to all others and after expiry. */
  consume(tenant: string, kind: string, key: string, now: number): Promise<string | undefined>
  /** Takes a key for this transaction, once one that has it is over; false where it has an answer. */
  claimAnswer(claim: AnswerClaim): Promise<boolean>
  /** Keeps the answer under the key that this transaction took. */
  keepAnswer(tenant: string, id: string, answer: string): Promise<void>
  /** Counts one, atomically. */
  countUsage(tenant: string, key: UsageKey, rule: Rule, now: number): Promise<Usage>
  /** Counts one where there is room, atomically; undefined where there is none. For rules without a pause. */
  takeUsage(tenant: string, key: UsageKey, rule: Rule, now: number): Promise<Usage | undefined>
  forgetUsage(tenant: string, key: UsageKey): Promise<void>
}

/** What happened, thinly: never values, never secrets. */
export interface Event {
  id: string
  tenant: string
  /** Milliseconds. */
  at: number
  /** `account.created`, `group.updated`, `application.deleted`, `login.succeeded` … */
  type: string
  actor: Actor
  resource: Ref
  /** Names of the changed attributes. */
  changed: readonly string[]
  requestId: string
  /** Of the end user's address, where the application told it: `203.0.113.0/24`. */
  network?: string
  /** Old and new values sealed under the subject's key; absent where there is nothing to keep. */
  diff?: string
}

/** An event with its place in the log. */
export interface LoggedEvent {
  position: number
  /** Its link in the chain (events/chain.ts). */
  hash: string | null
  event: Event
}

/** Where the log of a tenant begins and ends. */
export interface ChainState {
  /** Of the last event; 0 before the first. */
  position: number
  /** The link of that event. */
  head: string
  /** Of the last event that was deleted by age. */
  removed: number
  removedHead: string
  /** Over all of these. */
  seal: string
}

/** An event as the feed tells it. */
export interface Change {
  position: number
  type: string
  resource: Ref
}

export interface Actor {
  kind: 'apiKey' | 'system'
  id: string
}

export interface Store extends Reader {
  /**
   * Runs one unit of work in a transaction and answers after it is durable. The unit touches nothing but its
   * transaction and awaits nothing else; it may run more than once (serialization failure).
   */
  write<T>(unit: (tx: Transaction) => Promise<T>): Promise<T>
  /** Marks a signed request's nonce as used: true for the first caller on any node, false after (defaults.md, Bounds). */
  claimNonce(keyId: string, nonce: string, requestedAt: number, expiresAt: number): Promise<boolean>
  /** Mails on their way out. */
  readonly outbox: Outbox
  readonly outboxes: Readonly<Record<Channel, Outbox>>
  /** Whether any directory of any tenant sends mail by itself. For whoever operates the service. */
  sendsMail(): Promise<boolean>
  /** Committed events after a position, in an order no late commit can slip into. */
  events(tenant: string, after: number, limit: number): Promise<LoggedEvent[]>
  /** Those of them that are numbered already. */
  loggedEvents(tenant: string, after: number, limit: number): Promise<LoggedEvent[]>
  chainState(tenant: string): Promise<ChainState>
  /** Shortens every log by what happened before `before`, at most `limit` events of each tenant. Gives their number. */
  removeEvents(before: number, limit: number): Promise<number>
  /** Webhooks that are on, of all tenants: whose they are, and the last position looked at. */
  webhookCursors(): Promise<WebhookCursor[]>
  /** Sealed values of every row, for rotation and verification of the key ring: calls back in batches. */
  resealAll(
    reseal: (sealed: string, place: { tenant: string; table: string; row: string; column: string }) => string,
  ): Promise<number>
  /** The same events, as far as the feed tells them. */
  changes(tenant: string, after: number, limit: number): Promise<Change[]>
  /** The position of the last committed event; 0 when there is none. */
  lastPosition(tenant: string): Promise<number>
  /** Ids of all tenants. For work that is done for all of them. */
  tenants(): Promise<string[]>
  /** Deletes what ended before `now`, at most `limit` of each kind in each tenant. Gives the number deleted. */
  removeExpired(now: number, limit: number): Promise<number>
  /** Throws when the store cannot answer. */
  ping(): Promise<void>
  /** What the clock of the database says, in milliseconds; undefined where it is that of this machine. */
  time(): Promise<number | undefined>
  close(): Promise<void>
}

export interface WebhookCursor {
  tenant: string
  id: string
  position: number
}

/** The ways on which something leaves the service by itself. */
export type Channel = 'mail' | 'webhook'

/** Something waiting to be sent: what it is about, not yet what it says. */
export interface Queued {
  id: string
  tenant: string
  channel: Channel
  /** What is sent, in the words of its channel. */
  kind: string
  /** Whom or what it is about: an account; of webhooks the webhook, whose deliveries are sent one after the other. */
  subject: string
  application: string | null
  /** JSON, sealed for the table `outbox`, column `payload`; empty where there is nothing to keep. */
  payload: string
  createdAt: number
  /** From then on it is not sent any more. */
  expiresAt: number
}

/** A mail waiting to be sent. */
export interface QueuedMail extends Omit<Queued, 'channel' | 'subject'> {
  kind: MailKind
  account: string
}

/** Something that this caller may try to send until its lease ends. */
export interface Claimed extends Queued {
  /** This attempt included, from 1. */
  attempts: number
  claim: string
}

/** How many are waiting, and how long. */
export interface OutboxCounts {
  waiting: number
  /** Given up, kept for a look at the reason. */
  dead: number
  /** When the longest waiting one was queued. */
  oldest: number | undefined
}

/**
 * What is on its way out on one channel, of all tenants. Each is claimed for a while by one sender of all processes; one
 * that dies lets its lease run out, and another follows. So it is sent once, and once more at most for each sender that
 * died between sending it and saying so.
 */
export interface Outbox {
  /** Claims up to `limit` that are due at `now`, until `until`. */
  claim(now: number, until: number, limit: number): Promise<Claimed[]>
  /** It is sent, or needs not be: it is forgotten. False when the lease had run out and another has it. */
  finish(item: Claimed): Promise<boolean>
  /** It is tried again at `dueAt`; never again when that is undefined, and its payload is forgotten. */
  fail(item: Claimed, error: string, dueAt: number | undefined): Promise<boolean>
  /** When the next is due; undefined when there is none. */
  nextDue(): Promise<number | undefined>
  /** Forgets those that were given up and queued before `before`. */
  purge(before: number): Promise<number>
  counts(): Promise<OutboxCounts>
}

export interface Mailbox {
  /** Empty for none. */
  name: string
  address: string
}

/** A mail as it leaves. */
export interface Message {
  id: string
  /** With its angle brackets. */
  messageId: string
  to: Mailbox
  from: Mailbox
  subject: string
  text?: string
  html?: string
}

/** A mail server as the domain knows it, the password in clear. */
export interface MailServer {
  host: string
  port: number
  username: string
  password: string
  securityProtocol: 'TLS' | 'SSL' | null
}

export type MailServerFault = 'unreachable' | 'unauthenticated' | 'insecure'

/** What the domain needs of whoever posts to webhooks. */
export interface Webhooks {
  /** Whether they may lie on private networks, and be reached without encryption. */
  allowPrivateTargets: boolean
}

/** What a directory says of its identity provider, the secret of the client in clear. */
export interface ProviderSettings
  extends Omit<
    Entity<'provider'>,
    'providerType' | 'clientId' | 'clientSecret' | 'id' | 'tenant' | 'createdAt' | 'modifiedAt'
  > {
  type: Exclude<Entity<'provider'>['providerType'], 'stormpath'>
  clientId: string
  clientSecret: string
}

/** What a page or an app got from a provider. */
export interface ProviderCredentials {
  /** To be exchanged for tokens, with the redirect URI and the verifier of PKCE with which it was asked for. */
  code?: string
  redirectUri?: string
  codeVerifier?: string
  accessToken?: string
  accessTokenSecret?: string
  idToken?: string
  /** What the ID token must carry: a random text of the browser session that asked for it. */
  nonce?: string
}

/** Undefined where the provider gave none. */
export interface ProviderTokens {
  accessToken?: string | undefined
  accessTokenSecret?: string | undefined
  refreshToken?: string | undefined
}

/** A user as a provider tells. */
export interface ProviderIdentity {
  /** Who it is there, whatever else changes; at most 2,000 characters. */
  subject: string
  attributes: Partial<Record<'email' | 'username' | 'givenName' | 'middleName' | 'surname', string>>
  /** The provider says that it verified this address. */
  isEmailVerified: boolean
  tokens: ProviderTokens
  /** The user in the provider's words; numbers as they were written (std/json). */
  userInfo: Readonly<Record<string, unknown>>
}

/** What the domain needs of whoever speaks with identity providers. */
export interface Providers {
  /**
   * Exchanges what somebody brought and asks whose it is, or says why that is not told: a reason for developers, with
   * nothing in it of what was sent or answered but the provider's own name for the error. Never inside a transaction.
   */
  identify(
    settings: ProviderSettings,
    credentials: ProviderCredentials,
  ): Promise<ProviderIdentity | { refused: string }>
}

/** What the domain needs of whoever sends mail. */
export interface Mail {
  /** Whether the service sends mail by itself; a tenant may have a server of its own all the same. */
  enabled: boolean
  from: Mailbox
  /** Connects and logs in, and sends nothing. Undefined when all is well. */
  check(server: MailServer): Promise<MailServerFault | undefined>
}
