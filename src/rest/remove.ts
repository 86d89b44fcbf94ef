import type { ResourceName } from '../resources/registry.ts'
import type { LightResponse } from '../std/exchange.ts'
import { type Call, idOf } from './call.ts'
import { conditionOf } from './conditional.ts'
import { noContent } from './headers.ts'

/** DELETE of one resource. What existed and is gone answers the same again (contract/rest.md 26). */
export async function remove(call: Call, { resource }: { resource: ResourceName }): Promise<LightResponse> {
  await call.engine.remove(call.context, resource, idOf(call), conditionOf(call))
  return noContent(call.context.requestId)
}
