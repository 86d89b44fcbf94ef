import { randomBytes } from 'node:crypto'
import { newHash } from '../core/accounts.ts'
import { behaviours } from '../core/behaviours.ts'
import type { Context, Services } from '../core/context.ts'
import { openWork } from '../core/write.ts'
import type { Entity } from '../resources/registry.ts'
import { requestId } from '../std/id.ts'

const kind = 'owner-password'
const lifetime = 24 * 60 * 60 * 1000

/** Where the page lives, under the service's origin. */
export const ownerPath = '/owner'

/** A new link on which a tenant's owner may choose a password, once, within 24 hours. */
export async function issueOwnerLink({ store, clock, origin }: Services, tenant: Entity<'tenant'>): Promise<string> {
  const account = tenant.ownerAccount
  if (!account) throw new Error(`the tenant ${tenant.key} has no owner`)
  const secret = randomBytes(32).toString('base64url')
  await store.write((tx) => tx.issue(tenant.id, kind, secret, account, clock.now() + lifetime))
  return `${origin}${ownerPath}?token=${tenant.id}.${secret}`
}

/** The account a token is for, and the shortest password it may have; undefined when the token is worth nothing. */
export async function readOwnerToken(
  services: Services,
  token: string,
): Promise<{ account: Entity<'account'>; minLength: number } | undefined> {
  const { store } = services
  const { tenant, secret } = split(token)
  const account = await store.get('account', tenant, (await peek(services, tenant, secret)) ?? '')
  const rules = account && (await store.get('passwordStrength', tenant, account.directory))
  return rules && { account, minLength: rules.minLength }
}

/**
 * Uses a token up and sets the owner's password, both or neither.
 * @returns false when somebody else used it first
 * @throws Problem when the password is refused; the token stays as it is
 */
export async function useOwnerToken(
  services: Services,
  token: string,
  account: Entity<'account'>,
  password: string,
): Promise<boolean> {
  const { tenant, secret } = split(token)
  const context: Context = { tenant, actor: { kind: 'system', id: kind }, requestId: requestId() }
  const hash = await newHash(services, context, password, account.directory)
  return services.store.write(async (tx) => {
    const work = openWork(tx, context, services, behaviours)
    if ((await tx.consume(tenant, kind, secret, work.now)) !== account.id) return false
    const before = await tx.lock('account', tenant, account.id)
    if (!before) return false
    await work.change('account', before, { values: { password: hash, passwordModifiedAt: work.now } })
    return true
  })
}

/** What a token would give to whoever consumes it. Consuming is the only question the store answers, so: ask and undo. */
async function peek({ store, clock }: Services, tenant: string, secret: string): Promise<string | undefined> {
  const undone = new Error('undone')
  let payload: string | undefined
  try {
    await store.write(async (tx) => {
      payload = await tx.consume(tenant, kind, secret, clock.now())
      throw undone
    })
  } catch (error) {
    if (error !== undone) throw error
  }
  return payload
}

function split(token: string): { tenant: string; secret: string } {
  const dot = token.indexOf('.')
  return { tenant: token.slice(0, Math.max(dot, 0)), secret: token.slice(dot + 1) }
}
