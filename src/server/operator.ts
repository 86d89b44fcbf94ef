import type { Context, Services } from '../core/context.ts'
import type { Entity } from '../resources/registry.ts'
import { requestId } from '../std/id.ts'
import { Mistake } from './mistake.ts'

/**
 * The tenant that commands work on.
 * @throws Mistake when the service has never been started
 */
export async function requireTenant({ store }: Services): Promise<Entity<'tenant'>> {
  const tenant = await store.firstTenant()
  if (!tenant) throw new Mistake('there is no tenant in this database yet', 'latchkey serve, which makes one')
  return tenant
}

/** On behalf of whoever holds the machine. */
export const operatorContext = ({ id }: Entity<'tenant'>): Context => contextOf(id)

/** The same for a tenant of which only the id is known. */
export function contextOf(tenant: string): Context {
  return { tenant, actor: { kind: 'system', id: 'operator' }, requestId: requestId() }
}
