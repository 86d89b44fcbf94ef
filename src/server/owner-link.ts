import type { Engine } from '../core/engine.ts'
import type { Entity } from '../resources/registry.ts'
import { operatorContext } from './operator.ts'

/** Where the page lives, under the service's origin. */
export const ownerPath = '/owner'

/** A new link on which a tenant's owner may choose a password, once, within 24 hours. */
export async function issueOwnerLink(engine: Engine, tenant: Entity<'tenant'>): Promise<string> {
  const token = await engine.issueOwnerPasswordToken(operatorContext(tenant))
  return `${engine.services.origin}${ownerPath}?token=${token}`
}
