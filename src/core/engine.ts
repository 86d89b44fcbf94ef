import { isDigestOf } from '../crypto/compare.ts'
import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import { openApiKeySecret } from './api-keys.ts'
import { attemptLogin, type LoginAttempt, type LoginResult } from './authentication/login.ts'
import { behaviours } from './behaviours.ts'
import type { Behaviour, Changes, Condition, Context, Draft, Services, Work } from './context.ts'
import { mergeCustomData, removeCustomData } from './custom-data.ts'
import { composeMail } from './emails/compose.ts'
import type { RecipientQuery } from './emails/find-recipient.ts'
import { reportMailServerFailure } from './emails/mail-server-failures.ts'
import {
  finishPasswordReset,
  type PasswordReset,
  readPasswordReset,
  requestPasswordReset,
} from './emails/password-resets.ts'
import { isKnownAddress, notifyExistingOwner } from './emails/registrations.ts'
import {
  finishVerification,
  readVerification,
  resendVerification,
  verificationTokenOf,
} from './emails/verifications.ts'
import { type Claim, createIdempotency, type Idempotency } from './idempotency.ts'
import type { Counters } from './limits/counters.ts'
import { createLimits } from './limits/limits.ts'
import { createLoginGuard } from './limits/login-guard.ts'
import {
  issueOwnerPasswordToken,
  type OwnerPasswordGrant,
  readOwnerPasswordToken,
  useOwnerPasswordToken,
} from './owner-passwords.ts'
import type {
  ApiKeyStanding,
  Claimed,
  Criterion,
  CustomDataRecord,
  ListQuery,
  Message,
  Page,
  QueuedMail,
  Reader,
  Ref,
  Scope,
} from './ports.ts'
import { shownClientSecretOf } from './providers/directory-provider.ts'
import { logInWithProvider, type ProviderLogin } from './providers/log-in.ts'
import type { MirroredAccount } from './providers/mirror-account.ts'
import { showProviderData } from './providers/provider-tokens.ts'
import { type CreatedTenant, createTenant, type NewTenant } from './tenants.ts'
import type { TokenServices } from './tokens/grant.ts'
import { createTokens, type Tokens } from './tokens/tokens.ts'
import { type ClientApi, findClientApi } from './web-configs/client-api.ts'
import { domainNameOf } from './web-configs/labels.ts'
import { attemptDelivery, type PostResult, type WebhookPost } from './webhooks/attempts.ts'
import { queueDeliveries } from './webhooks/queue.ts'
import { type Replay, replayEvents, retryDelivery } from './webhooks/replays.ts'
import { openWebhookSecret, rotateWebhookSecret } from './webhooks/secrets.ts'
import { clearMembers, openWork } from './write.ts'

/** Everything the product can do, one position below every protocol. */
export interface Engine {
  /** Undefined when there is no such resource in the caller's tenant. */
  read<N extends ResourceName>(context: Context, resource: N, id: string): Promise<Entity<N> | undefined>
  list<N extends ResourceName>(context: Context, query: Omit<ListQuery<N>, 'tenant'>): Promise<Page<N>>
  /** @param claim - makes it happen once, inside of `once` */
  create<N extends ResourceName>(context: Context, resource: N, draft: Draft<N>, claim?: Claim): Promise<Entity<N>>
  /** A creation that its caller may repeat. */
  readonly once: Idempotency['once']
  /** @throws Problem notFound | preconditionFailed */
  update<N extends ResourceName>(
    context: Context,
    resource: N,
    id: string,
    changes: Changes<N>,
    condition?: Condition,
  ): Promise<Entity<N>>
  /** Deleting what existed and is gone is no error. @throws Problem notFound | preconditionFailed */
  remove(context: Context, resource: ResourceName, id: string, condition?: Condition): Promise<void>

  /** Deletes all members of a collection but `except`. Gives their number. */
  clear(context: Context, resource: ResourceName, scope: Scope, except?: string): Promise<number>

  customData(context: Context, owner: Ref): Promise<CustomDataRecord | undefined>
  /** Of many owners of one kind, by owner id. */
  customDataOf(context: Context, resource: ResourceName, ids: readonly string[]): Promise<Map<string, CustomDataRecord>>
  /** Merges members at the top level. @throws Problem notFound | preconditionFailed and the custom-data problems */
  mergeCustomData(
    context: Context,
    owner: Ref,
    members: Readonly<Record<string, unknown>>,
    condition?: Condition,
  ): Promise<CustomDataRecord>
  /** Removes one member, or all. @throws Problem notFound when the owner does not exist | preconditionFailed */
  removeCustomData(context: Context, owner: Ref, name?: string, condition?: Condition): Promise<void>

