import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Context, Services, Work } from '../context.ts'
import type { TokenServices } from './grant.ts'
import { insertSigningKey } from './signing-keys.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A key signs for this long (goal J9). */
const SIGNS_FOR = 90 * DAY
/** A new one is published so long before it signs: far longer than anybody keeps a JWK set. */
const PUBLISHED_BEFORE = DAY
/** One that no longer signs is kept at least so long, and until no token it signed is left. */
const KEPT_AFTER = HOUR
/** Keys looked at in one tenant at a time. */
const AT_ONCE = 1000

/**
 * Gives every application whose key has signed long enough its next one, and takes away keys whose last token has ended:
 * nobody is signed out. To be called now and then, by any number of nodes. Gives the number of keys made and taken away.
 */
export async function rotateSigningKeys({ services, open }: TokenServices): Promise<number> {
  const { store, clock } = services
  let changed = 0
  for (const tenant of await store.tenants()) {
    const context: Context = { tenant, actor: { kind: 'system', id: 'rotation' }, requestId: crypto.randomUUID() }
    for (const key of await agedKeys(services, tenant, clock.now() - SIGNS_FOR + PUBLISHED_BEFORE)) {
      if (await store.write((tx) => rotate(open(tx, context), key))) changed++
    }
  }
  return changed
}

async function agedKeys({ store }: Services, tenant: string, before: number): Promise<Entity<'signingKey'>[]> {
  const { items } = await store.list({
    resource: 'signingKey',
    tenant,
    scope: { by: 'tenant', id: tenant },
    criteria: [{ on: { attribute: 'activeAt' }, match: 'range', to: { value: before, inclusive: true } }],
    offset: 0,
    limit: AT_ONCE,
  })
  return items
}

/** The application is locked, so that of several nodes one acts and the others see what it did. */
async function rotate(work: Work, { id, application }: Entity<'signingKey'>): Promise<boolean> {
  const { tx, context, now } = work
  await tx.lock('application', context.tenant, application)
  const keys = await keysOf(work, application)
  const key = keys.find((one) => one.id === id)
  if (!key) return false
  const next = keys.filter(({ activeAt }) => activeAt > key.activeAt)
  if (next.length === 0) {
    await insertSigningKey(
      work,
      application,
      Math.max(now, key.activeAt + SIGNS_FOR - PUBLISHED_BEFORE) + PUBLISHED_BEFORE,
    )
    return true
  }
  const retired = next.some(({ activeAt }) => activeAt + KEPT_AFTER <= now)
  if (!retired || (await hasTokens(work, id))) return false
  await work.remove('signingKey', key)
  return true
}

/**
 * A new key at once, and the end of all others with every token they signed: for when a key may be in wrong hands.
 * @throws Problem notFound
 */
export async function withdrawSigningKeys(
  { services, open, signingKeys }: TokenServices,
  context: Context,
  application: string,
): Promise<void> {
  await services.store.write(async (tx) => {
    const work = open(tx, context)
    if (!(await tx.lock('application', context.tenant, application))) refuse('notFound', {})
    const old = await keysOf(work, application)
    await insertSigningKey(work, application, work.now)
    for (const key of old) await work.remove('signingKey', key)
  })
  signingKeys.forget(application)
}

async function keysOf({ tx, context }: Work, application: string): Promise<Entity<'signingKey'>[]> {
  const scope = { by: 'application', id: application }
  const { items } = await tx.list({ resource: 'signingKey', tenant: context.tenant, scope, offset: 0, limit: AT_ONCE })
  return items
}

async function hasTokens({ tx, context }: Work, key: string): Promise<boolean> {
  for (const resource of ['accessToken', 'refreshToken'] as const) {
    const scope = { by: 'signingKey', id: key }
    const { size } = await tx.list({ resource, tenant: context.tenant, scope, offset: 0, limit: 1 })
    if (size > 0) return true
  }
  return false
}
