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
export function operatorContext(tenant: Entity<'tenant'>): Context {
  return { tenant: tenant.id, actor: { kind: 'system', id: 'operator' }, requestId: requestId() }
}