  /** The account of a user at an identity provider, and whether this made it (core/providers/log-in.ts). @throws Problem */
  logInWithProvider(context: Context, login: ProviderLogin): Promise<MirroredAccount>
  /** What the provider gave and told, in clear: JSON texts by attribute. */
  providerDataOf(data: Entity<'providerData'>): ReadonlyMap<string, string>
  /** The secret of the client at a provider, where the tenant's representations carry it. */
  shownClientSecretOf(provider: Entity<'provider'>): Promise<string | undefined>

  /** Guarded against guessing: whoever verifies a password for somebody else does it through this. */
  attemptLogin(context: Context, attempt: LoginAttempt): Promise<LoginResult>

  /** Tokens of applications. */
  readonly tokens: Tokens

  /** Mails a link on which the account chooses a new password. @throws Problem noMatch | passwordResetNotEnabled … */
  requestPasswordReset(context: Context, query: RecipientQuery): Promise<PasswordReset>
  /** Looking does not use it up. A token of another application than the given one is worth nothing. */
  readPasswordReset(context: Context, token: string, application?: string): Promise<PasswordReset | undefined>
  /** @throws Problem resetRequestUnknown and those of password rules */
  finishPasswordReset(
    context: Context,
    token: string,
    password: string,
    application?: string,
  ): Promise<Entity<'account'>>
  /** Mails the link anew that verifies an address. @throws Problem noMatch | verificationNotEnabled … */
  resendVerification(context: Context, query: RecipientQuery): Promise<void>
  /** The account whose address a token would verify. Looking does not use it up. */
  readVerification(context: Context, token: string): Promise<Entity<'account'> | undefined>
  /** @throws Problem notFound */
  finishVerification(context: Context, token: string): Promise<Entity<'account'>>
  /** The token that verifies the address of this account, while that is to be done. */
  verificationTokenOf(account: Entity<'account'>): string | undefined
  /** The host of an application's Client API; undefined where it has none. */
  domainNameOf(config: Pick<Entity<'webConfig'>, 'dnsLabel'>): string | undefined
  /** The Client API of this name, if it is offered. */
  clientApi(dnsLabel: string): Promise<ClientApi | undefined>
  /** A queued mail as it leaves; undefined when there is no reason left to send it. */
  composeMail(mail: QueuedMail): Promise<Message | undefined>
  /** Tells the owner of the tenant, once a day at most. */
  reportMailServerFailure(server: Entity<'smtpServer'>, reason: string): Promise<void>

  /** Puts what happened on its way to the webhooks that want it. */
  queueDeliveries(): Promise<void>
  /** Tries one of those. @throws Postponed when it is to be tried again */
  attemptDelivery(post: (post: WebhookPost) => Promise<PostResult>, item: Claimed): Promise<void>
  /** The clear secret of a webhook. */
  webhookSecretOf(webhook: Entity<'webhook'>): string
  /** A new secret; the present one signs too for `overlap` milliseconds. @throws Problem notFound */
  rotateWebhookSecret(context: Context, id: string, overlap: number): Promise<Entity<'webhook'>>
  /** Posts again what happened from one moment to another. @throws Problem notFound */
  replayEvents(context: Context, webhook: string, time: { from: number; to: number }): Promise<Replay>
  /** Posts one event again. @throws Problem notFound */
  retryDelivery(context: Context, id: string): Promise<void>

  /** The standing of an API key by id, for whoever verifies a request. */
  apiKeyStanding(id: string): Promise<ApiKeyStanding | undefined>
  /** Whether `secret` is this key's, in constant time. */
  isSecretOf(key: Entity<'apiKey'>, secret: string): boolean
  /** The clear secret of a key. */
  secretOf(key: Entity<'apiKey'>): string
  claimNonce(keyId: string, nonce: string, requestedAt: number, expiresAt: number): Promise<boolean>

