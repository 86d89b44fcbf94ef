import type { Ref } from '../core/ports.ts'
import { scopeOf } from '../core/scope-of.ts'
import { type ResourceName, registry } from '../resources/registry.ts'
import type { ToMany } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import type { LightResponse } from '../std/exchange.ts'
import { type Call, idOf, paramOf } from './call.ts'
import { noContent } from './headers.ts'
import { requireOwner } from './list.ts'

/** DELETE of a collection: all its members, or all but the one whose id is `except`. */
export async function clear(
  call: Call,
  { resource, owner, link }: { resource: ResourceName; owner: ResourceName; link: string },
): Promise<LightResponse> {
  const from: Ref = { resource: owner, id: idOf(call) }
  await requireOwner(call, from)
  const scope = scopeOf((registry[owner] as Resource).links[link] as ToMany, from)
  await call.engine.clear(call.context, resource, scope, paramOf(call, 'except'))
  return noContent(call.context.requestId)
}
