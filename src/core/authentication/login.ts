import type { Entity } from '../../resources/registry.ts'
import { Problem, type ProblemCode, refuse } from '../../schema/problems.ts'
import { expandStore, type OrderedStore, orderedStores, organizationNamed, type StoreRef } from '../account-stores.ts'
import type { Context, Services, Work } from '../context.ts'
import { tellOwnerOfPause } from '../emails/paused-logins.ts'
import { record } from '../events/record.ts'
import { contextOf } from '../limits/limits.ts'
import type { LoginGuard } from '../limits/login-guard.ts'
import { followLinks } from '../linking/follow-links.ts'
import type { Reader, Ref } from '../ports.ts'
import { isMirrored } from '../providers/mirror.ts'
import type { LoginOutcome } from '../signals.ts'

export interface LoginAttempt {
  application: string
  /** Username or e-mail address, any case. */
  login: string
  password: string
  /** Looks only there: a directory, group or organization mapped to the application, or an organization by nameKey. */
  accountStore?: StoreRef | { nameKey: string }
}

/** An expected answer, so a value: the account, or why not. */
export type LoginResult = { account: Entity<'account'> } | { refused: Problem }

/** An account, and the store in which it was found. */
export interface Candidate {
  account: Entity<'account'>
  found: OrderedStore
}

/**
 * The log-in algorithm of contract/rest.md 13.1. The first store that has the account decides. The password is
 * verified before any status is told, and an unknown account costs one verification too, so that neither the answer
 * nor its time tells a stranger more than "wrong". Who failed too often waits (limits/login-guard.ts), with or without an
 * account of that name.
 *
 * The account is the one it leads to by links (linking/follow-links.ts).
 *
 * @param succeeded joins the transaction of a log-in that succeeds; may run more than once, as every unit of work
 */
export async function attemptLogin(
  services: Services,
  guard: LoginGuard,
  openWork: (tx: Work['tx'], context: Context) => Work,
  context: Context,
  attempt: LoginAttempt,
  succeeded?: (work: Work, account: Entity<'account'>) => Promise<void>,
): Promise<LoginResult> {
  const application = await services.store.get('application', context.tenant, attempt.application)
  if (!application) return { refused: new Problem('notFound', {}) }
  if (application.status === 'DISABLED') return { refused: new Problem('applicationDisabled', {}) }
  const stores = await storesToSearch(services.store, context, attempt)
  if (stores instanceof Problem) return { refused: stores }

  const candidate = await findCandidate(services.store, context.tenant, stores, attempt.login)
  const account = candidate?.account
  const tell = (outcome: LoginOutcome) =>
    services.signal({
      type: 'login',
      outcome,
      application: application.id,
      ...(account && { account: account.id }),
      ...contextOf(context),
    })
  const admission = await guard.admit(context, {
    application: application.id,
    login: attempt.login,
    account: account?.id,
  })
  if (admission instanceof Problem) {
    tell('paused')
    return { refused: admission }
  }
  try {
    const refusal = await judge(services, context.tenant, candidate, attempt.password)
    const rehashed =
      account && !refusal && services.passwords.needsRehash(account.password)
        ? await services.passwords.hash(attempt.password)
        : undefined
    let reached: Entity<'account'> | undefined
    const unit = async (tx: Work['tx']) => {
      const work = openWork(tx, context)
      if (account && rehashed) await upgradeHash(work, account, rehashed)
      if (account && !refusal) {
        reached = await reachedBy(work, attempt, account)
        await succeeded?.(work, reached)
      }
      const resource = account
        ? ({ resource: 'account', id: account.id } as const)
        : ({ resource: 'application', id: application.id } as const)
      const type = refusal ? 'login.failed' : 'login.succeeded'
      await record(work, { type, resource, changed: [], facts: {} })
      if (!refusal) await admission.succeeded(tx)
      const paused = refusal && isWrong(refusal) ? await admission.failed(tx) : undefined
      if (paused && account) {
        await record(work, { type: 'login.paused', resource, changed: [], facts: {} })
        await tellOwnerOfPause(work, account.id, application.id, paused)
      }
      return paused
    }
    // Of two log-ins at once that make the account they lead to, the second finds it there.
    const paused = await services.store.write(unit).catch((error) => {
      if (!Problem.is(error, 'notUnique')) throw error
      return services.store.write(unit)
    })
    tell(refusal ? (isWrong(refusal) ? 'wrongCredentials' : 'refused') : 'ok')
    if (paused && account) {
      const { requestId, tenant } = context
      const { seconds } = paused
      services.signal({
        type: 'loginPaused',
        application: application.id,
        account: account.id,
        seconds,
        tenant,
        requestId,
      })
    }
    return refusal ? { refused: refusal } : { account: reached as Entity<'account'> }
  } catch (error) {
    if (Problem.is(error, 'overloaded')) tell('overloaded')
    if (Problem.is(error) && LINKED_AWAY.includes(error.code)) {
      tell('refused')
      return { refused: error }
    }
    throw error
  } finally {
    admission.leave()
  }
}

/** Why a log-in with the right password ends nowhere all the same: the account it is linked to may not be used. */
const LINKED_AWAY: readonly ProblemCode[] = ['accountDisabled', 'accountUnverified']

/** Where the log-in ends: in a linked account, if the account is still what its password was held against. */
async function reachedBy(
  work: Work,
  { application, accountStore }: LoginAttempt,
  account: Entity<'account'>,
): Promise<Entity<'account'>> {
  const organization = await organizationNamed(work.tx, work.context.tenant, accountStore)
  const reached = await followLinks(work, { application, organization }, account)
  if (reached !== account) await requireUnchanged(work, account)
  return reached
}