  /** Makes a tenant with everything it starts with. Not reachable over REST. */
  createTenant(wanted: NewTenant): Promise<CreatedTenant>
  /** A new token with which the owner of the caller's tenant may choose a password, once, within 24 hours. */
  issueOwnerPasswordToken(context: Context): Promise<string>
  /** What a token is good for; undefined when it is worth nothing. Looking does not use it up. */
  readOwnerPasswordToken(token: string): Promise<OwnerPasswordGrant | undefined>
  /** Uses a token up and sets the password, both or neither; false when the token is worth nothing. @throws Problem */
  useOwnerPasswordToken(token: string, password: string): Promise<boolean>
  readonly services: Services
}

/** What an engine is made of; the rest of its services it makes itself. */
export type EngineParts = Omit<Services, 'limits' | 'signal'> &
  Partial<Pick<Services, 'signal'>> & {
    /** Where limits are counted that are not counted in the database; the memory of this process when absent. */
    counters?: Counters | undefined
  }

export function createEngine({ signal = () => {}, counters, ...parts }: EngineParts): Engine {
  const { store, clock } = parts
  const limits = createLimits({ store, clock, signal, counters })
  const services: Services = { ...parts, signal, limits }
  const guard = createLoginGuard(limits, services)
  const acts = <N extends ResourceName>(name: N) => behaviours[name] as Behaviour<N> | undefined
  const open = (tx: Work['tx'], context: Context) => openWork(tx, context, services, behaviours)
  const write = <T>(context: Context, unit: (work: Work) => Promise<T>) => store.write((tx) => unit(open(tx, context)))

  const logIn: TokenServices['logIn'] = (...login) => attemptLogin(services, guard, open, ...login)
  const withProvider: TokenServices['logInWithProvider'] = (...login) => logInWithProvider(services, open, ...login)

  return {
    services,
    once: createIdempotency(services).once,
    tokens: createTokens(services, { open, logIn, logInWithProvider: withProvider }),

    async read(context, resource, id) {
      const found = await readOne(store, context, resource, id)
      return found && hasEnded(services, resource, found) ? undefined : found
    },

    list: (context, query) => store.list({ ...query, ...stillThere(services, query), tenant: context.tenant }),

    async create(context, resource, draft, claim) {
      const prepared = { ...draft, values: { ...draft.values } }
      await acts(resource)?.prepare?.(services, context, prepared)
      try {
        return await write(context, async (work) => {
          await claim?.take(work)
          const entity = await work.insert(resource, prepared)
          await claim?.keep(work, { resource, entity })
          return entity
        })
      } catch (error) {
        const notify = prepared.options?.existing === 'notify' && isKnownAddress(error)
        if (notify && (await notifyExistingOwner(services, open, context, prepared as Draft<'account'>, claim))) {
          return refuse('ownerNotified', {})
        }
        throw error
      }
    },

    async update(context, resource, id, changes, condition) {
      const prepared = { ...changes, values: { ...changes.values } }
      const prepare = acts(resource)?.prepareUpdate
      if (prepare) {
        const before = (await readOne(store, context, resource, id)) ?? refuse('notFound', {})
        requireCondition(condition, before)
        await prepare(services, context, before, prepared)
      }
      return write(context, async (work) => {
        const locked = stored(resource) === false ? undefined : await work.tx.lock(resource, context.tenant, id)
        const before = locked ?? (await readOne(work.tx, context, resource, id)) ?? refuse('notFound', {})
        requireCondition(condition, before)
        return work.change(resource, before, prepared)
      })
    },

    remove: (context, resource, id, condition) =>
      write(context, async (work) => {
        const entity = await work.tx.lock(resource, context.tenant, id)
        if (entity) {
          requireCondition(condition, entity)
          return work.remove(resource, entity)
        }
        if (!(await work.tx.wasDeleted(resource, context.tenant, id))) refuse('notFound', {})
      }),

    clear: (context, resource, scope, except) => write(context, (work) => clearMembers(work, resource, scope, except)),

    customData: (context, owner) => store.customData(owner, context.tenant),
    customDataOf: (context, resource, ids) => store.customDataOf(resource, context.tenant, ids),
    mergeCustomData: (context, owner, members, condition) =>
      write(context, (work) => mergeCustomData(work, owner, members, 'existing', condition)),
    removeCustomData: (context, owner, name, condition) =>
      write(context, async (work) => void (await removeCustomData(work, owner, name, condition))),

    logInWithProvider: (context, login) => logInWithProvider(services, open, context, login),
    providerDataOf: (data) => showProviderData(services, data),
    shownClientSecretOf: (provider) => shownClientSecretOf(services, provider),

    attemptLogin: (context, attempt) => attemptLogin(services, guard, open, context, attempt),

    requestPasswordReset: (context, query) => requestPasswordReset(services, open, context, query),
    readPasswordReset: (context, token, application) => readPasswordReset(services, context, token, application),
    finishPasswordReset: (context, token, password, application) =>
      finishPasswordReset(services, open, context, token, password, application),
    resendVerification: (context, query) => resendVerification(services, open, context, query),
    readVerification: (context, token) => readVerification(services, context, token),
    finishVerification: (context, token) => finishVerification(services, open, context, token),
    verificationTokenOf: (account) => verificationTokenOf(services, account),
    domainNameOf: (config) => domainNameOf(services, config),
    clientApi: (dnsLabel) => findClientApi(services, dnsLabel),
    composeMail: (mail) => composeMail(services, mail),
    reportMailServerFailure: (server, reason) => reportMailServerFailure(services, open, server, reason),

    queueDeliveries: () => queueDeliveries(services),
    attemptDelivery: (post, item) => attemptDelivery(services, open, post, item),
    webhookSecretOf: (webhook) => openWebhookSecret(services, webhook),
    rotateWebhookSecret: (context, id, overlap) => rotateWebhookSecret(services, open, context, id, overlap),
    replayEvents: (context, webhook, time) => replayEvents(services, context, webhook, time),
    retryDelivery: (context, id) => retryDelivery(services, context, id),

    apiKeyStanding: (id) => store.apiKeyStanding(id),
    isSecretOf: (key, secret) => isDigestOf(key.secretDigest, secret),
    secretOf: (key) => openApiKeySecret(services, key),
    claimNonce: (...nonce) => store.claimNonce(...nonce),

    createTenant: (wanted) => createTenant(services, open, wanted),
    issueOwnerPasswordToken: (context) => issueOwnerPasswordToken(services, open, context),
    readOwnerPasswordToken: (token) => readOwnerPasswordToken(services, token),
    useOwnerPasswordToken: (token, password) => useOwnerPasswordToken(services, open, token, password),
  }
}

