import type { Entity } from '../resources/registry.ts'
import { encodeBase64url } from '../std/base64url.ts'
import { isId, requestId } from '../std/id.ts'
import { accounts } from './accounts.ts'
import type { Changes, Context, Services, Work } from './context.ts'
import { record } from './events/record.ts'

const KIND = 'owner-password'
const LIFETIME = 24 * 60 * 60 * 1000

type OpenWork = (tx: Work['tx'], context: Context) => Work

/** What a token lets its holder do: choose this account's password. */
export interface OwnerPasswordGrant {
  account: Entity<'account'>
  /** Shortest password the rules of its directory allow. */
  minLength: number
}

/** A new token with which the tenant's owner may choose a password, once, within 24 hours. */
export async function issueOwnerPasswordToken(
  services: Services,
  openWork: OpenWork,
  context: Context,
): Promise<string> {
  const secret = encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
  await services.store.write(async (tx) => {
    const work = openWork(tx, context)
    const id = (await tx.get('tenant', context.tenant, context.tenant))?.ownerAccount
    const owner = id && (await tx.get('account', context.tenant, id))
    if (!owner) throw new Error(`the tenant ${context.tenant} has no owner`)
    await tx.issue(context.tenant, KIND, secret, toPayload(owner), work.now + LIFETIME)
    const resource = { resource: 'account', id: owner.id } as const
    await record(work, { type: 'ownerPasswordToken.issued', resource, changed: [], facts: {} })
  })
  return `${context.tenant}.${secret}`
}

/** What a token is good for; undefined when it is worth nothing. Looking does not use it up. */
export async function readOwnerPasswordToken(
  { store, clock }: Services,
  token: string,
): Promise<OwnerPasswordGrant | undefined> {
  const { tenant, secret } = split(token)
  if (!isId(tenant)) return undefined
  const payload = await store.peek(tenant, KIND, secret, clock.now())
  const account = payload === undefined ? undefined : await store.get('account', tenant, ownerOf(payload))
  if (!account || toPayload(account) !== payload) return undefined
  const rules = await store.get('passwordStrength', tenant, account.directory)
  return rules && { account, minLength: rules.minLength }
}

/**
 * Uses a token up and sets the owner's password, both or neither.
 *
 * @returns false when the token is worth nothing, or somebody else used it first
 * @throws Problem when the password is refused; the token stays as it is
 */
export async function useOwnerPasswordToken(
  services: Services,
  openWork: OpenWork,
  token: string,
  password: string,
): Promise<boolean> {
  const grant = await readOwnerPasswordToken(services, token)
  if (!grant) return false
  const { account } = grant
  const { tenant, secret } = split(token)
  const context: Context = { tenant, actor: { kind: 'system', id: KIND }, requestId: requestId() }
  const changes: Changes<'account'> = { values: { password } }
  await accounts.prepareUpdate?.(services, context, account, changes)
  return services.store.write(async (tx) => {
    const work = openWork(tx, context)
    const before = await tx.lock('account', tenant, account.id)
    if (!before || (await tx.consume(tenant, KIND, secret, work.now)) !== toPayload(before)) return false
    await work.change('account', before, changes)
    return true
  })
}

/** The account, and the password it replaces: once that has changed, by another token or otherwise, it is worth nothing. */
const toPayload = ({ id, passwordModifiedAt }: Entity<'account'>): string => `${id} ${passwordModifiedAt}`
const ownerOf = (payload: string): string => payload.slice(0, payload.indexOf(' '))

function split(token: string): { tenant: string; secret: string } {
  const dot = token.indexOf('.')
  return { tenant: token.slice(0, Math.max(dot, 0)), secret: token.slice(dot + 1) }
}