/**
 * Between the look at the password and this moment it may have been changed, or the account disabled, and the sessions
 * that there were ended: none may begin then on what was true before.
 * @throws Problem passwordIncorrect | accountDisabled
 */
export async function requireUnchanged({ tx }: Work, seen: Entity<'account'>): Promise<void> {
  const now = await tx.lock('account', seen.tenant, seen.id)
  if (now?.passwordModifiedAt !== seen.passwordModifiedAt) refuse('passwordIncorrect', {})
  if (now.status !== 'ENABLED') refuse('accountDisabled', {})
}

/** Whether the answer was a guess that failed, not a status in the way of the right password. */
function isWrong({ code }: Problem): boolean {
  return code === 'passwordIncorrect' || code === 'accountUnknown'
}

/** Verifies the password, then looks at what stands in the way. */
async function judge(
  { passwords, store }: Services,
  tenant: string,
  candidate: Candidate | undefined,
  password: string,
): Promise<Problem | undefined> {
  if (!candidate) {
    await passwords.verifyNothing(password)
    return new Problem('accountUnknown', {})
  }
  const { account } = candidate
  if (!(await passwords.verify(password, account.password))) return new Problem('passwordIncorrect', {})
  const disabled = await disabledStore(store, tenant, candidate)
  if (disabled) return new Problem(disabled, {})
  if (account.status === 'DISABLED') return new Problem('accountDisabled', {})
  if (account.status === 'UNVERIFIED') return new Problem('accountUnverified', {})
  return undefined
}

export async function disabledStore(
  reader: Reader,
  tenant: string,
  { account, found }: Candidate,
): Promise<(ProblemCode & ('organizationDisabled' | 'groupDisabled' | 'directoryDisabled')) | undefined> {
  if (found.organization) {
    const organization = await reader.get('organization', tenant, found.organization)
    if (organization?.status !== 'ENABLED') return 'organizationDisabled'
  }
  if (found.store.resource === 'group') {
    const group = await reader.get('group', tenant, found.store.id)
    if (group?.status !== 'ENABLED') return 'groupDisabled'
  }
  const directory = await reader.get('directory', tenant, account.directory)
  return directory?.status === 'ENABLED' ? undefined : 'directoryDisabled'
}

export async function storesToSearch(
  reader: Reader,
  { tenant }: Context,
  { application, accountStore }: Pick<LoginAttempt, 'application' | 'accountStore'>,
): Promise<OrderedStore[] | Problem> {
  const all = await orderedStores(reader, application, tenant)
  if (!accountStore) {
    return all.length > 0 ? all : new Problem('noStores', { owner: 'application' })
  }
  const target = await resolveTarget(reader, tenant, accountStore)
  if (!target) return new Problem('noMatch', { property: 'accountStore' })
  if (target.resource !== 'organization') {
    const mapped = all.find(({ store }) => store.resource === target.resource && store.id === target.id)
    return mapped ? [mapped] : new Problem('storeNotMapped', {})
  }
  const mapping = await reader.find(
    'accountStoreMapping',
    tenant,
    ['application', 'accountStore'],
    [application, target as Ref],
  )
  if (!mapping) return new Problem('storeNotMapped', {})
  const stores = await expandStore(reader, target, tenant)
  return stores.length > 0 ? stores : new Problem('noStores', { owner: 'organization' })
}

async function resolveTarget(
  reader: Reader,
  tenant: string,
  target: StoreRef | { nameKey: string },
): Promise<StoreRef | undefined> {
  if (!('nameKey' in target)) return (await reader.get(target.resource, tenant, target.id)) ? target : undefined
  const organization = await organizationNamed(reader, tenant, target)
  return organization === undefined ? undefined : { resource: 'organization', id: organization }
}

export async function findCandidate(
  reader: Reader,
  tenant: string,
  stores: readonly OrderedStore[],
  login: string,
): Promise<Candidate | undefined> {
  for (const found of stores) {
    const account = await findIn(reader, tenant, found.store, login)
    // One that only its provider logs in has no password to be right or wrong, nor one to be forgotten.
    if (account && !isMirrored(account)) return { account, found }
  }
  return undefined
}

async function findIn(
  reader: Reader,
  tenant: string,
  store: Ref<'directory' | 'group'>,
  login: string,
): Promise<Entity<'account'> | undefined> {
  if (store.resource === 'directory') return findByLogin(reader, tenant, store.id, login)
  const group = await reader.get('group', tenant, store.id)
  const account = group && (await findByLogin(reader, tenant, group.directory, login))
  if (!account) return undefined
  const membership = await reader.find('groupMembership', tenant, ['account', 'group'], [account.id, store.id])
  return membership && account
}

/** An address is an e-mail first: nobody shadows another's address by taking it as a username. */
async function findByLogin(
  reader: Reader,
  tenant: string,
  directory: string,
  login: string,
): Promise<Entity<'account'> | undefined> {
  const keys = login.includes('@') ? ['email', 'username'] : ['username', 'email']
  for (const key of keys) {
    const account = await reader.find('account', tenant, [key], [directory, login])
    if (account) return account
  }
  return undefined
}

/** Replaces an old hash unless the password changed meanwhile (contract/rest.md 13.5). */
async function upgradeHash(work: Work, account: Entity<'account'>, password: string): Promise<void> {
  const current = await work.tx.lock('account', account.tenant, account.id)
  if (current?.password === account.password) await work.tx.update('account', account.tenant, account.id, { password })
}