/** Asked of the locked state, so that of many who know the same state one changes it. */
function requireCondition(condition: Condition | undefined, { modifiedAt }: { modifiedAt: number }): void {
  if (condition && !condition(modifiedAt)) refuse('preconditionFailed', {})
}

/** What ends at a moment is gone then, though its row goes later. */
function hasEnded({ clock }: Services, resource: ResourceName, entity: Entity): boolean {
  const { expires }: Resource = registry[resource]
  return expires !== undefined && ((entity as Record<string, unknown>)[expires] as number) <= clock.now()
}

function stillThere(
  { clock }: Services,
  { resource, criteria = [] }: Omit<ListQuery, 'tenant'>,
): { criteria?: Criterion[] } {
  const { expires }: Resource = registry[resource]
  if (expires === undefined) return {}
  const from = { value: clock.now(), inclusive: false }
  return { criteria: [...criteria, { on: { attribute: expires }, match: 'range', from }] }
}

const stored = (name: ResourceName): Resource['stored'] => (registry[name] as Resource).stored

async function readOne<N extends ResourceName>(
  reader: Pick<Reader, 'get'>,
  context: Context,
  name: N,
  id: string,
): Promise<Entity<N> | undefined> {
  const found = stored(name) === false ? undefined : await reader.get(name, context.tenant, id)
  return found ?? (stored(name) === undefined ? undefined : readPart(reader, context, name, id))
}

/** A part without a row shows its owner's times and the declared defaults. */
async function readPart<N extends ResourceName>(
  reader: Pick<Reader, 'get'>,
  context: Context,
  name: N,
  id: string,
): Promise<Entity<N> | undefined> {
  for (const owner of Object.values(registry) as Resource[]) {
    if (!Object.values(owner.links).some((link) => link.kind === 'part' && link.target === name)) continue
    const found = await reader.get(owner.name as ResourceName, context.tenant, id)
    if (!found) continue
    const { id: own, tenant, createdAt, modifiedAt } = found
    const defaults = Object.entries((registry[name] as Resource).attributes).map(([key, attribute]) => [
      key,
      'default' in attribute ? attribute.default : null,
    ])
    return { id: own, tenant, createdAt, modifiedAt, ...Object.fromEntries(defaults) } as Entity<N>
  }
  return undefined
}
