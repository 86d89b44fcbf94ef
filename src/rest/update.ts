import type { Changes } from '../core/context.ts'
import { type ResourceName, registry } from '../resources/registry.ts'
import { parseBody } from '../schema/parse.ts'
import type { LightResponse } from '../std/exchange.ts'
import { parseHelpers } from './body.ts'
import { type Call, idOf, reply } from './call.ts'
import { conditionOf } from './conditional.ts'
import { presentOne, tagged, viewOf } from './present.ts'

/** POST to one resource: changes what the body names and leaves the rest (contract/rest.md 1.7). */
export async function update<N extends ResourceName>(
  call: Call,
  { resource }: { resource: N },
): Promise<LightResponse> {
  const view = viewOf(call, registry[resource])
  const changes = parseBody(registry[resource], call.body, 'update', parseHelpers(call))
  const entity = await call.engine.update(call.context, resource, idOf(call), changes as Changes<N>, conditionOf(call))
  const location = call.representations.hrefOf(resource, entity.id)
  return tagged(reply(call, 200, await presentOne(call, resource, entity, view), location), entity, view)
}
